"""Conversations, and who has them, as the console's pages get them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, StringConstraints

from agent.domain.conversation import Channel, PhoneKey, State, Transcript
from agent.domain.handoff import Ticket
from agent.domain.model_calls import ModelCall
from agent.domain.text import Lang
from agent.staff.model_wire import SpentOut, spent_out
from agent.staff.wire import LineOut, TicketOut, line_out, ticket_out
from agent.storage.calls import Call, CallStatus, Kind
from agent.storage.colleagues import shown_name
from agent.storage.events import Event
from agent.storage.live_conversations import LiveConversation

LONGEST_LINE = 2_000


class Holder(BaseModel):
    """Who has taken over: the account, the name patients see, and whether that is who asks."""

    account: str
    name: str
    me: bool


class CallOut(BaseModel):
    """A phone call. `seconds` is how long it has lasted."""

    conversation: str
    kind: Kind
    status: CallStatus
    caller: str | None
    since: datetime
    seconds: int


class LiveOut(BaseModel):
    """One row of the list of live conversations. `seconds` is how long ago something was said."""

    id: str
    channel: Channel
    lang: Lang
    state: State
    since: datetime
    seconds: int
    holder: Holder | None
    last: list[LineOut]
    ticket: TicketOut | None
    call: CallOut | None


class WithheldOut(BaseModel):
    """What the agent was about to say when a person took over; the patient has not seen it."""

    text: str
    at: datetime


class ConversationOut(BaseModel):
    """A conversation with all that staff needs to go on with it. `can_send`: a call that can be sent to a phone.

    `models` is null where no language model was asked.
    """

    id: str
    channel: Channel
    lang: Lang
    state: State
    holder: Holder | None
    lines: list[LineOut]
    withheld: list[WithheldOut]
    tickets: list[TicketOut]
    call: CallOut | None
    can_send: bool
    models: SpentOut | None = None


def _words(text: str) -> str:
    words = text.strip()
    if not words or any("\ud800" <= letter <= "\udfff" for letter in words):
        raise ValueError("the line is empty or holds half a character")
    return words


class LineIn(BaseModel):
    """What staff writes to the patient: 1 to 2,000 characters."""

    text: Annotated[str, StringConstraints(max_length=LONGEST_LINE), AfterValidator(_words)]


class SendIn(BaseModel):
    """Whom to ring for the caller."""

    to: PhoneKey


class SentOut(BaseModel):
    """That a phone rings, in one sentence."""

    to: PhoneKey
    said: str


class StateOut(BaseModel):
    """The state, and who has the conversation."""

    type: Literal["state"] = "state"
    state: State
    holder: Holder | None


def holder(account: str | None, *, me: str) -> Holder | None:
    """Return who has it, seen by `me`."""
    return None if account is None else Holder(account=account, name=shown_name(account), me=account == me)


def call_out(call: Call, *, now: datetime) -> CallOut:
    """Put a call on the wire."""
    until = call.ended or now
    return CallOut(
        conversation=call.conversation or "", kind=call.kind, status=call.status,
        caller=call.caller.reveal() if call.caller else None, since=call.started,
        seconds=max(0, int((until - call.started).total_seconds())),
    )  # fmt: skip


def live_out(
    one: LiveConversation, *, now: datetime, me: str, ticket: Ticket | None, call: Call | None
) -> LiveOut:  # fmt: skip
    """Put a row of the list on the wire."""
    return LiveOut(
        id=one.id, channel=one.channel, lang=one.lang, state=one.state, since=one.opened,
        seconds=max(0, int((now - one.updated).total_seconds())), holder=holder(one.staff, me=me),
        last=[line_out(line) for line in one.last], ticket=None if ticket is None else ticket_out(ticket, now=now),
        call=None if call is None else call_out(call, now=now),
    )  # fmt: skip


def conversation_out(
    transcript: Transcript, *, now: datetime, me: str, staff: str | None, tickets: list[Ticket],
    withheld: list[Event], call: Call | None, can_send: bool, asked: Sequence[ModelCall] = (),
) -> ConversationOut:  # fmt: skip
    """Put a whole conversation on the wire."""
    return ConversationOut(
        id=transcript.id, channel=transcript.channel, lang=transcript.lang, state=transcript.state,
        holder=holder(staff, me=me), lines=[line_out(line) for line in transcript.lines],
        withheld=[withheld_out(event) for event in withheld], call=None if call is None else call_out(call, now=now),
        tickets=[ticket_out(ticket, now=now) for ticket in tickets], can_send=can_send,
        models=spent_out(asked),
    )  # fmt: skip


def withheld_out(event: Event) -> WithheldOut:
    """Put what was withheld on the wire."""
    return WithheldOut(text=str(event.body["text"]), at=event.at)
