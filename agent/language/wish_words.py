"""Words around times that turn a wish: refusals, hurry, references to what was offered. The words are data: wish_cues.yaml."""

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypedDict

import yaml

_WHOLE = frozenset({"refuse_before", "refuse_after"})
"""Cues whose expressions match whole words."""


class _Between(TypedDict):
    """Any of some words between two ends."""

    before: str
    any: list[str]
    after: str


@lru_cache(maxsize=64)
def cue(name: str, base: str) -> "re.Pattern[str]":
    """Return the expression for a kind of cue in a language."""
    source = "|".join(map(_expression, _cues()[name][base]))
    return re.compile(rf"\b(?:{source})\b" if name in _WHOLE else source)


@lru_cache(maxsize=2)
def plain_words(base: str) -> frozenset[str]:
    """Return the words that may stand beside a bare number that is a time."""
    rows = (line.split(":", 1) for line in _read("plain_words.txt").splitlines() if not line.startswith("#"))
    return frozenset(word for lang, words in rows if lang == base for word in words.split())


@cache
def _cues() -> dict[str, dict[str, list[str | _Between]]]:
    found: dict[str, dict[str, list[str | _Between]]] = yaml.safe_load(_read("wish_cues.yaml"))
    return found


def _expression(entry: str | _Between) -> str:
    return entry if isinstance(entry, str) else entry["before"] + "|".join(entry["any"]) + entry["after"]


def _read(name: str) -> str:
    return (files("agent.language") / "words" / name).read_text(encoding="utf-8")
