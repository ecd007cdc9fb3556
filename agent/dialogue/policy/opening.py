"""When the practice is open: hours of a place on a day, holidays included. Pure; local days, aware moments."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

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


def is_open(practice: Practice, location: str, moment: datetime) -> bool:
    """Say whether a place is open at an aware moment; at the closing minute it is not."""
    local = moment.astimezone(practice.zone)
    return any(span.start <= local.time() < span.end for span in open_spans(practice, location, local.date()))


def staffed(practice: Practice, moment: datetime) -> bool:
    """Say whether somebody answers the phone: when any place is open."""
    return any(is_open(practice, place.id, moment) for place in practice.locations)


def closes(practice: Practice, location: str, moment: datetime) -> datetime | None:
    """Return when a place that is open now closes (for lunch, too); None when it is closed."""
    local = moment.astimezone(practice.zone)
    for span in open_spans(practice, location, local.date()):
        if span.start <= local.time() < span.end:
            return _at(practice, local.date(), span.end)
    return None


def next_opening(practice: Practice, location: str, moment: datetime) -> datetime | None:
    """Return the first opening of a place after a moment; None when none comes within sixty days."""
    return next((start for start in _openings(practice, location, moment) if start > moment), None)


def next_staffed(practice: Practice, moment: datetime) -> datetime | None:
    """Return when somebody answers next: now, when any place is open, else the first opening anywhere."""
    if staffed(practice, moment):
        return moment
    starts = [start for place in practice.locations if (start := next_opening(practice, place.id, moment))]
    return min(starts, default=None)


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


def _openings(practice: Practice, location: str, moment: datetime) -> Iterator[datetime]:
    first = moment.astimezone(practice.zone).date()
    for ahead in range(LOOK_AHEAD_DAYS + 1):
        day = first + timedelta(days=ahead)
        for span in open_spans(practice, location, day):
            yield _at(practice, day, span.start)


def _at(practice: Practice, day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=practice.zone)
