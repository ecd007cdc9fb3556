"""The phrases the red-flag classifier learns from."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from agent.safety.model import FOLDER
from agent.safety.words import for_encoder

PHRASES = FOLDER.with_name("phrases")
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


def read_rows(files: Iterable[Path]) -> list[Row]:
    """Return all phrases of some files, each text once, in their order."""
    rows: dict[str, Row] = {}
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            row = Row(**json.loads(line))
            rows.setdefault(for_encoder(row.text), row)
    return list(rows.values())
