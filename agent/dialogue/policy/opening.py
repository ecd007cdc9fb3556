"""When the practice is open: hours of a place on a day, holidays included. Pure; local days, aware moments."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from agent.domain.practice import WEEKDAYS, Holiday, Location, OpenSpan, Practice

LOOK_AHEAD_DAYS = 60
"""How far a next opening is looked for; a practice closed for longer has none to tell."""


def holiday_on(practice: Practice, location: str, day: date) -> Holiday | None:
    """Return the holiday kept at a place on a day; one that names the place goes before one for all places."""
    that_day = [holiday for holiday in practice.holidays if holiday.date == day]
    for holiday in that_day:
        if location in holiday.locations:
            return holiday
    return next((holiday for holiday in that_day if not holiday.locations), None)


def open_spans(practice: Practice, location: str, day: date) -> tuple[OpenSpan, ...]:
    """Return a place's hours on a day, earliest first; empty when it is closed."""
    holiday = holiday_on(practice, location, day)
    hours = practice.location(location).hours.get(WEEKDAYS[day.weekday()], ()) if holiday is None else holiday.hours
    return tuple(sorted(hours, key=lambda span: span.start))


def is_open(practice: Practice, moment: datetime, location: str | None = None) -> bool:
    """Say whether a place, or without one any place, is open at an aware moment; at the closing minute it is not."""
    return closes(practice, moment, location) is not None


def closes(practice: Practice, moment: datetime, location: str | None = None) -> datetime | None:
    """Return when a place (or the last of all places) closes next, for lunch too; None when it is closed."""
    local = moment.astimezone(practice.zone)
    ends = [
        span.end
        for place in _ids(practice, location)
        for span in open_spans(practice, place, local.date())
        if span.start <= local.time() < span.end
    ]
    return _at(practice, local.date(), max(ends)) if ends else None


@dataclass(frozen=True, kw_only=True)
class Today:
    """What kind of moment a conversation begins in: the sentence that greets, and the holiday's name if it is one."""

    greeting: Literal["opening", "opening_closed", "opening_holiday"]
    holiday: str = ""


def today(practice: Practice, moment: datetime) -> Today:
    """Return how to greet: open, closed, or closed for a holiday that all places keep."""
    if is_open(practice, moment):
        return Today(greeting="opening")
    day = moment.astimezone(practice.zone).date()
    kept = {holiday.name for place in practice.locations if (holiday := holiday_on(practice, place.id, day))}
    everywhere = all(holiday_on(practice, place.id, day) for place in practice.locations)
    if everywhere and len(kept) == 1:
        return Today(greeting="opening_holiday", holiday=kept.pop())
    return Today(greeting="opening_closed")


def next_opening(practice: Practice, moment: datetime, location: str | None = None) -> datetime | None:
    """Return the first opening after a moment, of a place or of any; None when none comes within sixty days."""
    first = moment.astimezone(practice.zone).date()
    for ahead in range(LOOK_AHEAD_DAYS + 1):
        starts = [start for place in _ids(practice, location) for start in _starts(practice, place, first, ahead)]
        later = [start for start in starts if start > moment]
        if later:
            return min(later)
    return None


def holidays_between(practice: Practice, first: date, last: date, location: str | None = None) -> tuple[Holiday, ...]:
    """Return the holidays from the first to the last day, both included, in order of date."""
    kept = (
        holiday
        for holiday in practice.holidays
        if first <= holiday.date <= last
        and (location is None or not holiday.locations or location in holiday.locations)
    )
    return tuple(sorted(kept, key=lambda holiday: holiday.date))


def week_of(location: Location) -> tuple[tuple[tuple[int, ...], tuple[OpenSpan, ...]], ...]:
    """Return a usual week as runs of following weekdays (Monday is 0) with equal hours; closed days are left out."""
    runs: list[tuple[tuple[int, ...], tuple[OpenSpan, ...]]] = []
    for number, name in enumerate(WEEKDAYS):
        hours = tuple(sorted(location.hours.get(name, ()), key=lambda span: span.start))
        if runs and runs[-1][1] == hours and runs[-1][0][-1] == number - 1:
            runs[-1] = ((*runs[-1][0], number), hours)
        elif hours:
            runs.append(((number,), hours))
    return tuple(runs)


def _ids(practice: Practice, location: str | None) -> list[str]:
    return [place.id for place in practice.locations] if location is None else [location]


def _starts(practice: Practice, location: str, first: date, ahead: int) -> list[datetime]:
    day = first + timedelta(days=ahead)
    return [_at(practice, day, span.start) for span in open_spans(practice, location, day)]


def _at(practice: Practice, day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=practice.zone)
