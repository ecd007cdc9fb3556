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
from agent.storage.sealing import KeyMissing, Sealer, signed
from agent.storage.tables import audit, meta

_START = ""
_HEAD, _KEYS, _CUT = "audit", "audit_keys", "audit_cut"
_PURPOSE = "audit"
CHARTS = "charts"
"""The part of a detail that lists the ids of the charts opened."""


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

    async def note(self, conversation: str, what: str, kinds: Sequence[str], *, charts: Sequence[str] = ()) -> None:
        """WRITE that the agent unmasked values of these kinds, e.g. what="reply", kinds=("PERSON",), and whose charts."""
        detail = {"kinds": list(kinds)} | ({CHARTS: sorted(charts)} if charts else {})
        await self.record(actor="agent", action=f"unmask:{what}", subject=conversation, detail=detail)

    async def record(self, *, actor: str, action: str, subject: str, detail: Mapping[str, object] | None = None) -> int:
        """WRITE one entry and return its number."""
        at, words = self._clock.now(), json.dumps(dict(detail or {}), sort_keys=True)

        async def work(connection: AsyncConnection) -> int:
            seq = await following(connection, "audit")
            before = (await connection.execute(sa.select(audit.c.seal).where(audit.c.seq == seq - 1))).scalar()
            if before is None:
                _, before = await self._cut_at(connection)
            row = {"seq": seq, "at": at, "actor": actor, "action": action, "subject": subject, "detail": words}
            key = self._sealer.key_id
            seal = self._sign(before or _START, row, self._sealer.purpose_key(_PURPOSE))
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

    async def charts_opened(self) -> dict[str, set[str]]:
        """READ, by conversation, the ids of the charts that were opened or written to in it."""
        opened: dict[str, set[str]] = {}
        wanted = sa.select(audit.c.subject, audit.c.detail).where(audit.c.detail.contains(f'"{CHARTS}"'))
        async with self._database.read() as connection:
            async for row in await connection.stream(wanted):
                opened.setdefault(row.subject, set()).update(json.loads(row.detail).get(CHARTS, ()))
        return opened

    async def verify(self) -> Verdict:
        """READ the whole chain and say whether it holds.

        Raises KeyMissing when it cannot be said: the chain went on with a key this process does not have.
        """
        async with self._database.read() as connection:
            head = await self._head(connection)
            good, before = await self._cut_at(connection)
            older = await self._older_keys(connection)
            async for row in await connection.stream(sa.select(audit).order_by(audit.c.seq)):
                if row.seq != good + 1 or not self._signed(before, row, older):
                    return Verdict(good=good, broken_at=good + 1)
                before, good = row.seal, row.seq
            whole = await present(connection, "audit") == good and head == (good, before)
        return Verdict(good=good, broken_at=None if whole else good + 1)

    async def cut(self, *, before: datetime) -> int:
        """WRITE: delete the oldest rows, those from before a moment; returns how many.

        The number and signature of the last row that went are kept, sealed: what follows still verifies.
        """

        async def work(connection: AsyncConnection) -> int:
            kept = sa.select(sa.func.min(audit.c.seq)).where(audit.c.at >= before)
            first = (await connection.execute(kept)).scalar()
            gone = sa.select(audit.c.seq, audit.c.seal).order_by(audit.c.seq.desc()).limit(1)
            last = (await connection.execute(gone.where(audit.c.seq < first) if first is not None else gone)).first()
            if last is None:
                return 0
            body = self._sealer.seal_text(json.dumps([last.seq, last.seal]), f"meta:{_CUT}")
            await connection.execute(sa.delete(meta).where(meta.c.name == _CUT))
            await connection.execute(sa.insert(meta).values(name=_CUT, body=body))
            return (await connection.execute(sa.delete(audit).where(audit.c.seq <= last.seq))).rowcount

        return await self._database.write(work)

    async def _cut_at(self, connection: AsyncConnection) -> tuple[int, str]:
        """Return number and signature of the last row that was deleted; the beginning when none was. Raises ServiceDown."""
        body = (await connection.execute(sa.select(meta.c.body).where(meta.c.name == _CUT))).scalar()
        if body is None:
            return 0, _START
        seq, seal = json.loads(self._sealer.open_text(body, f"meta:{_CUT}"))
        return int(seq), str(seal)

    async def keep_older_keys(self) -> None:
        """WRITE what verifies rows signed with older keys, sealed, so that these keys may be thrown away.

        Only the keys that sign are kept; they open nothing. Raises ServiceDown when what was kept before cannot be
        read: it must not be written over.
        """
        mine = {name: self._sealer.purpose_key(_PURPOSE, key_id=name).hex() for name in self._sealer.older}

        async def work(connection: AsyncConnection) -> None:
            known = {name: key.hex() for name, key in (await self._older_keys(connection)).items()} | mine
            body = self._sealer.seal_text(json.dumps(known, sort_keys=True), f"meta:{_KEYS}")
            await connection.execute(sa.delete(meta).where(meta.c.name == _KEYS))
            await connection.execute(sa.insert(meta).values(name=_KEYS, body=body))

        if mine:
            await self._database.write(work)

    async def _older_keys(self, connection: AsyncConnection) -> dict[str, bytes]:
        body = (await connection.execute(sa.select(meta.c.body).where(meta.c.name == _KEYS))).scalar()
        if body is None:
            return {}
        kept = json.loads(self._sealer.open_text(body, f"meta:{_KEYS}"))
        return {str(name): bytes.fromhex(key) for name, key in kept.items()}

    def _sign(self, before: str, row: Mapping[str, Any], key: bytes) -> str:
        fields = [row["seq"], row["at"].isoformat(), row["actor"], row["action"], row["subject"], row["detail"]]
        return signed(key, json.dumps([before, *fields]))

    def _signed(self, before: str, row: Any, older: Mapping[str, bytes]) -> bool:
        try:
            key = older.get(row.key) or self._sealer.purpose_key(_PURPOSE, key_id=row.key)
        except (ServiceDown, ValueError):
            return False
        return self._sign(before, row._mapping, key) == str(row.seal)

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
        except KeyMissing:
            raise
        except ServiceDown:  # altered
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
