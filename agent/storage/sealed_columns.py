"""Where sealed values stand, and the place each is bound to: what a change of keys has to go through."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from agent.storage import tables


@dataclass(frozen=True, kw_only=True)
class SealedColumn:
    """A column of sealed values. `place` gives the associated data of a row's value."""

    table: sa.Table
    name: str
    place: Callable[[Any], str]

    @property
    def column(self) -> "sa.Column[Any]":
        """The column itself."""
        return self.table.c[self.name]


OWN = (
    SealedColumn(table=tables.meta, name="body", place=lambda row: f"meta:{row.name}"),
    SealedColumn(table=tables.conversations, name="hint", place=lambda row: f"conversations:hint:{row.id}"),
    SealedColumn(table=tables.lines, name="body", place=lambda row: f"lines:{row.conversation}:{row.seq}"),
    SealedColumn(table=tables.answers, name="reply", place=lambda row: f"answers:{row.conversation}:{row.client_id}"),
    SealedColumn(table=tables.events, name="body", place=lambda row: f"events:{row.topic}:{row.seq}"),
    SealedColumn(table=tables.tickets, name="body", place=lambda row: f"tickets:{row.id}"),
    SealedColumn(table=tables.decisions, name="body", place=lambda row: f"decisions:{row.conversation}:{row.seq}"),
    SealedColumn(table=tables.vault, name="body", place=lambda row: f"vault:{row.conversation}:{row.name}"),
    SealedColumn(table=tables.calls, name="hint", place=lambda row: f"calls:hint:{row.id}"),
)
"""Those of Careline's own records; the schedule's are in `agent.ehr.sealed_columns`."""
