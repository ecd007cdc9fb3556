"""The conversations that are going on, and one of them with its story."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException

from agent.domain.conversation import Transcript
from agent.domain.handoff import Ticket
from agent.domain.model_calls import ModelCall
from agent.staff.conversation_wire import CallOut, ConversationOut, LiveOut, call_out, conversation_out, live_out
from agent.staff.guard import Guard
from agent.staff.parts import StaffParts
from agent.staff.urgency import in_order, urgency
from agent.storage.calls import Call
from agent.storage.users import Session

LATELY = timedelta(minutes=30)
"""A conversation in which nothing was said for longer is not live any more."""
WAITING = timedelta(hours=24)
"""One that waits for a person stays in the list for so long."""
_ORDER = {"waiting_for_staff": 0, "with_staff": 1, "open": 2}


def conversation_list_routes(parts: StaffParts, guard: Guard) -> APIRouter:
    """Make `/conversations`, `/conversations/{id}` and `/calls`."""
    router = APIRouter()

    @router.get("/conversations")
    async def conversations(session: Annotated[Session, Depends(guard.reader)]) -> list[LiveOut]:
        """Read what is going on: where a life may be at stake, who waits for a person, who has one, then the latest."""
        now, me = parts.clock.now(), session.account.name
        found = await parts.conversations.live(since=now - LATELY, waiting_since=now - WAITING)
        tickets, calls = await _open_tickets(parts), await _calls(parts)
        rows = [
            live_out(one, now=now, me=me, ticket=tickets.get(one.id), call=calls.get(one.id))
            for one in found
            if one.channel != "phone" or one.id in calls or one.state != "open"
        ]
        alarmed = {id for id, ticket in tickets.items() if urgency(ticket) == "now"}
        return sorted(rows, key=lambda row: (row.id not in alarmed, _ORDER[row.state], row.seconds))

    @router.get("/conversations/{id}")
    async def conversation(id: str, session: Annotated[Session, Depends(guard.reader)]) -> ConversationOut:
        """Read one conversation with its tickets; that it was read is kept in the audit."""
        transcript = await known(parts, id)
        await parts.audit.record(actor=session.account.name, action="read:transcript", subject=id)
        return await story(parts, transcript, me=session.account.name)

    @router.get("/calls", dependencies=[Depends(guard.reader)])
    async def calls() -> list[CallOut]:
        """Read the phone calls that are going on, the longest first."""
        now = parts.clock.now()
        return [call_out(call, now=now) for call in (await _calls(parts)).values()]

    return router


async def known(parts: StaffParts, id: str) -> Transcript:
    """Return a conversation, or refuse with 404."""
    transcript = await parts.conversations.transcript(id)
    if transcript is None:
        raise HTTPException(404, "There is no such conversation.")
    return transcript


async def story(parts: StaffParts, transcript: Transcript, *, me: str) -> ConversationOut:
    """Return a conversation with everything staff needs to go on with it."""
    call = await parts.calls.of_conversation(transcript.id) if parts.calls and transcript.channel == "phone" else None
    live = call is not None and call.status == "live"
    return conversation_out(
        transcript, now=parts.clock.now(), me=me, staff=await parts.conversations.claimed_by(transcript.id),
        tickets=await parts.tickets.list(conversation=transcript.id),
        withheld=await parts.conversations.withheld(transcript.id), call=call,
        can_send=live and parts.transfers is not None,
        asked=await asked_of(parts, transcript.id),
    )  # fmt: skip


async def asked_of(parts: StaffParts, id: str) -> list[ModelCall]:
    """Return what language models were asked in a conversation, in order."""
    return await parts.model_calls.of(id) if parts.model_calls else []


async def _open_tickets(parts: StaffParts) -> dict[str, Ticket]:
    """Return the most pressing open ticket of each conversation."""
    found: dict[str, Ticket] = {}
    for ticket in in_order(await parts.tickets.list(status="open", limit=1_000), now=parts.clock.now()):
        if ticket.conversation is not None:
            found.setdefault(ticket.conversation, ticket)
    return found


async def _calls(parts: StaffParts) -> dict[str, Call]:
    """Return the calls that are going on, by conversation."""
    if parts.calls is None:
        return {}
    return {call.conversation: call for call in await parts.calls.live_calls() if call.conversation is not None}
