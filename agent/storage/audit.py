"""Who looked at or changed what: rows that are only added, each signed over the one before.

The signature is keyed, so somebody who can write the file but has no data key can neither change, insert nor remove
a row unseen; the newest signature is kept apart, so that cutting off the end shows as well.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.clock import Clock
from agent.domain.errors import ServiceDown
from agent.storage.counters import following, present
from agent.storage.engine import Database
from agent.storage.sealing import Sealer
from agent.storage.tables import audit, meta

_START = ""
_HEAD = "audit"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One audit row. `subject` and `detail` hold ids and kinds, never a patient's words."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether the chain holds: how many rows were good, and the first that is not."""

    good: int
    broken_at: int | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, inserted or removed."""
        return self.broken_at is None


class Audit:
    """The audit chain. Implements phi's port of the same name."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock

    async def note(self, conversation: str, what: str, kinds: Sequence[str]) -> None:
        """WRITE that the agent unmasked values of these kinds, e.g. what="reply", kinds=("PERSON",)."""
        await self.record(actor="agent", action=f"unmask:{what}", subject=conversation, detail={"kinds": list(kinds)})

    async def record(self, *, actor: str, action: str, subject: str, detail: Mapping[str, object] | None = None) -> int:
        """WRITE one entry and return its number."""
        at, words = self._clock.now(), json.dumps(dict(detail or {}), sort_keys=True)

        async def work(connection: AsyncConnection) -> int:
            seq = await following(connection, "audit")
            before = (await connection.execute(sa.select(audit.c.seal).where(audit.c.seq == seq - 1))).scalar()
            row = {"seq": seq, "at": at, "actor": actor, "action": action, "subject": subject, "detail": words}
            key = self._sealer.key_id
            seal = self._sign(before or _START, row, key)
            await connection.execute(sa.insert(audit).values(**row, key=key, seal=seal))
            await self._keep_head(connection, seq, seal)
            return seq

        return await self._database.write(work)

    async def entries(self, *, subject: str | None = None, limit: int = 1_000) -> list[Entry]:
        """READ entries, newest first."""
        wanted = sa.select(audit).order_by(audit.c.seq.desc()).limit(limit)
        if subject is not None:
            wanted = wanted.where(audit.c.subject == subject)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        return [_entry(row) for row in rows]

    async def verify(self) -> Verdict:
        """READ the whole chain and say whether it holds."""
        before, good = _START, 0
        async with self._database.read() as connection:
            async for row in await connection.stream(sa.select(audit).order_by(audit.c.seq)):
                if row.seq != good + 1 or not self._signed(before, row):
                    return Verdict(good=good, broken_at=good + 1)
                before, good = row.seal, row.seq
            whole = await present(connection, "audit") == good and await self._head(connection) == (good, before)
        return Verdict(good=good, broken_at=None if whole else good + 1)

    def _sign(self, before: str, row: Mapping[str, Any], key: str) -> str:
        fields = [row["seq"], row["at"].isoformat(), row["actor"], row["action"], row["subject"], row["detail"]]
        return self._sealer.fingerprint(json.dumps([before, *fields]), "audit", key_id=key)

    def _signed(self, before: str, row: Any) -> bool:
        try:
            return self._sign(before, row._mapping, row.key) == str(row.seal)
        except (ServiceDown, ValueError):
            return False

    async def _keep_head(self, connection: AsyncConnection, seq: int, seal: str) -> None:
        body = self._sealer.seal_text(json.dumps([seq, seal]), "meta:audit")
        await connection.execute(sa.delete(meta).where(meta.c.name == _HEAD))
        await connection.execute(sa.insert(meta).values(name=_HEAD, body=body))

    async def _head(self, connection: AsyncConnection) -> tuple[int, str] | None:
        body = (await connection.execute(sa.select(meta.c.body).where(meta.c.name == _HEAD))).scalar()
        if body is None:
            return (0, _START)
        try:
            seq, seal = json.loads(self._sealer.open_text(body, "meta:audit"))
        except ServiceDown:
            return None
        return (int(seq), str(seal))


def _entry(row: Any) -> Entry:
    return Entry(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        detail=json.loads(row.detail),
    )
