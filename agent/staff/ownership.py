"""Who of the staff looks after a ticket."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException

from agent.staff.guard import Guard
from agent.staff.parts import StaffParts
from agent.staff.wire import OwnerIn, TicketOut, ticket_out
from agent.storage.users import Session


def owner_routes(parts: StaffParts, guard: Guard) -> APIRouter:
    """Make `/tickets/{id}/owner`."""
    router = APIRouter(prefix="/tickets/{id}")

    @router.post("/owner")
    async def own(id: str, wanted: OwnerIn, session: Annotated[Session, Depends(guard.writer)]) -> TicketOut:
        """Say who looks after an open ticket: oneself or nobody; an admin may name anybody."""
        me, now = session.account.name, parts.clock.now()
        if wanted.owner not in (None, me):
            guard.check_role(session, "admin")
            if wanted.owner not in {account.name for account in await parts.users.every()}:
                raise HTTPException(422, "There is no such member of staff.")
        done = await parts.tickets.assign(id, owner=wanted.owner, at=now)
        ticket = await parts.tickets.ticket(id)
        if ticket is None:
            raise HTTPException(404, "There is no such ticket.")
        if not done:
            raise HTTPException(409, f"{ticket.resolved_by} has resolved it already.")
        await parts.audit.record(actor=me, action="assign", subject=id, detail={"owner": wanted.owner})
        return ticket_out(ticket, now=now)

    return router
