"""What a caller names who is asked what to change: the time, the provider, or that it should be another visit altogether.

The words are data: words/changes.yaml.
"""

import re
from functools import cache
from pathlib import Path
from typing import Literal, cast

import yaml

from agent.dialogue.understanding.plain import plain

WORDS = Path(__file__).parent / "words" / "changes.yaml"
LONGEST = 10
"""Words at most of an answer that is read by rule."""
Change = Literal["kind", "who", "new_visit", "old_visit", "provider", "time", "nothing"]


def read_change(text: str) -> Change | None:
    """Return what is named; None when nothing is, or when more is said than an answer.

    >>> read_change("the time"), read_change("the doctor"), read_change("I want a new appointment"), read_change("hm")
    ('time', 'provider', 'new_visit', None)
    """
    words = plain(text)
    if len(words.split()) > LONGEST:
        return None
    return next((kind for kind, pattern in _patterns() if pattern.search(words)), None)


@cache
def _patterns() -> "tuple[tuple[Change, re.Pattern[str]], ...]":
    content: dict[str, str] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return tuple((cast("Change", kind), re.compile(pattern)) for kind, pattern in content.items())
