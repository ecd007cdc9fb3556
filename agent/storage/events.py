"""What happened, by topic and in order: written in the transaction that makes it true, read by pages and sockets.

Topics are ``conversation:<id>`` and ``staff``. Readers remember the last number they saw; waking is a courtesy of the
same process, and of others when there is a bus; polling finds what nobody woke for.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.storage.counters import following, present
from agent.storage.engine import Database
from agent.storage.sealing import Sealer
from agent.storage.tables import events

STAFF = "staff"
POLL = 1.0
"""Seconds after which another process's events are found at the latest."""

Json = Mapping[str, object]
"""Plain JSON types."""


def conversation_topic(id: str) -> str:
    """Return the topic of one conversation."""
    return f"conversation:{id}"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event. `body` may hold clear text."""

    topic: str
    seq: int
    kind: str
    at: datetime
    body: Json


class Events:
    """The event log."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer
        self._wakes: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._tell: Callable[[str], None] | None = None

    async def add(self, connection: AsyncConnection, topic: str, kind: str, body: Json, at: datetime) -> int:
        """Write an event inside a transaction; call `wake` once that is committed."""
        seq = await following(connection, f"topic:{topic}")
        sealed = self._sealer.seal_text(json.dumps(dict(body)), f"events:{topic}:{seq}")
        await connection.execute(sa.insert(events).values(topic=topic, seq=seq, kind=kind, at=at, body=sealed))
        return seq

    async def tell(self, topic: str, kind: str, body: Json, at: datetime) -> int:
        """Write an event that stands alone, and wake its readers."""
        seq = await self._database.write(lambda connection: self.add(connection, topic, kind, body, at))
        self.wake(topic)
        return seq

    def wake(self, *topics: str) -> None:
        """Wake whoever waits for these topics, here and, with a bus, in other processes."""
        for mark in map(self._mark, topics):
            self.heard(mark)
            if self._tell is not None:
                self._tell(mark)

    def heard(self, mark: str) -> None:
        """Wake whoever waits here for the topic of this mark."""
        for waiting in self._wakes.get(mark, ()):
            waiting.set()

    def wake_others(self, tell: Callable[[str], None]) -> None:
        """From now on tell other processes, too: `tell` sends a mark, theirs come in by `heard`."""
        self._tell = tell

    def _mark(self, topic: str) -> str:
        """Return what stands for a topic outside: its name may be a conversation's id, which is a secret."""
        return self._sealer.fingerprint(topic, "wake")

    async def last(self, topic: str) -> int:
        """Return the number of the newest event, 0 when there is none."""
        async with self._database.read() as connection:
            return await present(connection, f"topic:{topic}")

    async def since(self, topic: str, seq: int, limit: int = 200) -> list[Event]:
        """READ the events after number `seq`, in order. Raises ServiceError."""
        wanted = sa.select(events).where(events.c.topic == topic, events.c.seq > seq)
        return await self._read(wanted.order_by(events.c.seq).limit(limit))

    async def of_kind(self, topic: str, kind: str, limit: int = 200) -> list[Event]:
        """READ the events of one kind, in order. Raises ServiceError."""
        wanted = sa.select(events).where(events.c.topic == topic, events.c.kind == kind)
        return await self._read(wanted.order_by(events.c.seq).limit(limit))

    async def _read(self, wanted: "sa.Select[tuple[object, ...]]") -> list[Event]:
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        return [
            Event(
                topic=row.topic,
                seq=row.seq,
                kind=row.kind,
                at=row.at,
                body=json.loads(self._sealer.open_text(row.body, f"events:{row.topic}:{row.seq}")),
            )
            for row in rows
        ]

    async def wait(self, topic: str, seq: int, timeout: float, limit: int = 200) -> list[Event]:  # noqa: ASYNC109
        """READ the events after `seq`, waiting up to `timeout` seconds for the first; empty when none came."""
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        woken = asyncio.Event()
        mark = self._mark(topic)
        self._wakes[mark].add(woken)
        try:
            while True:
                woken.clear()
                found = await self.since(topic, seq, limit)
                left = until - loop.time()
                if found or left <= 0:
                    return found
                await _either(woken, min(left, POLL))
        finally:
            self._wakes[mark].discard(woken)
            if not self._wakes[mark]:
                del self._wakes[mark]


async def _either(woken: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(woken.wait(), seconds)
    except TimeoutError:
        return
