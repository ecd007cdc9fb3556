"""What sort of answer a question wants (a price, a time, a place, a person), and whether a text tells it.

A text about the right thing that holds no price is no answer to "how much": the commonest near miss.
"""

import re
from functools import cache
from importlib.resources import files
from typing import cast

import yaml

from agent.language.fold import base_language, fold

SORTS = ("price", "time", "place", "person")


@cache
def _patterns(lang: str) -> tuple[dict[str, re.Pattern[str]], dict[str, re.Pattern[str]], re.Pattern[str]]:
    """Return what asks for each sort, what tells it, and what asks only whether there is such a thing."""
    text = files("agent.dialogue.retrieval").joinpath("words", f"asking.{lang}.yaml").read_text("utf-8")
    data = cast(dict[str, dict[str, list[str]]], yaml.safe_load(text))
    asks = {sort: _any(data["asks"][sort]) for sort in SORTS}
    tells = {sort: _any(data["tells"][sort]) for sort in SORTS}
    return asks, tells, _any(data["asks"]["whether"])


def _any(phrases: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(fold(phrase) for phrase in phrases)})(?!\w)")


def wanted(question: str, lang: str) -> frozenset[str]:
    """Return the sorts of answer a question wants; none for most."""
    asks, _, _ = _patterns(base_language(lang))
    folded = fold(question)
    return frozenset(sort for sort in SORTS if asks[sort].search(folded))


def told(text: str, lang: str) -> frozenset[str]:
    """Return the sorts of answer a text holds."""
    _, tells, _ = _patterns(base_language(lang))
    folded = fold(text)
    return frozenset(sort for sort in SORTS if tells[sort].search(folded))


def asks_whether(question: str, lang: str) -> bool:
    """Say whether a question asks if the practice does or has some thing: then the thing itself must be in the text."""
    _, _, whether = _patterns(base_language(lang))
    return whether.search(fold(question)) is not None
