"""Clinical words that look like names: medicines, eponyms, acronyms, scores. Nobody is identified by them."""

from collections.abc import Iterable
from functools import cache

from agent.phi.lexicon import is_name
from agent.phi.looks import bare
from agent.phi.utterance import Token, Utterance
from agent.phi.words_files import phrases, words

_SHORTEST_TERM = 7
_LONGEST_ACRONYM = 5
_INNER_CAPITALS = ("mc", "mac", "de", "di", "la", "le", "o'", "al", "el", "van", "von", "fitz", "du")


@cache
def _listed(sort: str) -> frozenset[str]:
    return frozenset(phrases("clinical")[sort])


@cache
def _endings() -> tuple[str, ...]:
    return tuple(phrases("clinical")["endings"])


def is_term(token: Token) -> bool:
    """Say whether a word is a medicine, a complaint or a test, by a list or by how such words end."""
    low = bare(token)
    if low in words("medical"):
        return True
    return len(low) >= _SHORTEST_TERM and low.endswith(_endings()) and not is_name(low)


def is_acronym(said: Utterance, at: int) -> bool:
    """Say whether a word is written like "NSTEMI", "LFTs" or "CrCl" in a text that is not all capitals."""
    token = said.tokens[at]
    capitals = sum(letter.isupper() for letter in token.text)
    if not token.is_word or capitals < 2 or len(token.text) > _LONGEST_ACRONYM + 1 or is_name(token.low):
        return False
    if token.low.startswith(_INNER_CAPITALS) and not token.text.isupper():
        return False
    beside = [one for one in said.tokens if one.is_word and one.text.islower()]
    return len(beside) >= 2 or len(beside) * 2 >= len(said.tokens)


def clinical_spans(said: Utterance) -> Iterable[tuple[int, int]]:
    """Yield eponymous terms ("Barrett's esophagus", "Child-Pugh B", "Wells score") as offsets."""
    for at, token in enumerate(said.tokens):
        if not token.is_word:
            continue
        end = _chain(said, at)
        following = said.lows[end] if end < len(said.lows) else ""
        eponym = token.low in _listed("eponyms") or bare(token) in _listed("eponyms")
        capital = token.text[0].isupper()
        possessed = token.low.endswith(("'s", "’s")) and not capital
        if (following in _listed("follows") and (eponym or (capital and not possessed and not _titled(said, at)))) or (
            eponym and _stands_as_term(said, at, end)
        ):
            yield token.start, said.tokens[end - 1].end


def _chain(said: Utterance, at: int) -> int:
    """Return the token after "Guillain-Barre", "Hunt and Hess": capital words joined by hyphen."""
    end = at + 1
    while (
        end + 1 < len(said.tokens)
        and said.tokens[end].text in "-–"
        and said.tokens[end + 1].is_word
        and said.tokens[end].start == said.tokens[end - 1].end
    ):
        end += 2
    return end


def _titled(said: Utterance, at: int) -> bool:
    before = said.lows[max(0, at - 2) : at]
    return bool(set(before) & (words("name_titles") | frozenset(phrases("names")["titles"])))


def _stands_as_term(said: Utterance, at: int, end: int) -> bool:
    """Whether an eponym is one here: with a possessive, beside another, or before a word of examination."""
    token = said.tokens[at]
    stem = token.low.removesuffix("s")
    if stem != token.low and (
        stem in _listed("eponyms") or f"{stem}'s" in _listed("eponyms") or stem.endswith(("'", "’"))
    ):
        return not (end < len(said.tokens) and is_name(said.lows[end]))
    before = said.lows[at - 1] if at else ""
    if "PERSON" in said.sought or before in _listed("names_follow") or before in phrases("names")["kin"]:
        return False
    chained = [said.tokens[i].low for i in range(at + 2, end, 2)]
    if any(low in _listed("eponyms") for low in chained):
        return True
    named = (at and is_name(said.lows[at - 1])) or (end < len(said.tokens) and is_name(said.lows[end]))
    if named or _titled(said, at) or is_name(token.low):
        return end < len(said.tokens) and said.lows[end] in _listed("after_eponym") - {"?", ".", ",", "and", "at", "in", "on", "with", "for", "or"} and not _titled(said, at)  # fmt: skip
    return True
