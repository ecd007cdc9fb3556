"""Whether other words say the same: nothing left out, nothing changed, nothing added. Pure.

Two replies are the same when they are word for word and sign for sign the same, but for what may differ where a
sentence begins: an interjection with a comma or an end behind it, and one phrase of a group for another. In doubt
they are not the same, and our own sentence is said.
"""

import re
import unicodedata
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, model_validator

Tokens = tuple[str, ...]
_TOKEN = re.compile(
    r"<[A-Z_]+_\d+(?:\|[a-z]*)?>"  # placeholders, with how they are said
    r"|\w+(?:[:'./,@&-]\w+)*"  # words and numbers: 9:30, 50.00, don't, 555-0100
    r"|\S"  # every sign counts
)
_OPENS = frozenset(".!?¿¡")
_AFTER_LEAD = frozenset(".,!")
_STRAIGHT = str.maketrans({"\u2019": "'"})
_ABBREVIATED = 4
"""A full stop after so few letters may end an abbreviation (Dr., St., a.m.), so no interjection is left out behind it."""
LONGER = 80
"""Characters that other words may be longer."""


class Freedom(BaseModel):
    """What a language lets a model change, from prompts/<lang>/model_phrasing.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    interjections: tuple[str, ...]
    same: tuple[tuple[str, ...], ...]

    @model_validator(mode="after")
    def _each_once(self) -> "Freedom":
        phrases = [_tokens(phrase.lower()) for group in self.same for phrase in group]
        if len(phrases) != len(set(phrases)):
            raise ValueError("a phrase stands in one group only, and once")
        if any(not phrase for phrase in (*phrases, *map(_tokens, self.interjections))):
            raise ValueError("a phrase has at least one word")
        return self

    def canonical(self, text: str) -> Tokens:
        """Return what a text says, as words and signs."""
        tokens, kept = _tokens(text), list[str]()
        leads, groups = frozenset(_tokens(lead.lower()) for lead in self.interjections), self._groups()
        at, opens, surely = 0, True, True
        while at < len(tokens):
            if surely and (size := _lead(tokens[at:], leads)):
                at += size
                continue
            size, mark = _phrase(tokens[at:], groups) if opens else (0, "")
            kept.append(mark or (_low(tokens[at]) if surely else tokens[at]))
            at += size or 1
            opens = tokens[at - 1] in _OPENS
            surely = opens and (tokens[at - 1] != "." or len(tokens[at - 2]) > _ABBREVIATED)
        return tuple("." if word == "!" else word for word in kept)

    def _groups(self) -> Mapping[Tokens, str]:
        """Return each phrase with the mark of its group: no word looks like one."""
        return {_tokens(phrase.lower()): f"= {number}" for number, group in enumerate(self.same) for phrase in group}


def same(said: str, phrased: str, freedom: Freedom) -> bool:
    """Say whether `phrased` says exactly what `said` says.

    >>> free = Freedom(interjections=("great",), same=(("i have", "there is"),))
    >>> same("I have 9:30 or 10.", "Great, there is 9:30 or 10.", free), same("I have 9:30.", "I have 9:15.", free)
    (True, False)
    """
    if not phrased.strip() or len(phrased) > len(said) + LONGER:
        return False
    meant = freedom.canonical(said)
    return bool(meant) and meant == freedom.canonical(phrased)


def _tokens(text: str) -> Tokens:
    return tuple(_TOKEN.findall(unicodedata.normalize("NFC", text.translate(_STRAIGHT))))


def _low(token: str) -> str:
    return token if token.startswith("<") else token.lower()


def _lead(tokens: Tokens, leads: frozenset[Tokens]) -> int:
    """Return how many words and signs of an interjection stand at the beginning, its comma or end with it."""
    for size in range(max(map(len, leads), default=0), 0, -1):
        behind = tokens[size : size + 1]
        if tuple(map(_low, tokens[:size])) in leads and behind and behind[0] in _AFTER_LEAD:
            return size + 1
    return 0


def _phrase(tokens: Tokens, groups: Mapping[Tokens, str]) -> tuple[int, str]:
    """Return how many words of a phrase stand at the beginning, and its group's mark; the longest phrase."""
    for size in range(max(map(len, groups), default=0), 0, -1):
        if mark := groups.get(tuple(map(_low, tokens[:size]))):
            return size, mark
    return 0, ""
