"""The staff queue: tickets, sealed, each with an event for staff pages in the same transaction."""

import json
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.clock import Clock
from agent.domain.handoff import HANDOFFS, MESSAGES, Draft, Ticket, TicketKind, TicketReceipt
from agent.storage.engine import Database
from agent.storage.events import STAFF, Events
from agent.storage.ids import is_ticket_id, new_ticket_id
from agent.storage.sealing import Sealer
from agent.storage.tables import tickets

EXPORTS: dict[str, tuple[TicketKind, ...]] = {"handoffs": HANDOFFS, "messages": MESSAGES, "callbacks": ("callback",)}
"""Which kinds of ticket each export holds; every kind is in exactly one."""

Tickets = list[Ticket]


class SqlTickets:
    """Implements `agent.domain.ports.Tickets`."""

    def __init__(self, database: Database, sealer: Sealer, events: Events, clock: Clock) -> None:
        self._database = database
        self._sealer = sealer
        self._events = events
        self._clock = clock

    async def open(self, draft: Draft, *, conversation: str | None, once: str) -> TicketReceipt:
        """WRITE a ticket, once per once-key. Raises ServiceError."""
        try:
            receipt = await self._database.write(lambda connection: self._open(connection, draft, conversation, once))
        except IntegrityError:  # the same key, written at the same moment by another process
            receipt = await self._database.write(lambda connection: self._open(connection, draft, conversation, once))
        self._events.wake(STAFF)
        return receipt

    async def list(
        self,
        *,
        status: Literal["open", "resolved"] | None = None,
        limit: int = 200,
        kinds: tuple[TicketKind, ...] = (),
        conversation: str | None = None,
    ) -> Tickets:
        """READ tickets, newest first. Raises ServiceError."""
        wanted = sa.select(tickets).order_by(tickets.c.opened.desc(), tickets.c.id).limit(limit)
        if status is not None:
            wanted = wanted.where(tickets.c.status == status)
        if kinds:
            wanted = wanted.where(tickets.c.kind.in_(kinds))
        if conversation is not None:
            wanted = wanted.where(tickets.c.conversation == conversation)
        async with self._database.read() as connection:
            return [self._ticket(row) for row in (await connection.execute(wanted)).all()]

    async def ticket(self, id: str) -> Ticket | None:
        """READ one ticket."""
        if not is_ticket_id(id):
            return None
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(tickets).where(tickets.c.id == id))).first()
        return None if row is None else self._ticket(row)

    async def resolve(self, ticket: str, *, by: str, at: datetime) -> bool:
        """WRITE: close a ticket; False when it was closed already or does not exist.

        A hand-over that is done makes room for the next: whoever asks for a person again, or raises an alarm again,
        gets a new ticket under the same key.
        """
        if not is_ticket_id(ticket):
            return False
        still_open = sa.update(tickets).where(tickets.c.id == ticket, tickets.c.status == "open")
        freed = sa.case((tickets.c.kind.in_(HANDOFFS), tickets.c.once + f"#{ticket}"), else_=tickets.c.once)

        async def work(connection: AsyncConnection) -> bool:
            closing = still_open.values(status="resolved", resolved_by=by, resolved_at=at, once=freed)
            if (await connection.execute(closing)).rowcount == 0:
                return False
            await self._events.add(connection, STAFF, "ticket_resolved", {"ticket": ticket, "by": by}, at)
            return True

        closed = await self._database.write(work)
        self._events.wake(STAFF)
        return closed

    async def assign(self, ticket: str, *, owner: str | None, at: datetime) -> bool:
        """WRITE who looks after an open ticket; False when there is no such open one."""
        if not is_ticket_id(ticket):
            return False
        still_open = sa.update(tickets).where(tickets.c.id == ticket, tickets.c.status == "open")

        async def work(connection: AsyncConnection) -> bool:
            if (await connection.execute(still_open.values(owner=owner))).rowcount == 0:
                return False
            await self._events.add(connection, STAFF, "ticket_assigned", {"ticket": ticket, "owner": owner}, at)
            return True

        done = await self._database.write(work)
        self._events.wake(STAFF)
        return done

    async def _open(
        self, connection: AsyncConnection, draft: Draft, conversation: str | None, once: str
    ) -> TicketReceipt:
        row = (await connection.execute(sa.select(tickets).where(tickets.c.once == once))).first()
        if row is not None:
            return TicketReceipt(id=row.id, kind=row.kind, due=row.due)
        id, at = new_ticket_id(), self._clock.now()
        body = {"summary": draft.summary, "details": draft.details, "patient": draft.patient}
        await connection.execute(
            sa.insert(tickets).values(
                id=id,
                once=once,
                kind=draft.kind,
                conversation=conversation,
                opened=at,
                due=draft.due,
                status="open",
                rule=draft.rule,
                body=self._sealer.seal_text(json.dumps(body), f"tickets:{id}"),
            )
        )
        told = {"ticket": id, "kind": draft.kind, "conversation": conversation}
        await self._events.add(connection, STAFF, "ticket_opened", told, at)
        return TicketReceipt(id=id, kind=draft.kind, due=draft.due)

    def _ticket(self, row: Any) -> Ticket:
        body: dict[str, Any] = json.loads(self._sealer.open_text(row.body, f"tickets:{row.id}"))
        return Ticket(
            id=row.id,
            kind=row.kind,
            conversation=row.conversation,
            opened=row.opened,
            due=row.due,
            status=row.status,
            summary=body["summary"],
            details=body["details"],
            patient=body["patient"],
            rule=row.rule,
            owner=row.owner,
            resolved_by=row.resolved_by,
            resolved_at=row.resolved_at,
        )
