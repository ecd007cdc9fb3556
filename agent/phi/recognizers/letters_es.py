"""Letters by their Spanish names: "zeta a eme be erre a ene o" spells a surname, "ele cuatro siete nueve equis be" a plate."""

from collections.abc import Iterable

from agent.phi.looks import bare
from agent.phi.numerals import is_number
from agent.phi.utterance import Found, Utterance

_NAMED = frozenset(
    [
        "be",
        "ce",
        "efe",
        "ge",
        "hache",
        "jota",
        "ka",
        "ele",
        "eme",
        "ene",
        "eñe",
        "pe",
        "cu",
        "erre",
        "ere",
        "equis",
        "ye",
        "uve",
        "zeta",
    ]
)
_WORDS_TOO = frozenset(["a", "de", "e", "i", "o", "u", "te", "ve", "ese", "doble", "griega", "y"])
_FEWEST = 4
_FEWEST_FIGURES = 2


def letters_by_name(said: Utterance) -> Iterable[Found]:
    """Yield runs of letters' names; with figures among them they are an id."""
    at = 0
    while at < len(said.tokens):
        end = _run_end(said, at)
        tokens = [token for token in said.tokens[at:end] if token.is_word or is_number(token, said.lang)]
        figures = sum(is_number(token, said.lang) for token in tokens)
        named = sum(bare(token) in _NAMED for token in tokens)
        start, stop = said.tokens[at].start, said.tokens[max(end, at + 1) - 1].end
        if named > 1 and len(tokens) >= _FEWEST and (not figures or figures >= _FEWEST_FIGURES):
            yield Found(start=start, end=stop, kind="OTHER" if figures else "PERSON", score=0.8)
        at = max(end, at + 1)


def _run_end(said: Utterance, start: int) -> int:
    """Return the token after a run of letters' names and figures, with commas between."""
    end = at = start
    while at < len(said.tokens):
        token = said.tokens[at]
        low = bare(token)
        if low in _NAMED | _WORDS_TOO or is_number(token, said.lang):
            end = at = at + 1
        elif end > start and token.text in ",-":
            at += 1
        else:
            break
    return end
