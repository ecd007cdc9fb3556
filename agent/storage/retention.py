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

        Conversations that wait for staff or are with staff, and those with a ticket that is still open, stay however
        old they are; so do open tickets. Any other is over after a day of silence.
        """
        done = Deleted()
        before = min(now - keep.days("transcripts"), now - _QUIET)
        over = [id for id in await self._over(before) if id not in held.conversations]
        for at in range(0, len(over), _BATCH):
            await self._forget(over[at : at + _BATCH], done)
        spared = sa.and_(
            _not_held(tickets.c.conversation, held.conversations), tickets.c.id.not_in(sorted(held.tickets))
        )
        old_tickets = (tickets.c.status == "resolved", tickets.c.resolved_at < now - keep.days("tickets"), spared)
        await self._delete(sa.delete(tickets).where(*old_tickets), "tickets", done)
        old_decisions = decisions.c.at < now - keep.days("decisions")
        await self._delete(
            sa.delete(decisions).where(old_decisions, decisions.c.conversation.not_in(held.conversations)),
            "decisions",
            done,
        )
        old_calls = (calls.c.started < now - keep.days("calls"), calls.c.status == "ended")
        await self._delete(
            sa.delete(calls).where(*old_calls, _not_held(calls.c.conversation, held.conversations)), "calls", done
        )
        topics = [conversation_topic(id) for id in held.conversations]
        old_events = events.c.at < now - keep.days("events")
        await self._delete(sa.delete(events).where(old_events, events.c.topic.not_in(topics)), "events", done)
        done.add("audit", await self._audit.cut(before=now - keep.days("audit")))
        return done

    async def forget(self, ids: Sequence[str], own: Sequence[str]) -> Deleted:
        """WRITE: delete everything of some conversations, and some tickets; other tickets of theirs stay."""
        done = Deleted()
        for at in range(0, len(ids), _BATCH):
            await self._forget(ids[at : at + _BATCH], done)
        for at in range(0, len(own), _BATCH):
            gone = sa.delete(tickets).where(tickets.c.id.in_(own[at : at + _BATCH]))
            await self._delete(gone, "tickets", done)
        return done

    async def _over(self, before: datetime) -> list[str]:
        waited_for = sa.select(tickets.c.conversation).where(
            tickets.c.status == "open", tickets.c.conversation.is_not(None)
        )
        quiet = sa.and_(conversations.c.state == "open", conversations.c.id.not_in(waited_for))
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

    async def _delete(self, gone: sa.Delete, kind: str, done: Deleted) -> None:
        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(gone)).rowcount

        done.add(kind, await self._database.write(work))


def _not_held(column: "sa.Column[str | None]", held: Collection[str]) -> "sa.ColumnElement[bool]":
    return sa.or_(column.is_(None), column.not_in(held))
