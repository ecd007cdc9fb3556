"""Deletes what has outlived its period, and what is to be forgotten on request. Held conversations stay whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.privacy import Held, Keep
from agent.storage.audit import Audit
from agent.storage.engine import Database
from agent.storage.events import conversation_topic
from agent.storage.tables import calls, conversations, decisions, events, tickets, vault

_BATCH = 200
"""Conversations a transaction."""
_QUIET = timedelta(days=1)
"""A conversation in which nothing was said this long is over, though nobody said goodbye: a closed page, a dropped call."""


@dataclass(kw_only=True)
class Deleted:
    """How many rows of each kind were deleted."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, rows: int) -> None:
        """Count some more."""
        if rows > 0:
            self.counts[kind] = self.counts.get(kind, 0) + rows


class Retention:
    """Deletions in the database of Careline's own records."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database, self._audit = database, audit

    async def sweep(self, keep: Keep, *, held: Held, now: datetime) -> Deleted:
        """WRITE: delete what is older than its period; nothing of what is held goes.

        Open tickets stay, and the conversations they came from, however old they are; so do conversations that are
        with staff. Any other is over after a day of silence, also one that waited for staff until its tickets were
        closed.
        """
        done = Deleted()
        before = min(now - keep.days("transcripts"), now - _QUIET)
        over = [id for id in await self._over(before) if id not in held.conversations]
        for at in range(0, len(over), _BATCH):
            await self._forget(over[at : at + _BATCH], done)
        resolved = sa.and_(tickets.c.status == "resolved", tickets.c.resolved_at < now - keep.days("tickets"))
        spared = await self._ids(tickets.c.id, resolved & tickets.c.conversation.is_not(None), tickets.c.conversation)
        kept = held.tickets | {id for id, conversation in spared if conversation in held.conversations}
        await self._old(tickets.c.id, resolved, kept, "tickets", done)
        old_decisions = decisions.c.at < now - keep.days("decisions")
        await self._old(decisions.c.conversation, old_decisions, held.conversations, "decisions", done)
        old_calls = sa.and_(calls.c.started < now - keep.days("calls"), calls.c.status == "ended")
        rung = await self._ids(calls.c.id, old_calls & calls.c.conversation.is_not(None), calls.c.conversation)
        kept = held.calls | {id for id, conversation in rung if conversation in held.conversations}
        await self._old(calls.c.id, old_calls, kept, "calls", done)
        topics = {conversation_topic(id) for id in held.conversations}
        await self._old(events.c.topic, events.c.at < now - keep.days("events"), topics, "events", done)
        done.add("audit", await self._audit.cut(before=now - keep.days("audit")))
        return done

    async def forget(self, ids: Sequence[str], own: Sequence[str], rung: Sequence[str] = ()) -> Deleted:
        """WRITE: delete everything of some conversations, some tickets and calls; other tickets of theirs stay."""
        done = Deleted()
        for at in range(0, len(ids), _BATCH):
            await self._forget(ids[at : at + _BATCH], done)
        for kind, column, some in (("tickets", tickets.c.id, own), ("calls", calls.c.id, rung)):
            for at in range(0, len(some), _BATCH):
                await self._delete(sa.delete(column.table).where(column.in_(some[at : at + _BATCH])), kind, done)
        return done

    async def left(self, ids: Sequence[str]) -> list[str]:
        """READ what still stands of some conversations, kind by kind: nothing after `forget`, unless one went on."""
        found: list[str] = []
        for kind, column in {
            "conversation": conversations.c.id, "vault": vault.c.conversation, "decisions": decisions.c.conversation,
            "call": calls.c.conversation,
        }.items():  # fmt: skip
            found += [f"{kind} {id}" for id, _ in await self._ids(column, column.in_(ids), column)]
        topics = [conversation_topic(id) for id in ids]
        found += [
            f"events {id}" for id, _ in await self._ids(events.c.topic, events.c.topic.in_(topics), events.c.topic)
        ]
        return sorted(found)

    async def _over(self, before: datetime) -> list[str]:
        waited_for = sa.select(tickets.c.conversation).where(
            tickets.c.status == "open", tickets.c.conversation.is_not(None)
        )
        nobody = conversations.c.state.in_(("open", "waiting_for_staff"))
        quiet = sa.and_(nobody, conversations.c.id.not_in(waited_for))
        wanted = sa.select(conversations.c.id).where(
            conversations.c.updated < before, sa.or_(conversations.c.state == "ended", quiet)
        )
        async with self._database.read() as connection:
            return [str(row.id) for row in (await connection.execute(wanted.order_by(conversations.c.id))).all()]

    async def _forget(self, ids: Sequence[str], done: Deleted) -> None:
        """Delete conversations with their lines, answers, events, decisions, calls and what their placeholders meant."""
        topics = [conversation_topic(id) for id in ids]
        statements = {
            "vault": sa.delete(vault).where(vault.c.conversation.in_(ids)),
            "events": sa.delete(events).where(events.c.topic.in_(topics)),
            "decisions": sa.delete(decisions).where(decisions.c.conversation.in_(ids)),
            "calls": sa.delete(calls).where(calls.c.conversation.in_(ids)),
            "conversations": sa.delete(conversations).where(conversations.c.id.in_(ids)),  # lines and answers cascade
        }

        async def work(connection: AsyncConnection) -> dict[str, int]:
            return {kind: (await connection.execute(gone)).rowcount for kind, gone in statements.items()}

        for kind, rows in (await self._database.write(work)).items():
            done.add(kind, rows)

    async def _ids(
        self, column: "sa.Column[str]", which: "sa.ColumnElement[bool]", beside: "sa.Column[str]"
    ) -> list[tuple[str, str]]:
        wanted = sa.select(column.label("id"), beside.label("beside")).where(which).distinct()
        async with self._database.read() as connection:
            return [(str(row.id), str(row.beside)) for row in (await connection.execute(wanted)).all()]

    async def _old(
        self,
        column: "sa.Column[str]",
        old: "sa.ColumnElement[bool]",
        kept: Collection[str],
        kind: str,
        done: Deleted,
    ) -> None:
        """Delete old rows but those whose column is kept, a batch at a time: no statement grows with what is held."""
        ids = [id for id, _ in await self._ids(column, old, column) if id not in kept]
        for at in range(0, len(ids), _BATCH):
            gone = sa.delete(column.table).where(old, column.in_(ids[at : at + _BATCH]))
            await self._delete(gone, kind, done)

    async def _delete(self, gone: sa.Delete, kind: str, done: Deleted) -> None:
        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(gone)).rowcount

        done.add(kind, await self._database.write(work))
