"""Answers computed from the practice's facts for the moment asked about. Pure; returns facts, never sentences."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from agent.dialogue.policy import opening
from agent.dialogue.policy.practice_facts import (
    Address,
    CancelRuleAnswer,
    ComingHoliday,
    DayHours,
    DayKind,
    Fact,
    OpenNow,
    Parking,
    PhoneNumber,
    VisitTypeAnswer,
    VisitTypeList,
    WeekHours,
)
from agent.domain.practice import Holiday, Location, Practice

HOLIDAYS_AHEAD = timedelta(days=90)
"""How far ahead holidays are told when none is asked for by name or date."""


def hours(practice: Practice, *, now: datetime, day: date | None = None, location: str | None = None) -> list[Fact]:
    """Return the hours of one or all places on a day, or of the usual week when no day is asked for."""
    places = _places(practice, location)
    if day is None:
        return [WeekHours(location=place.name, days=opening.week_of(place)) for place in places]
    return [_day(practice, place, day, now) for place in places]


def open_now(practice: Practice, *, now: datetime, location: str | None = None) -> list[Fact]:
    """Return for one or all places whether they are open at this moment."""
    return [_now(practice, place, now) for place in _places(practice, location)]


def holidays(practice: Practice, *, now: datetime, first: date | None = None, last: date | None = None) -> list[Fact]:
    """Return the days with other hours in a range; without one, those of the next three months."""
    start = first or now.astimezone(practice.zone).date()
    end = last or start + HOLIDAYS_AHEAD
    return [
        ComingHoliday(
            kind=_holiday_kind(holiday),
            name=holiday.name,
            day=holiday.date,
            spans=holiday.hours,
            locations=tuple(practice.location(id).name for id in holiday.locations),
        )
        for holiday in opening.holidays_between(practice, start, end)
    ]


def addresses(practice: Practice, location: str | None = None) -> list[Fact]:
    """Return where one or all places are."""
    return [Address(location=place.name, address=place.address) for place in _places(practice, location)]


def parking(practice: Practice, location: str | None = None) -> list[Fact]:
    """Return what is known about parking at one or all places."""
    return [
        Parking(kind="parking" if place.parking else "parking_unknown", location=place.name, parking=place.parking)
        for place in _places(practice, location)
    ]


def phone_numbers(
    practice: Practice, *, location: str | None = None, of: Literal["front_desk", "nurse", "location"] = "front_desk"
) -> list[Fact]:
    """Return the number asked for; with a place, that place's own."""
    if of == "nurse":
        return [PhoneNumber(kind="phone_nurse", number=practice.phones.nurse)]
    if of == "location" or location is not None:
        places = _places(practice, location)
        return [PhoneNumber(kind="phone_location", number=place.phone, location=place.name) for place in places]
    return [PhoneNumber(kind="phone_front_desk", number=practice.phones.front_desk)]


def visit_type(practice: Practice, id: str) -> list[Fact]:
    """Return how long a kind of visit takes, for whom it is, how to prepare and who does it."""
    kind = practice.visit_type(id)
    how: Literal["visit_type", "visit_type_prepare"] = "visit_type_prepare" if kind.prepare else "visit_type"
    return [
        VisitTypeAnswer(
            kind=how if kind.booked_by == "agent" else "visit_type_staff",
            visit_type=kind.name,
            minutes=kind.minutes,
            who=kind.who,
            prepare=kind.prepare,
            providers=tuple(person.name for person in practice.providers if id in person.visit_types),
        )
    ]


def visit_types(practice: Practice) -> list[Fact]:
    """Return the names of all kinds of visits."""
    return [VisitTypeList(visit_types=tuple(kind.name for kind in practice.visit_types))]


def cancel_rule(practice: Practice) -> list[Fact]:
    """Return until when a visit may be given up free of charge."""
    rule = practice.rules.cancel
    return [
        CancelRuleAnswer(kind="cancel_fee" if rule.fee > 0 else "cancel_free", free_hours=rule.free_hours, fee=rule.fee)
    ]


def _places(practice: Practice, location: str | None) -> Sequence[Location]:
    return practice.locations if location is None else (practice.location(location),)


def _day(practice: Practice, place: Location, day: date, now: datetime) -> DayHours:
    spans = opening.open_spans(practice, place.id, day)
    holiday = opening.holiday_on(practice, place.id, day)
    today = day == now.astimezone(practice.zone).date()
    kind: DayKind
    if holiday is not None:
        kind = "holiday_hours" if spans else "holiday_closed"
    elif spans:
        kind = "hours_today" if today else "hours_on"
    else:
        kind = "closed_today" if today else "closed_on"
    after = now if today else datetime.combine(day, datetime.min.time(), tzinfo=practice.zone)
    opens = None if spans else opening.next_opening(practice, after, place.id)
    if not spans and opens is None:
        kind = "closed_long"
    name = holiday.name if holiday else None
    return DayHours(kind=kind, location=place.name, day=day, spans=spans, holiday=name, opens=opens)


def _now(practice: Practice, place: Location, now: datetime) -> OpenNow:
    until = opening.closes(practice, now, place.id)
    if until is not None:
        return OpenNow(kind="open_now", location=place.name, until=until)
    opens = opening.next_opening(practice, now, place.id)
    return OpenNow(kind="closed_now" if opens else "closed_long", location=place.name, opens=opens)


def _holiday_kind(holiday: Holiday) -> Literal["holiday", "holiday_at", "holiday_short", "holiday_short_at"]:
    if holiday.hours:
        return "holiday_short_at" if holiday.locations else "holiday_short"
    return "holiday_at" if holiday.locations else "holiday"
