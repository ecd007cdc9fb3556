"""Made-up practices of several kinds, each with what callers ask in their own words and what it cannot answer."""

from dataclasses import dataclass
from pathlib import Path

from agent.practice_folder import FaqEntry

HERE = Path(__file__).parent
FROZEN = ("hearing",)
"""Practices written after the first training and never trained with; looked at three times since, so no longer blind."""


@dataclass(frozen=True, kw_only=True)
class Practice:
    """The entries of a practice, what is asked (words and the id that answers them), near misses and far ones."""

    kind: str
    entries: tuple[FaqEntry, ...]
    asked: tuple[tuple[str, str], ...]
    near: tuple[str, ...]
    far: tuple[str, ...]


def practices(lang: str, *, frozen: bool = False) -> list[Practice]:
    """Read the practices of a language: those to train with, or the frozen ones."""
    files = sorted(HERE.glob(f"*.{lang}.txt"))
    return [read(file, lang) for file in files if (file.name.split(".")[0] in FROZEN) is frozen]


def read(file: Path, lang: str) -> Practice:
    """Read one practice; ValueError for a line that is neither an entry nor a list of misses."""
    entries: list[FaqEntry] = []
    asked: list[tuple[str, str]] = []
    misses: dict[str, tuple[str, ...]] = {}
    for line in file.read_text("utf-8").splitlines():
        head, _, rest = line.partition(":")
        if not line or line.startswith("#"):
            continue
        if head in ("near", "far"):
            misses[head] = several(rest)
            continue
        id, question, answer, words = (part.strip() for part in line.split(" | "))
        entries.append(FaqEntry(id=id, written_id=id, lang=lang, title=question, questions=(question,), answer=answer))
        asked += [(one, id) for one in several(words)]
    kind = file.name.split(".")[0]
    return Practice(kind=kind, entries=tuple(entries), asked=tuple(asked), near=misses["near"], far=misses["far"])


def several(text: str) -> tuple[str, ...]:
    """Return what stands between the slashes of a line."""
    return tuple(one.strip() for one in text.split(" / ") if one.strip())
