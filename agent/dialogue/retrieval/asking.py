"""What sort of answer a question wants (a price, a time, a place, a person ...), and whether a text states it.

A text about the right thing that holds no price is no answer to "how much": the commonest near miss. Spanish is read
through its gloss, so that one list serves both languages.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

import yaml

from agent.dialogue.retrieval.gloss import in_english
from agent.language.fold import fold

SORTS = (
    "price", "clock", "day", "when", "duration", "often", "count", "place", "person", "age", "reach", "kind", "name",
)  # fmt: skip
"""kind (which brand, which app) is told by no pattern: only the word asked for can tell it."""
TIMES = frozenset({"clock", "day", "when", "duration", "often"})


@dataclass(frozen=True, kw_only=True)
class Aspect:
    """What a question wants: sorts of answer (none for most), whether there is such a thing, whether something may be.

    `about`: a question word near the beginning asks how, what or why; `asked`: the words have the form of a question.
    """

    sorts: frozenset[str]
    whether: bool
    may: bool
    about: bool = False
    asked: bool = True


@cache
def _patterns(of: str) -> dict[str, re.Pattern[str]]:
    text = files("agent.dialogue.retrieval").joinpath("words", "asking.en.yaml").read_text("utf-8")
    data = cast(dict[str, dict[str, list[str]]], yaml.safe_load(text))
    return {sort: _any(phrases) for sort, phrases in data[of].items()}


def _any(phrases: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)" if phrases else r"(?!)")


def aspect(question: str, lang: str, *, opening: int = 4) -> Aspect:
    """Return what a question wants to know; `opening` counts the words that may hold its question word."""
    words = fold(in_english(question, lang))
    asks = _patterns("asks")
    begins = " ".join(words.split()[:opening])
    return Aspect(
        sorts=frozenset(sort for sort in SORTS if asks[sort].search(words)),
        whether=asks["whether"].search(words) is not None,
        may=asks["may"].search(words) is not None,
        about=asks["about"].search(begins) is not None,
        asked="?" in question or asks["form"].match(words) is not None,
    )


def stated(text: str, lang: str) -> frozenset[str]:
    """Return the sorts of answer that a text states."""
    words = fold(in_english(text, lang))
    tells = _patterns("tells")
    return frozenset(sort for sort in SORTS if tells[sort].search(words))
