"""Whether a few words can be a name and nothing else: names are words that nobody says about how they are."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from agent.language.likeness import everyday, known_name
from agent.safety.words import plain

PHRASES = Path(__file__).with_name("phrases")
_WORD = re.compile(r"[^\W\d_]+")


def may_be_a_name(words: str) -> bool:
    """Say whether plain words are names alone: none is said in ordinary speech, or a known first name stands before one.

    >>> may_be_a_name("perpetua okonkwo"), may_be_a_name("grace stone"), may_be_a_name("turning blue")
    (True, True, False)
    """
    said = [word for word in words.split() if word]
    spoken = [word for word in said if _is_spoken(word)]
    if not spoken:
        return bool(said)
    first = said[0]
    return len(said) == 2 and known_name(first) and not everyday(first) and spoken == said[1:]


def _is_spoken(word: str) -> bool:
    return len(word) > 1 and ((word in _spoken() and not known_name(word)) or everyday(word))


@cache
def _spoken() -> frozenset[str]:
    """Every word of the training phrases that are not harmless, English and Spanish."""
    headed = (line for file in PHRASES.glob("*.txt") for line in _grave(file))
    rows = (json.loads(row) for file in PHRASES.glob("*.jsonl") for row in file.read_text("utf-8").splitlines())
    lines = [*headed, *(plain(row["text"]) for row in rows if row["level"] != "none")]
    return frozenset(word for line in lines for word in _WORD.findall(line))


def _grave(file: Path) -> Iterator[str]:
    """Yield the rows below headings that name a level, in plain words."""
    harmless = True
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            harmless = line.split()[1] == "none"
        elif line and not line.startswith("#") and not harmless:
            yield plain(line)
