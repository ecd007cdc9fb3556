"""The blind sets: rows under heads of kind, language, hand and, where they answer one, the question asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from agent.domain.conversation import Asks

HARMLESS = "none"
SPENT = tuple(f"fresh-{number}.txt" for number in range(1, 10))
"""Blind sets that were measured once, and whose errors were read: now they teach, and measure nothing any more."""
ANSWERING = ("answers", "message", "reason")
"""Hands of the first sets whose rows answer what a visit is for."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One utterance of a blind set; `asked` is the question that it answers, None for the first words of a talk."""

    text: str
    kind: str
    lang: str
    hand: str
    asked: Asks | None = None


def read(file: Path) -> Iterator[Row]:
    """Yield the rows of a file with `[kind lang hand (asked)]` heads; ValueError for a question that nobody asks."""
    kind = lang = hand = ""
    asked: Asks | None = None
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind, lang, hand, *rest = line.strip("[]").split()
            asked = _asked(rest[0]) if rest else "reason" if hand in ANSWERING else None
        elif line.strip() and not line.startswith("#"):
            yield Row(text=line.strip(), kind=kind, lang=lang, hand=hand, asked=asked)


def _asked(word: str) -> Asks:
    for asked in get_args(Asks):
        if asked == word:
            return asked  # type: ignore[no-any-return]
    raise ValueError(f"nobody asks {word}")
