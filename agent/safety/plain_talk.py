"""Whether an utterance holds nothing but the plain talk of a front desk, so that a mere doubt about it is none."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from agent.safety.words import plain

FILE = Path(__file__).with_name("plain_words.yaml")
_PLACEHOLDER = re.compile(r"<[A-Z_]+_\d+(?:\|[a-z]+)?>")


def plain_talk(said: str, known: Iterable[str] = ()) -> bool:
    """Say whether nothing is left of an utterance without the words of plain wishes and answers.

    `said` may hold placeholders of names and dates. `known` are what a practice calls its visits and its people.

    >>> plain_talk("a sick visit with Dr. Kim, tomorrow afternoon", ["sick visit", "Kim"])
    True
    >>> plain_talk("I want this to be my last visit")
    False
    """
    left = f" {plain(_PLACEHOLDER.sub(' ', said))} "
    names = sorted({plain(one) for one in known if one}, key=len, reverse=True)
    for name in names:
        left = left.replace(f" {name} ", " ")
    return all(word[0].isdigit() or word in _words() for word in left.split())


@cache
def _words() -> frozenset[str]:
    content: dict[str, str] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return frozenset(word for words in content.values() for word in words.split())
