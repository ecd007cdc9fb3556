"""What can be said about a practice, as typed facts. Their sentences stand in prompts/<lang>/answers.yaml, by kind."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from agent.domain.practice import OpenSpan

Spans = tuple[OpenSpan, ...]


DayKind = Literal[
    "hours_today", "hours_on", "closed_today", "closed_on", "holiday_hours", "holiday_closed", "closed_long"
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DayHours:
    """A place's hours on one day. Closed: `opens` is the next opening; closed_long: none is in sight."""

    kind: DayKind
    location: str
    day: date
    spans: Spans
    holiday: str | None = None
    opens: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OpenNow:
    """Whether a place is open at this moment, until when, or from when again."""

    kind: Literal["open_now", "closed_now", "closed_long"]
    location: str
    until: datetime | None = None
    opens: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WeekHours:
    """A place's usual week: runs of weekdays (Monday is 0) with their hours."""

    kind: Literal["hours_week"] = "hours_week"
    location: str
    days: tuple[tuple[tuple[int, ...], Spans], ...]


@dataclass(frozen=True, kw_only=True)
class ComingHoliday:
    """A day with other hours to come: closed, or open for `spans`; everywhere, or (..._at) at `locations`."""

    kind: Literal["holiday", "holiday_at", "holiday_short", "holiday_short_at"]
    name: str
    day: date
    spans: Spans
    locations: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a place is."""

    kind: Literal["address"] = "address"
    location: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Parking:
    """What the practice says about parking at a place."""

    kind: Literal["parking", "parking_unknown"]
    location: str
    parking: str | None = None


@dataclass(frozen=True, kw_only=True)
class PhoneNumber:
    """A number to call, E.164: a place's, the front desk's or the nurse line's."""

    kind: Literal["phone_location", "phone_front_desk", "phone_nurse"]
    number: str
    location: str | None = None


InsurerKind = Literal[
    "insurer_yes", "insurer_yes_plans", "insurer_some_places", "insurer_not_here", "insurer_plan_unsure", "insurer_no"
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class InsurerAnswer:
    """Whether an insurer is taken, with which plans and where. Never a promise of coverage.

    insurer_yes, insurer_yes_plans: on the list, everywhere asked about, the latter with its plans. insurer_some_places: only at `locations`. insurer_plan_unsure: the
    insurer is on the list, the plan asked about is not. insurer_no: not on the list.
    """

    kind: InsurerKind
    insurer: str
    plan: str | None = None
    plans: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InsurerList:
    """All insurers on the list."""

    kind: Literal["insurer_list", "insurer_none_listed"]
    insurers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ProviderAnswer:
    """Somebody patients can see: what for, in which languages, on which weekdays where (Monday is 0)."""

    kind: Literal["provider_days", "provider_days_ages", "provider_away"]
    provider: str
    specialty: str
    languages: tuple[str, ...]
    places: tuple[tuple[str, tuple[int, ...]], ...]
    ages: tuple[int, int] | None = None
    away_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class ProviderList:
    """The providers that fit a question, with their specialties; none fit: provider_none."""

    kind: Literal["provider_list", "provider_none"]
    providers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class VisitTypeAnswer:
    """A kind of visit: how long, for whom, how to prepare, with whom, and whether staff must book it."""

    kind: Literal["visit_type", "visit_type_prepare", "visit_type_staff"]
    visit_type: str
    minutes: int
    who: Literal["new", "established", "any"]
    prepare: str | None
    providers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VisitTypeList:
    """All kinds of visits."""

    kind: Literal["visit_type_list"] = "visit_type_list"
    visit_types: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CancelRuleAnswer:
    """Until when a visit may be given up free of charge, and what it costs after that."""

    kind: Literal["cancel_fee", "cancel_free"]
    free_hours: int
    fee: Decimal


Fact = (
    DayHours | OpenNow | WeekHours | ComingHoliday | Address | Parking | PhoneNumber | InsurerAnswer | InsurerList
    | ProviderAnswer | ProviderList | VisitTypeAnswer | VisitTypeList | CancelRuleAnswer
)  # fmt: skip
