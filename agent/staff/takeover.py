"""A person in the place of the agent: taking over, writing, handing back, ending, and being missed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from agent.domain.clock import Clock
from agent.domain.conversation import Transcript
from agent.domain.text import ClearText
from agent.staff.words import TakeoverWords
from agent.storage.audit import Audit
from agent.storage.conversations import Conversations
from agent.storage.tickets import SqlTickets
from agent.storage.users import Users

AWAY = timedelta(minutes=3)
"""A member of staff whose console was not seen for so long is gone: an open one is seen about once a minute."""
Ending = Literal["handed_back", "stepped_away", "ended"]


@dataclass(frozen=True, kw_only=True)
class TakeOver:
    """What staff does in the place of the agent. Each step is in the audit; patients are told of it."""

    clock: Clock
    conversations: Conversations
    tickets: SqlTickets
    users: Users
    audit: Audit
    words: TakeoverWords

    async def claim(self, transcript: Transcript, *, staff: str) -> bool:
        """WRITE: take over. False: somebody else has it, or it has ended. Requests for a person become this person's."""
        now, who = self.clock.now(), await self.conversations.colleague(staff)
        said = self.words.say("joined", transcript, who)
        if not await self.conversations.claim(transcript.id, staff=staff, at=now, said=said):
            return False
        for ticket in await self._requests(transcript.id):
            await self.tickets.assign(ticket, owner=staff, at=now)
        await self.audit.record(actor=staff, action="claim", subject=transcript.id)
        return True

    async def write(self, conversation: str, text: ClearText, *, staff: str) -> bool:
        """WRITE a line to the patient. False: this person has not taken over."""
        now, who = self.clock.now(), await self.conversations.colleague(staff)
        if not await self.conversations.staff_line(conversation, name=who.name, text=text, at=now, by=staff):
            return False
        await self.audit.record(actor=staff, action="write", subject=conversation, detail={"characters": len(text)})
        return True

    async def leave(self, transcript: Transcript, *, holder: str, by: str, ending: Ending) -> bool:
        """WRITE: hand the conversation back to the agent, or end it. False: `holder` does not have it (any more).

        `by` is who presses the button: the holder, an admin, or ``careline`` when the holder is gone. What the patient
        asked a person for is done when the holder leaves; else it stays in the queue, for somebody else.
        """
        now, who = self.clock.now(), await self.conversations.colleague(holder)
        said = self.words.say(ending, transcript, who)
        state: Literal["ended", "open"] = "ended" if ending == "ended" else "open"
        if not await self.conversations.release(transcript.id, staff=holder, at=now, state=state, said=said):
            return False
        done = by == holder and ending != "stepped_away"
        await self._settle_requests(transcript.id, done_by=by if done else None, at=now)
        action = "end" if ending == "ended" else "release"
        detail = {} if by == holder else {"of": holder}
        await self.audit.record(actor=by, action=action, subject=transcript.id, detail=detail)
        return True

    async def give_to_the_phone(self, conversation: str, *, holder: str) -> None:
        """WRITE: the call rings elsewhere; when nobody answers, the agent takes it back."""
        await self.conversations.release(conversation, staff=holder, at=self.clock.now(), state="waiting_for_staff")

    async def give_back(self, *, of: str | None = None) -> int:
        """WRITE: hand back what people have who are gone, or everything that `of` has. Return how many."""
        present = set() if of is not None else await self.users.present(within=AWAY)
        returned = 0
        for conversation, holder in (await self.conversations.claims()).items():
            if holder in present or of not in (None, holder):
                continue
            transcript = await self.conversations.transcript(conversation)
            if transcript is not None:
                done = await self.leave(transcript, holder=holder, by=of or "careline", ending="stepped_away")
                returned += done
        return returned

    async def _requests(self, conversation: str) -> list[str]:
        waiting = await self.tickets.list(status="open", kinds=("human_request",), conversation=conversation)
        return [ticket.id for ticket in waiting]

    async def _settle_requests(self, conversation: str, *, done_by: str | None, at: datetime) -> None:
        for ticket in await self._requests(conversation):
            if done_by is None:
                await self.tickets.assign(ticket, owner=None, at=at)
            else:
                await self.tickets.resolve(ticket, by=done_by, at=at)
