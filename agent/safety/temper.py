"""Whether an utterance holds nothing but that somebody near is angry and loud."""

from functools import cache
from pathlib import Path

import yaml

from agent.safety.words import plain

FILE = Path(__file__).with_name("temper_words.yaml")


def mere_temper(said: str) -> bool:
    """Say whether a relative's anger is all that is told of.

    >>> mere_temper("my dad gets angry and shouts a lot"), mere_temper("my dad gets angry and hits us")
    (True, False)
    """
    words, listed = set(plain(said).split()), _words()
    known = frozenset().union(*listed.values())
    return bool(words & listed["who"]) and bool(words & listed["angry"]) and words <= known


@cache
def _words() -> dict[str, frozenset[str]]:
    content: dict[str, str] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {kind: frozenset(words.split()) for kind, words in content.items()}
