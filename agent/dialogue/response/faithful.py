"""Whether other words say the same: nothing left out, nothing changed, nothing added. Pure.

Two replies are the same when they are word for word the same, articles and interjections before a sentence left out,
and each phrase of a group of equal phrases read as one and the same. Numbers, names, times, places, refusals,
conditions, pronouns and questions are words like any other: they stay, in their order.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, model_validator

Tokens = tuple[str, ...]
_TOKEN = re.compile(
    r"<[A-Z_]+_\d+(?:\|[a-z]*)?>"  # placeholders, with how they are said
    r"|[$€£#+]?\w+(?:[:'./,@&-]\w+)*%?"  # words and numbers: 9:30, $50.00, don't, 555-0100
    r"|[?;]"  # a question stays one, and items stay apart
)
_BREAK = re.compile(r"[.!?;:,]")
_BETWEEN = frozenset(" .,;:!?¿¡'\"()")
"""What may stand between words."""
LONGER = 80
"""Characters that other words may be longer."""


class Freedom(BaseModel):
    """What a language lets a model change, from prompts/<lang>/model_phrasing.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    articles: tuple[str, ...]
    interjections: tuple[str, ...]
    same: tuple[tuple[str, ...], ...]

    @model_validator(mode="after")
    def _each_once(self) -> "Freedom":
        phrases = [_folded(phrase) for group in self.same for phrase in group]
        if len(phrases) != len(set(phrases)):
            raise ValueError("a phrase stands in one group only, and once")
        return self

    def canonical(self, text: str) -> Tokens:
        """Return what a text says, as words."""
        tokens = _without_articles(_tokens(text), frozenset(map(_folded, self.articles)))
        return _swapped(_without_lead(tokens, _phrases(self.interjections)), self._groups())

    def _groups(self) -> Mapping[Tokens, str]:
        """Return each phrase with the mark of its group: no word looks like one."""
        articles = frozenset(map(_folded, self.articles))
        return {
            _without_articles(_tokens(phrase), articles): f"={number}"
            for number, group in enumerate(self.same)
            for phrase in group
        }


def same(said: str, phrased: str, freedom: Freedom) -> bool:
    """Say whether `phrased` says exactly what `said` says.

    >>> free = Freedom(articles=("the",), interjections=("great",), same=(("i have", "there is"),))
    >>> same("I have 9:30 or 10.", "Great, there is 9:30 or 10.", free), same("I have 9:30.", "I have 9:15.", free)
    (True, False)
    """
    if not phrased.strip() or len(phrased) > len(said) + LONGER or not _plainly_written(phrased, said):
        return False
    return freedom.canonical(said) == freedom.canonical(phrased)


def _plainly_written(phrased: str, said: str) -> bool:
    """Say whether nothing stands between the words but what a sentence needs, or what stood there before."""
    return set(_TOKEN.sub("", phrased)) <= _BETWEEN | set(_TOKEN.sub("", said))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("’", "'")).lower()


def _tokens(text: str) -> Tokens:
    """Return words folded, placeholders as they stand, and a mark "." where a sentence may begin."""
    tokens: list[str] = []
    end = 0
    text = unicodedata.normalize("NFC", text.replace("’", "'"))
    for found in _TOKEN.finditer(text):
        if _BREAK.search(text[end : found.start()]):
            tokens.append(".")
        end = found.end()
        word = found.group()
        tokens.append(word if word.startswith("<") else word.lower())
    return tuple(tokens)


def _phrases(phrases: Sequence[str]) -> frozenset[Tokens]:
    return frozenset(_tokens(phrase) for phrase in phrases)


def _without_articles(tokens: Tokens, articles: frozenset[str]) -> Tokens:
    return tuple(token for token in tokens if token not in articles)


def _without_lead(tokens: Tokens, leads: frozenset[Tokens]) -> Tokens:
    """Leave out interjections where a sentence begins, and the marks of beginnings."""
    longest = max((len(lead) for lead in leads), default=0)
    kept: list[str] = []
    at, opens = 0, True
    while at < len(tokens):
        if tokens[at] == ".":
            at, opens = at + 1, True
            continue
        size = next((n for n in range(longest, 0, -1) if opens and tokens[at : at + n] in leads), 0)
        if size:
            at += size
            continue
        kept.append(tokens[at])
        opens = tokens[at] in "?;"
        at += 1
    return tuple(kept)


def _swapped(tokens: Tokens, groups: Mapping[Tokens, str]) -> Tokens:
    """Return the words with each phrase of a group as the group's mark, longest phrases first."""
    longest = max((len(form) for form in groups), default=0)
    kept: list[str] = []
    at = 0
    while at < len(tokens):
        size = next((n for n in range(longest, 0, -1) if tokens[at : at + n] in groups), 0)
        kept.append(groups[tokens[at : at + size]] if size else tokens[at])
        at += size or 1
    return tuple(kept)
