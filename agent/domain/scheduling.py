"""Slots, visits, proposals and receipts: the words of booking.

On the clear side ids are those of the schedule; on the dialogue's side the same shapes carry opaque references such
as ``<PATIENT_1>`` and ``<VISIT_1>``. Times are aware; stored and compared in UTC, shown in the practice's zone.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

GRANULE = timedelta(minutes=5)
"""The unit in which a provider's time is owned. Visits start and end on whole granules."""


@dataclass(frozen=True, kw_only=True, order=True)
class Slot:
    """A time a provider could see somebody."""

    start: datetime
    minutes: int
    provider: str
    location: str
    visit_type: str

    @property
    def end(self) -> datetime:
        """When the visit would be over."""
        return self.start + timedelta(minutes=self.minutes)


@dataclass(frozen=True, kw_only=True)
class SlotQuery:
    """Which slots are wanted. Bounds are half open: `earliest` <= start < `latest`.

    `starts` asks for exactly these starts (any whole granule); without it, starts lie on a grid of the visit's length
    counted from the beginning of each working span. At most `limit` slots come back, earliest first.
    """

    visit_type: str
    minutes: int
    earliest: datetime
    latest: datetime
    providers: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    starts: tuple[datetime, ...] = ()
    limit: int = 2_000


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A booked (or cancelled) appointment."""

    id: str
    patient: str
    provider: str
    location: str
    visit_type: str
    start: datetime
    minutes: int
    status: Literal["booked", "cancelled"] = "booked"


@dataclass(frozen=True, kw_only=True)
class Book:
    """Take a slot for a patient."""

    patient: str
    slot: Slot
    unverified: bool = False
    kind: Literal["book"] = "book"


@dataclass(frozen=True, kw_only=True)
class Move:
    """Take the new slot, then free the old one, in one transaction."""

    patient: str
    visit: str
    slot: Slot
    kind: Literal["move"] = "move"


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """Free a visit."""

    patient: str
    visit: str
    kind: Literal["cancel"] = "cancel"


Write = Book | Move | Cancel


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One to four writes, committed all or none. Its id is a hash of their exact content."""

    writes: tuple[Write, ...]

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits that change with any detail of the writes."""
        content = json.dumps([asdict(write) for write in self.writes], default=_utc, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:16]


def _utc(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(type(value).__name__)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof from the schedule that a write is done."""

    id: str
    kind: Literal["book", "move", "cancel"]
    visit: Visit


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a caller said about when, resolved to dates by code. Everything is optional; empty means no preference.

    Lists are alternatives; a start fits when it fits every kind of constraint that is given. Days are local dates,
    times local minutes since midnight, half open.
    """

    days: tuple[tuple[date, date], ...] = ()  # inclusive ranges; a single day is (d, d)
    weekdays: tuple[int, ...] = ()  # Monday is 0
    times: tuple[tuple[int, int], ...] = ()  # minutes since midnight, start <= t < end
    exact: tuple[int, ...] = ()  # exact starts, minutes since midnight
    not_days: tuple[tuple[date, date], ...] = ()
    not_weekdays: tuple[int, ...] = ()
    not_times: tuple[tuple[int, int], ...] = ()
    order: Literal["soonest", "latest", "near"] | None = None
    ask: str | None = None  # why the words are ambiguous: "am_pm", "day", "gap", "past"; None when clear

    @property
    def empty(self) -> bool:
        """Whether nothing at all was said about when."""
        return self == Wish()


def shift_of(moment: datetime) -> int:
    """Return the minutes since local midnight of an aware, localised moment."""
    return moment.hour * 60 + moment.minute


def whole(moments: Sequence[datetime]) -> bool:
    """Say whether all moments lie on whole granules."""
    return all(moment.second == 0 and moment.microsecond == 0 and moment.minute % 5 == 0 for moment in moments)
