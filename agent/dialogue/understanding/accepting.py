"""Says whether an answer takes what was offered, though it is no plain yes: "the new time works", "book that one".

An offer that is taken is still read back, so this may be looser than what counts as a yes to a read-back. The words
are data: words/accepting.yaml.
"""

import re
from functools import cache
from pathlib import Path

import yaml

from agent.dialogue.understanding.plain import plain

WORDS = Path(__file__).parent / "words" / "accepting.yaml"
_PARTS = re.compile(
    r"(?<=[.!?;])\s+|\s*,\s*(?:so|and|but|y|asi que|pero)?\s+|\s+(?:but|pero)\s+|\s+so (?=yes|yeah|ok|let)"
)


def without_condition(text: str, lang: str = "en") -> str:
    """Return what is said to an offer without the condition that made it be offered: "fine, if the other one is gone"."""
    left = _conditions(lang[:2]).sub("", text).strip(" ,")
    return left if any(letter.isalnum() for letter in left) else text


def accepts(text: str, lang: str = "en") -> bool:
    """Say whether the words take an offer, and nothing after that takes it back."""
    verdict = False
    for part in _PARTS.split(text):
        found = _verdict(plain(part), lang[:2])
        verdict = verdict if found is None else found
    return verdict


def _verdict(words: str, lang: str) -> bool | None:
    takes, against = _patterns(lang)
    if against.search(words):
        return False
    return True if takes.search(words) else None


@cache
def _conditions(lang: str) -> "re.Pattern[str]":
    content: dict[str, dict[str, str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return re.compile(rf",?\s*\b(?:{content.get(lang, content['en'])['given']})(?=\W|$)", re.IGNORECASE)


@cache
def _patterns(lang: str) -> "tuple[re.Pattern[str], re.Pattern[str]]":
    content: dict[str, dict[str, str | list[str]]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    words = content.get(lang, content["en"])
    thing, point, well = (str(words[name]) for name in ("thing", "point", "well"))
    named = point.replace("thing", thing)
    states = rf"(?:^|\b){named} ?(?:\w+ ){{0,2}}?{words['is']}(?: {well})*? {words['good']}(?:\b|$)|{named} (?:works?|(?:me |nos |le )?(?:sirve|funciona|viene|va|queda|conviene))\b"
    takes = [str(take).replace("(?:thing)", thing) for take in words["takes"]]
    return re.compile("|".join([states, *(rf"\b{take}" for take in takes)])), re.compile(str(words["against"]))
