"""What goes into a conversation and what comes out of it. Clear text on both ends."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from agent.domain.text import ClearText, Lang

Channel = Literal["chat", "phone", "terminal"]
State = Literal["open", "waiting_for_staff", "with_staff", "ended"]
Asks = Literal[
    "name", "born", "phone", "callback_number", "who", "visit_type", "reason", "provider", "when", "choose_slot",
    "choose_visit", "confirm", "new_or_established", "insurance", "message", "safety", "consent", "clarify", "anything_else",
]  # fmt: skip
"""What a reply wants to know."""
Event = Literal["silence", "unclear", "hang_up", "nobody_answered", "resumed"]
"""What a channel noticed besides words: the caller says nothing, says something no recognizer reads, is gone, came back to us because no person picked up
a transferred call, or calls again after a dropped call."""
PhoneKey = Literal["front_desk", "nurse", "on_call"]
"""A key of the practice's `phones`."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One utterance: the best reading (1 to 2,000 characters), other readings, best first, and digits keyed.

    Keys alone, or an event alone, come with an empty best reading.
    """

    best: ClearText
    alternatives: tuple[ClearText, ...] = ()
    digits: str = ""
    event: Event | None = None
    client_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where an answer comes from; computed answers cite {id: practice}."""

    id: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the caller hears or reads, and what it wants to know.

    `connect`: on the phone, once this was heard, the call is sent to that number of the practice. `alarm`: said even
    when a person has taken over meanwhile.
    """

    id: str
    text: ClearText
    state: State
    asks: Asks | None = None
    quick_replies: tuple[ClearText, ...] = ()
    sources: tuple[Source, ...] = ()
    connect: PhoneKey | None = None
    alarm: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a transcript. `who` is agent, caller or a staff member's name."""

    seq: int
    who: Literal["caller", "agent", "staff"]
    name: str | None
    text: ClearText
    at: datetime
    asks: Asks | None = None
    quick_replies: tuple[ClearText, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """A member of staff as patients see them: the name shown, and where in the practice they sit."""

    name: str
    desk: PhoneKey


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """A conversation as the patient saw it. `staff` is who has taken over, while somebody has."""

    id: str
    channel: Channel
    lang: Lang
    state: State
    lines: tuple[Line, ...] = field(default=())
    staff: Colleague | None = None
