"""The console's data: the queue, transcripts, resolving."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException

from agent.domain.handoff import HANDOFFS, MESSAGES, TicketKind
from agent.staff.guard import Guard
from agent.staff.parts import StaffParts
from agent.staff.urgency import in_order
from agent.staff.wire import TicketOut, TranscriptOut, ticket_out, transcript_out
from agent.storage.users import Session

Status = Literal["open", "resolved", "all"]
MOST = 200


def list_routes(parts: StaffParts, guard: Guard) -> APIRouter:
    """Make the lists: hand-overs, messages, promised calls, all."""
    router = APIRouter(dependencies=[Depends(guard.reader)])

    async def queue(kinds: tuple[TicketKind, ...], status: Status) -> list[TicketOut]:
        wanted = None if status == "all" else status
        found = await parts.tickets.list(status=wanted, kinds=kinds, limit=MOST)
        now = parts.clock.now()
        ordered = in_order(found, now=now) if status == "open" else found
        return [ticket_out(ticket, now=now) for ticket in ordered]

    @router.get("/handoffs")
    async def handoffs(status: Status = "open") -> list[TicketOut]:
        """Read the hand-overs; open ones the most pressing first, others the newest first."""
        return await queue(HANDOFFS, status)

    @router.get("/messages")
    async def messages(status: Status = "open") -> list[TicketOut]:
        """Read the messages."""
        return await queue(MESSAGES, status)

    @router.get("/callbacks")
    async def callbacks(status: Status = "open") -> list[TicketOut]:
        """Read the promised calls."""
        return await queue(("callback",), status)

    @router.get("/tickets")
    async def tickets(status: Status = "open") -> list[TicketOut]:
        """Read all of them."""
        return await queue((), status)

    return router


def ticket_routes(parts: StaffParts, guard: Guard) -> APIRouter:
    """Make what can be done with one ticket."""
    router = APIRouter(prefix="/tickets/{id}")

    @router.get("/transcript")
    async def transcript(id: str, session: Annotated[Session, Depends(guard.reader)]) -> TranscriptOut:
        """Read the conversation a ticket comes from; that it was read is kept in the audit."""
        ticket = await parts.tickets.ticket(id)
        found = await parts.conversations.transcript(ticket.conversation) if ticket and ticket.conversation else None
        if found is None:
            raise HTTPException(404, "There is no conversation with this ticket.")
        await parts.audit.record(actor=session.account.name, action="read:transcript", subject=found.id)
        return transcript_out(found)

    @router.post("/resolve")
    async def resolve(id: str, session: Annotated[Session, Depends(guard.writer)]) -> TicketOut:
        """Close a ticket; 409 when somebody else was quicker."""
        now = parts.clock.now()
        closed = await parts.tickets.resolve(id, by=session.account.name, at=now)
        ticket = await parts.tickets.ticket(id)
        if ticket is None:
            raise HTTPException(404, "There is no such ticket.")
        if not closed:
            raise HTTPException(409, f"{ticket.resolved_by} has resolved it already.")
        await parts.audit.record(actor=session.account.name, action="resolve", subject=id)
        return ticket_out(ticket, now=now)

    return router
