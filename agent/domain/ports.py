"""The seams of Careline: what one part may ask of another. At most four methods each.

Two families. System ports speak clear text: storage and ehr implement them. Dialogue ports speak opaque references
and SafeText: phi's gateways implement them over the system ports, bound to one conversation's vault; app wires them.
READ may be repeated freely; WRITE is done at most once per once-key and is shielded from cancellation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from agent.domain.conversation import PhoneKey
from agent.domain.handoff import Draft, Ticket, TicketReceipt
from agent.domain.patients import Given, Match, Patient, Person
from agent.domain.safety import Flag
from agent.domain.scheduling import Proposal, Receipt, Slot, SlotQuery, Visit, Write
from agent.domain.text import ClearText, SafeText

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# --- system ports: clear text ----------------------------------------------------------------------------------------


class Schedule(Protocol):
    """The practice's schedule. Ids are the schedule's own."""

    async def open_slots(self, query: SlotQuery, *, holder: str | None = None) -> list[Slot]:
        """READ the free slots that fit, earliest first; `holder`'s own holds count as free. Raises ServiceError."""
        ...

    async def visits(self, patient_id: str, *, after: datetime) -> list[Visit]:
        """READ a patient's booked visits that start at or after a moment, earliest first. Raises ServiceError."""
        ...

    async def hold(self, slots: Sequence[Slot], *, holder: str, until: datetime) -> None:
        """WRITE: keep slots from others for a while; replaces the holder's earlier holds (none: releases them).

        Raises SlotTaken when one of them is gone, ServiceError.
        """
        ...

    async def commit(self, writes: Sequence[Write], *, once: str, holder: str | None = None) -> list[Receipt]:
        """WRITE all or none, once per once-key; a repeated key returns the first receipts.

        Raises SlotTaken, OutsideRules (a visit that is not the patient's, or no longer booked; a time the provider
        does not work or that lies in the past), ServiceError (ServiceTimeout: it may have happened, ask again with
        the same key).
        """
        ...

    async def done(self, once: str) -> list[Receipt] | None:
        """READ the receipts of what this once-key wrote; None when it wrote nothing, or that stands no more.

        Raises ServiceError.
        """
        ...


class Patients(Protocol):
    """The practice's directory of people."""

    async def match(self, given: Given) -> Match:
        """READ who this is, with a margin between the first and the second. Never raises for bad input."""
        ...

    async def patient(self, patient_id: str) -> Patient | None:
        """READ one chart's demographics."""
        ...

    async def register(self, person: Person, *, once: str) -> str:
        """WRITE a new patient (name, birth date, phone) and return its id; a repeated key returns the first id."""
        ...

    async def charges(self, person: Person, *, by: Literal["guardian", "carer"] = "guardian") -> list[Patient]:
        """READ the patients whose listed guardian (or carer) this person is, by patient id, or by name and phone."""
        ...


class Tickets(Protocol):
    """The staff queue. Clear text; stored encrypted."""

    async def open(self, draft: Draft, *, conversation: str | None, once: str) -> TicketReceipt:
        """WRITE a ticket, once per once-key, with an event for staff pages in the same transaction."""
        ...

    async def list(self, *, status: Literal["open", "resolved"] | None = None, limit: int = 200) -> list[Ticket]:
        """READ tickets, newest first."""
        ...

    async def resolve(self, ticket: str, *, by: str, at: datetime) -> bool:
        """WRITE: close a ticket; False when it was closed already or does not exist."""
        ...


class Encoder(Protocol):
    """Sentence embeddings."""

    @property
    def name(self) -> str:
        """Model name and first hash digits, e.g. ``minilm-int8-3f2a``; kept beside whatever was computed with it."""
        ...

    def embed(self, texts: Sequence[str]) -> "Sequence[Sequence[float]]":
        """Return one unit vector a text (a float32 array of shape (texts, dimensions)). About 10 ms CPU a text."""
        ...


class States(Protocol):
    """An encoder that tells what each piece of a text means, before a sentence is made of them."""

    def states(self, text: str) -> "tuple[npt.NDArray[np.float32], Sequence[tuple[int, int]]]":
        """Return a row a piece, shape (pieces, 384), and each piece's offsets into the text. About 2 ms CPU."""
        ...


class Screener(Protocol):
    """The red-flag screen. Sees clear text, says only a level and a rule."""

    def screen(self, text: ClearText, *, prev: str | None = None, lang: str = "en") -> Flag | None:
        """Say whether this utterance raises a red flag. Pure and quick (at most 60 ms); never raises for bad input.

        `prev` is the agent's previous sentence, without any patient's data, or None.
        """
        ...


# --- dialogue ports: pseudonyms only ---------------------------------------------------------------------------------


class Identity(Protocol):
    """Who the caller is, by reference."""

    async def match(self, given: dict[str, SafeText], *, caller: dict[str, SafeText] | None = None) -> Match:
        """READ: item (name, first, last, born, postcode, phone) -> placeholder, e.g. {"name": "<PERSON_1>"}.

        `caller` is what somebody gave who speaks for the patient: unless listed on the chart as guardian or carer,
        nobody matches.

        The match's patient is an opaque reference such as ``<PATIENT_1>``; making it is what verifies it: the
        reference is a capability that lives in this conversation's vault. Raises ServiceError.
        """
        ...

    async def newcomer(
        self, given: dict[str, SafeText], *, verified: bool, caller: dict[str, SafeText] | None = None
    ) -> SafeText:
        """WRITE nothing yet: make a reference for somebody without a (matched) chart, registered on commit.

        What is committed for it is marked unverified unless `verified`. When name and birth date do fit exactly one
        chart, the commit lands on that chart; the dialogue is not told. `caller` is what somebody gave who speaks for
        the patient. Raises NotVerified when the practice lets this sort of caller book nothing.
        """
        ...

    async def charges(self, given: dict[str, SafeText]) -> list[SafeText]:
        """READ references to the patients this person is a listed guardian of."""
        ...

    async def age(self, born: SafeText) -> int | None:
        """READ the age in whole years (90 for all older) that a birth date placeholder means; None when unreadable."""
        ...

    async def lacks_year(self, born: SafeText) -> bool:
        """READ whether a birth date placeholder means a day and a month without a year."""
        ...

    async def can_be_called(self, phone: SafeText) -> bool:
        """READ whether the number behind a placeholder is whole: seven digits, ten, or more with a country's code."""
        ...


class DialogueSchedule(Protocol):
    """The schedule by opaque references. Same promises as `Schedule`."""

    async def open_slots(self, query: SlotQuery) -> list[Slot]:
        """READ the free slots that fit, earliest first."""
        ...

    async def visits(self, patient: SafeText) -> list[Visit]:
        """READ a verified patient's coming visits; ids are references such as ``<VISIT_1>``. Raises NotVerified."""
        ...

    async def hold(self, slots: Sequence[Slot], *, until: datetime) -> None:
        """WRITE: keep slots for this conversation; none releases."""
        ...

    async def commit(self, proposal: Proposal) -> list[Receipt]:
        """WRITE, once per conversation and proposal id. Raises as `Schedule.commit`, and NotVerified, PrivacyError."""
        ...

    async def done(self, proposal: Proposal) -> list[Receipt] | None:
        """READ what this conversation's commit of a proposal wrote and still stands; one under way is waited for."""
        ...


class DialogueTickets(Protocol):
    """Opens tickets from pseudonymous drafts."""

    async def open(self, draft: Draft, *, once: str) -> TicketReceipt:
        """WRITE a ticket; placeholders in the draft are unmasked on the clear side. Raises PrivacyError, ServiceError."""
        ...


@dataclass(frozen=True, kw_only=True)
class Passage:
    """An answer found in the practice's own texts, with how well it fits (0 to 1).

    `foreign`: the text is not in the language of the question.
    """

    id: str
    title: str
    answer: SafeText
    score: float
    foreign: bool = False


@dataclass(frozen=True, kw_only=True)
class Found:
    """What retrieval says: answer from the first passage, offer the nearest topics, or decline."""

    band: Literal["answer", "offer", "decline"]
    passages: tuple[Passage, ...] = ()


class Knowledge(Protocol):
    """The practice's texts."""

    async def find(self, question: SafeText, *, lang: str) -> Found:
        """READ the passages nearest to a question, best first, and how far they may be trusted. Raises ServiceError."""
        ...


# --- phi: the boundary -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MaskedSpan:
    """A span that was masked: offsets into the clear text, end exclusive, and its type (NAME, DATE, PHONE, ...)."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, kw_only=True)
class Masked:
    """An utterance with pseudonyms in place of identities.

    `alternatives`: other readings, best first, as far as everything in them that may identify somebody stands in the
    best reading too.
    """

    text: SafeText
    spans: tuple[MaskedSpan, ...] = ()
    alternatives: tuple[SafeText, ...] = ()


class Transfers(Protocol):
    """Sends live phone calls to people of the practice."""

    async def send(self, conversation: str, to: PhoneKey) -> bool:
        """WRITE: ring that number of the practice for the call of this conversation. False: no such call is live.

        When nobody answers, the caller comes back and the conversation gets the event ``nobody_answered``.
        ServiceError: the telephone service refused or did not answer; the call goes on as before.
        """
        ...
