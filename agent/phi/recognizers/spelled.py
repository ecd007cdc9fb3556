"""Names told by letters: spelled one by one, or a letter for a surname."""

from collections.abc import Iterable

from agent.phi.recognizers.base import Recognizer
from agent.phi.recognizers.letters_es import letters_by_name
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import phrases, words

_FEWEST = 3
_EXPLAINED = (("as", "in"), ("like", "in"), ("for",), ("as",), ("like",), ("de",))
_SPELLS = frozenset(["spelled", "spelt", "that's", "thats", "it's", "its", "deletreado"])
_JOINED_BY = frozenset(["dash", "hyphen", "then", "and", "double", "doble", "guion"])


class Spelled(Recognizer):
    """Letters that stand for somebody."""

    kinds = ("PERSON",)

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield names spelled letter by letter, and initials after a title."""
        at = 0
        while at < len(said.tokens):
            end = _letters_end(said, at)
            letters = "".join(said.lows[i] for i in range(at, end) if len(said.lows[i]) == 1 and said.tokens[i].is_word)
            if len(letters) >= _FEWEST and letters not in words("abbreviations"):
                yield Found(start=said.tokens[at].start, end=said.tokens[end - 1].end, kind="PERSON", score=0.8)
                yield from _spelled_after(said, at, letters)
            at = max(end, at + 1)
        yield from _initials(said)
        if said.lang.startswith("es"):
            yield from letters_by_name(said)


def _spelled_after(said: Utterance, at: int, letters: str) -> Iterable[Found]:
    """Yield the word before its letters, whatever else it means: "Will, W-I-L-L", "mark spelled m a r k"."""
    before = at - 1
    while before >= 0 and (said.lows[before] in _SPELLS or said.tokens[before].text in ",.:-"):
        before -= 1
    if before >= 0 and said.lows[before] == letters:
        token = said.tokens[before]
        yield Found(start=token.start, end=token.end, kind="PERSON", score=0.8)


def _letters_end(said: Utterance, start: int) -> int:
    """Return the token after a run of single letters, "m as in mary" included."""
    end = at = start
    while at < len(said.tokens):
        token = said.tokens[at]
        if token.is_word and len(token.text) == 1:
            at += 1
            end = at = at + explanation(said, at, token.low)
        elif end > start and (token.text in "-.,–" or token.low in _JOINED_BY):
            at += 1
        else:
            break
    return end


def explanation(said: Utterance, at: int, letter: str) -> int:
    """Return how many tokens "as in mary" takes after a letter; 0 when none follows."""
    if len(letter) != 1:
        return 0
    for link in _EXPLAINED:
        word = at + len(link)
        if said.lows[at:word] == link and word < len(said.tokens) and said.lows[word].startswith(letter):
            return len(link) + 1
    return 0


def _initials(said: Utterance) -> Iterable[Found]:
    """Yield a letter for a surname after a title: "Mr. W.", "Dr. A."."""
    titles = words("name_titles") | frozenset(phrases("names")["titles"])
    for at, token in enumerate(said.tokens):
        before = at - 1 if at and said.tokens[at - 1].text != "." else at - 2
        titled = before >= 0 and said.lows[before] in titles and said.tokens[before].text[0].isupper()
        letter = token.is_word and len(token.text) == 1 and token.text.isupper()
        if titled and letter and said.text[token.end : token.end + 1] == ".":
            yield Found(start=token.start, end=token.end, kind="PERSON", score=0.7)
