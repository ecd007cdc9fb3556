"""The phrases the red-flag classifier learns from, and those it is measured on.

Two shapes of file. JSON lines: one row each. Text: a heading `= level kind lang author`, then one phrase a line; further
levels that are right too stand after a bar (`none|urgent`), `#` begins a remark.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from agent.safety.model import FOLDER
from agent.safety.words import for_encoder

PHRASES = FOLDER.with_name("phrases")
KEYS = ("text", "level", "kind", "lang", "author")
LEVELS = frozenset({"911", "988", "urgent", "ask", "none"})
FAMILIES = {
    "poisoning": "911.poison", "overdose": "911.poison", "pregnancy": "911.pregnancy", "newborn": "911.newborn",
    "violence": "911.violence", "abuse": "988.abuse",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Row:
    """One phrase. Rows of one group come from one another, and are trained on or tested on together."""

    text: str
    level: str
    kind: str
    lang: str
    author: str
    group: str = ""
    accept: tuple[str, ...] = ()

    @property
    def desk(self) -> bool:
        """Whether this is the plain talk of a front desk, which no screen should find hard."""
        return self.kind.startswith("desk_") or self.kind in ("ordinary", "booking", "refills", "results")

    @property
    def family(self) -> str:
        """What an alarm is about, as far as it changes what is said."""
        return FAMILIES.get(self.kind, "988.suicide" if self.level == "988" else "911.other")

    def variant(self, text: str) -> "Row":
        """Return the same row in other words."""
        return replace(self, text=text, group=self.group or self.text, author=f"{self.author}, varied")


def phrase_files(folder: Path = PHRASES) -> list[Path]:
    """Return the files of phrases in a folder, in the order they are read."""
    return [*sorted(folder.glob("*.jsonl")), *sorted(folder.glob("*.txt"))]


def read_rows(files: Iterable[Path]) -> list[Row]:
    """Return all phrases of some files, each text once, in their order. ValueError names a bad file and line."""
    rows: dict[str, Row] = {}
    for file in files:
        for row in _headed(file) if file.suffix == ".txt" else _json_lines(file):
            rows.setdefault(for_encoder(row.text), row)
    return list(rows.values())


def _json_lines(file: Path) -> Iterator[Row]:
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Row(**{key: row[key] for key in KEYS})


def _headed(file: Path) -> Iterator[Row]:
    heading: Row | None = None
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        said = line.strip()
        if said.startswith("="):
            heading = _heading(said, f"{file.name}:{number}")
        elif said and not said.startswith("#"):
            if heading is None:
                raise ValueError(f"{file.name}:{number}: a phrase before any heading")
            yield replace(heading, text=said)


def _heading(line: str, place: str) -> Row:
    parts = line.lstrip("= ").split()
    if len(parts) != len(KEYS) - 1 or not LEVELS.issuperset(parts[0].split("|")):
        raise ValueError(f"{place}: a heading is `= level kind lang author`")
    level, *accept = parts[0].split("|")
    return Row(text="", level=level, kind=parts[1], lang=parts[2], author=parts[3], accept=tuple(accept))
