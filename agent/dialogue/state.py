"""The typed state of one conversation: plain JSON types and pseudonyms only, checkpointed by LangGraph.

The schedule, not the state, knows what is booked; the state knows what was said, asked and proposed.
"""

from typing import Any, Literal, TypedDict

from pydantic import TypeAdapter

from agent.domain.conversation import Asks, Event, PhoneKey, State
from agent.domain.scheduling import Proposal, Slot, Visit, Wish

Json = dict[str, Any]
"""A value that round-trips through JSON; what it holds is fixed by the adapters below."""


class Act(TypedDict):
    """One dialogue act: its name (a key of prompts/<lang>/sentences.yaml) and the facts it may speak of."""

    act: str
    facts: Json


class Person(TypedDict, total=False):
    """Somebody the conversation is about, as far as given."""

    given: dict[str, str]  # item (name, first, last, born, phone, postcode) -> placeholder
    patient: str | None  # capability minted by phi, e.g. <PATIENT_1>
    verified: bool  # may hear about, move and cancel the patient's visits
    attempts: int  # failed look-ups
    fresh: bool  # something was given since the last look-up
    proxy: bool  # speaks for somebody without being a listed guardian
    age: int | None
    called: str  # what tells them from others of their kind: daughter, father


class Frame(TypedDict, total=False):
    """One task on the agenda with what is known of it."""

    task: str
    who: str  # a key of `people`: self, child, spouse, parent, other, and child_2 for a second one
    age: int | None
    party: list[str]  # who else is to be seen with this visit and is not known yet
    companions: list[Json]  # who is, in order: {who, visit_type, patient, unverified}
    partners: dict[str, list[Json]]  # by a free start: the slots of the companions that go with it
    standing: Literal["new", "established"] | None
    by_chart: bool  # who it is was given instead of saying whether they had been here: the chart may tell
    visit_type: str | None
    wanted_type: str  # what was asked for, before newcomers or children got theirs
    reason: str | None
    old_day: str  # ISO: the day of the visit to move or cancel, as it was said
    pointed: str  # the id of the visit just written, where "that visit" was said
    before_it: bool  # a time before the visit is wanted: "anything earlier than my appointment"
    onward: str  # the words for where a visit goes, as long as it is not known which visit
    said: str  # the words that wished for it beside another visit: heard when its turn comes
    provider: Json | None  # {provider?, specialty?, gender?, language?}; {} means anybody
    not_providers: list[str]
    location: str | None
    wish: Json  # Wish
    offered: list[Json]  # Slot, in the order they were said
    sooner: str | None  # the day before whose offers something was wanted
    refused: list[str]  # ISO starts that were offered and turned down
    refusals: int  # how many read-backs were turned down
    turned_down: int  # how often in a row offers were turned down with nothing else said
    doubted: Json | None  # Slot of a refused read-back, as long as it is not clear that the time was wrong
    read: Act  # what was read back last, named by its proposal
    unchanged: int  # how often in a row the same read-back came back
    chosen: Json | None  # Slot
    visits: list[Json]  # Visit, in the order they were said
    visit: Json | None  # Visit to move or cancel
    details: dict[str, str]
    kind: str  # ticket kind of a message
    instead: Json  # the booking for which a waiting list is offered: taken up again when another time is named
    number_agreed: bool  # over the phone: the number to call back was said back and agreed to
    asked: dict[str, int]  # how often each thing was asked


class ReadBack(TypedDict):
    """The read-back last spoken: a yes counts only for this proposal, and only when it was heard to its end."""

    proposal: Json  # Proposal
    id: str
    heard: bool


class Safety(TypedDict, total=False):
    """An open safety question."""

    rule: str
    level: str
    asked: int
    heard: str  # what was said when it was raised: taken up again once it is settled
    calls: list[Json]
    again: list[str]  # what was said while it was open
    broken_off: Json  # {asked, question}: what it broke into
    told: bool  # it stayed unanswered, and staff was told; an answer still counts
    stood: bool  # a bare yes to the advice to call 911 was met with the advice once more


class Dialogue(TypedDict, total=False):
    """Everything the graph carries from turn to turn, and this turn's working values."""

    # this turn
    heard: str
    alternatives: list[str]  # other readings of it, best first
    unheard: str | None  # what was said last, when the caller heard nothing of the answer to it
    now: str  # ISO, aware
    flag: Json | None  # {level, rule}
    event: Event | None  # what the channel noticed besides words
    called_from: str | None  # the number a call comes from, as a pseudonym: a hint, never a proof
    connect: PhoneKey | None  # on the phone: where the call is sent once the reply was heard
    understood: Json
    acts: list[Act]
    receipts: list[Json]
    told: list[Json]  # receipts of a reply that is said again
    tickets: list[Json]
    reply: str
    sources: list[Json]
    quick_replies: list[str]
    checks: list[str]  # rules a first wording broke, for `careline why`
    # remembered
    lang: Literal["en", "es"]
    channel: Literal["chat", "phone", "terminal"]
    turn: int
    lines: int  # how many lines the transcript has after this turn, if nobody else speaks in between
    state: State
    agenda: list[Frame]  # the last one is on top
    people: dict[str, Person]  # by who: self, child, spouse, ...
    asked: Asks | None
    question: list[Act]  # the acts that asked it, to ask again after a digression
    readback: ReadBack | None
    unsettled: ReadBack | None  # what was read back and may have been written, though nobody was told
    committed: ReadBack | None  # what this turn's yes wrote: to be told again when the answer was lost
    safety: Safety | None
    denied: list[Json]  # safety questions answered with a no: {entry, words}
    misunderstood: int
    rounds: int  # how often in a row the same question came back with the same facts
    opened: list[str]  # kinds of tickets opened so far
    discreet: bool  # violence at home came up: whoever reads a ticket leaves no voicemail and sends no text
    silences: int  # how often in a row the caller said nothing
    handed_over: bool  # staff was asked to take over; back in state open they have handed back
    left: list[str]  # why tasks were left to staff, so that staff is told once
    unanswered: bool  # a call was sent to a person and nobody picked up


PROPOSAL: TypeAdapter[Proposal] = TypeAdapter(Proposal)
SLOT: TypeAdapter[Slot] = TypeAdapter(Slot)
VISIT: TypeAdapter[Visit] = TypeAdapter(Visit)
WISH: TypeAdapter[Wish] = TypeAdapter(Wish)


def slot_json(slot: Slot) -> Json:
    """Return a slot as plain JSON."""
    value: Json = SLOT.dump_python(slot, mode="json")
    return value


def visit_json(visit: Visit) -> Json:
    """Return a visit as plain JSON."""
    value: Json = VISIT.dump_python(visit, mode="json")
    return value


def wish_json(wish: Wish) -> Json:
    """Return a wish as plain JSON."""
    value: Json = WISH.dump_python(wish, mode="json")
    return value


def proposal_json(proposal: Proposal) -> Json:
    """Return a proposal as plain JSON."""
    value: Json = PROPOSAL.dump_python(proposal, mode="json")
    return value
