"""What can be done with one conversation: take over, write, hand back, end, send to a phone."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException

from agent.domain.conversation import PhoneKey, Transcript
from agent.domain.errors import ServiceError
from agent.domain.text import ClearText
from agent.staff.conversation_list import known, story
from agent.staff.conversation_wire import ConversationOut, LineIn, SendIn, SentOut
from agent.staff.guard import Guard
from agent.staff.parts import StaffParts
from agent.staff.takeover import Ending
from agent.storage.colleagues import shown_name
from agent.storage.users import Session

DESKS: dict[PhoneKey, str] = {
    "front_desk": "the front desk",
    "nurse": "the nurse line",
    "on_call": "the doctor on call",
}
ENDED = "This conversation has ended."
NOBODY = "Take the conversation over first."


def conversation_act_routes(parts: StaffParts, guard: Guard) -> APIRouter:
    """Make `/conversations/{id}/claim`, `/release`, `/lines`, `/end`."""
    router = APIRouter(prefix="/conversations/{id}")
    Writer = Annotated[Session, Depends(guard.writer)]

    @router.post("/claim")
    async def claim(id: str, session: Writer) -> ConversationOut:
        """Take a conversation over: the agent stops. Of two at once one wins; 409 names who has it."""
        me, transcript = session.account.name, await known(parts, id)
        if not await parts.takeover.claim(transcript, staff=me):
            raise HTTPException(409, await _why_not(parts, id))
        return await story(parts, await known(parts, id), me=me)

    @router.post("/lines")
    async def write(id: str, line: LineIn, session: Writer) -> ConversationOut:
        """Say something to the patient; on a call it is spoken."""
        me, _ = session.account.name, await known(parts, id)
        if not await parts.takeover.write(id, ClearText(line.text), staff=me):
            raise HTTPException(409, await _why_not(parts, id))
        return await story(parts, await known(parts, id), me=me)

    async def leave(id: str, session: Session, ending: Ending) -> ConversationOut:
        transcript = await known(parts, id)
        holder = await _holder_to_end(parts, guard, transcript, session)
        if not await parts.takeover.leave(transcript, holder=holder, by=session.account.name, ending=ending):
            raise HTTPException(409, await _why_not(parts, id))
        return await story(parts, await known(parts, id), me=session.account.name)

    @router.post("/release")
    async def release(id: str, session: Writer) -> ConversationOut:
        """Hand the conversation back to the agent; somebody else's is for admins."""
        return await leave(id, session, "handed_back")

    @router.post("/end")
    async def end(id: str, session: Writer) -> ConversationOut:
        """End the conversation; somebody else's is for admins."""
        return await leave(id, session, "ended")

    return router


def send_routes(parts: StaffParts, guard: Guard) -> APIRouter:
    """Make `/conversations/{id}/send`."""
    router = APIRouter(prefix="/conversations/{id}")

    @router.post("/send")
    async def send(id: str, wanted: SendIn, session: Annotated[Session, Depends(guard.writer)]) -> SentOut:
        """Ring one of the practice's phones for a live call; the doctor on call is for nurses and admins."""
        if wanted.to == "on_call":
            guard.check_role(session, "nurse", "admin")
        me, transcript = session.account.name, await known(parts, id)
        holder = await parts.conversations.claimed_by(id)
        if holder not in (None, me):
            raise HTTPException(409, await _why_not(parts, id))
        await _ring(parts, transcript, wanted.to)
        if holder is not None:
            await parts.takeover.give_to_the_phone(id, holder=me)
        await parts.audit.record(actor=me, action="send", subject=id, detail={"to": wanted.to})
        return SentOut(to=wanted.to, said=f"Ringing {DESKS[wanted.to]}.")

    return router


async def _why_not(parts: StaffParts, id: str) -> str:
    """Say in one sentence who or what stands in the way."""
    if await parts.conversations.state_of(id) == "ended":
        return ENDED
    holder = await parts.conversations.claimed_by(id)
    return NOBODY if holder is None else f"{shown_name(holder)} has taken this conversation over."


async def _holder_to_end(parts: StaffParts, guard: Guard, transcript: Transcript, session: Session) -> str:
    """Return whose claim ends; 409 when there is none, 403 when it is another's and only admins may end it."""
    holder = await parts.conversations.claimed_by(transcript.id)
    if holder is None:
        raise HTTPException(409, await _why_not(parts, transcript.id))
    if holder != session.account.name:
        guard.check_role(session, "admin")
    return holder


async def _ring(parts: StaffParts, transcript: Transcript, to: PhoneKey) -> None:
    if transcript.channel != "phone":
        raise HTTPException(409, "Only calls can be sent to a phone.")
    if parts.transfers is None:
        raise HTTPException(409, "Calls cannot be sent to a phone here: no telephone service is set up.")
    try:
        rings = await parts.transfers.send(transcript.id, to)
    except ServiceError:
        raise HTTPException(502, "The telephone service did not take it; the call goes on as before.") from None
    if not rings:
        raise HTTPException(
            409, "This call cannot be sent: it has ended, is with somebody already, or is not by phone."
        )
