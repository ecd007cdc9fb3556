"""Changes the data key while Careline runs: every value is sealed anew with the first key, a few at a time.

Whoever writes meanwhile already seals with the first key and reads with all, so no row is ever unreadable. A value
that changed under our hands is left to whoever changed it. Safe to repeat, and to break off.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.errors import ServiceDown
from agent.domain.text import ClearText
from agent.storage.audit import Audit
from agent.storage.call_rows import number_hash
from agent.storage.engine import Database
from agent.storage.sealed_columns import SealedColumn
from agent.storage.sealing import Sealer
from agent.storage.tables import calls

_BATCH = 200
"""Rows a transaction; they are found and sealed before it begins, so that other writers wait some milliseconds at most."""
_REST = 0.15
"""Seconds between two transactions. SQLite lets other processes ask again every 0.1 s: without a rest none would get in."""
_SHARE = 2.0
"""How many times as long as a transaction took, on a machine too busy for milliseconds, others may write after it."""


@dataclass(kw_only=True)
class Resealed:
    """How many values of each table were sealed anew, and which none of our keys opens (table and row, no words)."""

    counts: dict[str, int] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Values sealed anew."""
        return sum(self.counts.values())


async def reseal(database: Database, sealer: Sealer, audit: Audit, columns: Sequence[SealedColumn]) -> Resealed:
    """WRITE every value that another key sealed again with the first one. Raises ServiceError."""
    done = Resealed()
    await audit.keep_older_keys()
    for column in columns:
        skipped: list[str] = []
        while (took := await _batch(database, sealer, column, done, skipped)) is not None:  # noqa: ASYNC110 - nothing is waited for
            await asyncio.sleep(max(_REST, _SHARE * took))
        done.unreadable += [f"{column.table.name} {name}" for name in skipped]
    return done


async def _batch(
    database: Database, sealer: Sealer, column: SealedColumn, done: Resealed, skipped: list[str]
) -> float | None:
    """Seal a batch anew and return the seconds it kept other writers waiting; None when no row is left."""
    async with database.read() as connection:
        wanted = _with_other_keys(sealer, column).limit(_BATCH).offset(len(skipped))
        rows = (await connection.execute(wanted)).all()
    changes = [change for row in rows if (change := _again(sealer, column, row, skipped)) is not None]

    async def work(connection: AsyncConnection) -> int:
        return sum([(await connection.execute(change)).rowcount for change in changes])

    began = time.monotonic()
    if changes:
        changed = await database.write(work)
        done.counts[column.table.name] = done.counts.get(column.table.name, 0) + changed
    return time.monotonic() - began if rows else None


def _with_other_keys(sealer: Sealer, column: SealedColumn) -> "sa.Select[Any]":
    keys = list(column.table.primary_key.columns)
    sealed_with = sa.func.substr(column.column, 2, len(sealer.active))
    more = [calls.c.number] if column.table is calls else []
    return (
        sa.select(*keys, *more, column.column.label("sealed"))
        .where(column.column.is_not(None), sealed_with != sa.literal(sealer.active, sa.LargeBinary))
        .order_by(*keys)
    )


def _again(sealer: Sealer, column: SealedColumn, row: Any, skipped: list[str]) -> sa.Update | None:
    """Return what seals a value anew unless it changed meanwhile; None, and its row's name noted, when no key opens it."""
    keys = list(column.table.primary_key.columns)
    try:
        clear = sealer.open(row.sealed, column.place(row))
    except ServiceDown:
        skipped.append("/".join(str(row._mapping[one.name]) for one in keys))
        return None
    values: dict[str, Any] = {column.name: sealer.seal(clear, column.place(row))}
    if column.table is calls:
        values["number"] = number_hash(sealer, ClearText(clear.decode()))
    same = [one == row._mapping[one.name] for one in keys] + [column.column == row.sealed]
    return sa.update(column.table).where(*same).values(**values)
