"""Reads in a reply's words what it wants to know, for callers who have nothing but the words."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from agent.domain.practice import Strict
from agent.domain.text import Lang
from agent.practice_folder.located_yaml import read_yaml
from agent.practice_folder.strictly import fit

FILE = Path(__file__).with_name("reading.yaml")
_SENTENCE = re.compile(r"[^.?!]*(?:(?<=\bDr)\.[^.?!]*|(?<=\b[ap])\. ?m\.[^.?!]*|\.(?=\d)[^.?!]*)*[.?!]*")


class _Words(Strict):
    receipt: str
    alarm: str
    handed: str
    waitlist: str
    kinds: tuple[tuple[str, str], ...]


class _Languages(Strict):
    en: _Words
    es: _Words


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a reply says to somebody who listens: what it asks for, and what it says has been done."""

    kind: str
    receipt: bool = False
    alarm: bool = False
    handed: bool = False


def read_reply(reply: str, lang: Lang) -> Read:
    """Return what a reply wants to know and what it says was done; kind `anything_else` when it asks for nothing."""
    words: _Words = getattr(_languages(), lang)
    kind = _kind(reply, words)
    return Read(
        kind="waitlist" if kind in ("callback_number", "phone") and _found(words.waitlist, reply) else kind,
        receipt=_found(words.receipt, reply),
        alarm=_found(words.alarm, reply),
        handed=_found(words.handed, reply),
    )


def _kind(reply: str, words: _Words) -> str:
    sentences = [part.strip() for part in _SENTENCE.findall(reply) if part.strip()]
    questions = [part for part in sentences if part.endswith("?")]
    for text in (questions[-1:] or sentences[-1:]) + [reply]:
        for kind, pattern in words.kinds:
            if _found(pattern, text):
                return kind
    return "safety" if questions else "anything_else"


def _found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


@cache
def _languages() -> _Languages:
    return fit(read_yaml(FILE), _Languages)


Source = Literal["words", "fields"]
"""Where a caller looks for what is asked: in the reply's words, or in its `asks` field."""
