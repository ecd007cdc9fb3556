"""When a provider works, and which starts that leaves. Pure: no I/O, no clock.

A provider works where and when both their own hours and the location's say so, holidays put in place of the location's
hours, days away taken out. A start whose local time happens twice (clocks going back) is never opened: nobody could
say which one is meant.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agent.domain.practice import WEEKDAYS, Location, OpenSpan, Practice, Provider
from agent.domain.scheduling import GRANULE, Slot, SlotQuery

Span = tuple[datetime, datetime]
"""Half open, in UTC."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Taken(NamedTuple):
    """Time of a provider that is not free: booked, held by somebody else, or blocked."""

    provider: str
    start: datetime
    end: datetime


def granules_of(start: datetime, end: datetime) -> range:
    """Return the numbers of all granules that a span touches."""
    return range((start - _EPOCH) // GRANULE, -((_EPOCH - end) // GRANULE))


def working_spans(practice: Practice, provider: Provider, location: Location, day: date) -> tuple[Span, ...]:
    """Return when a provider sees patients at a location on a local day, in order."""
    return _working_spans(_Key(practice), provider.id, location.id, day)


def works(practice: Practice, slot: Slot) -> bool:
    """Say whether the slot's provider does this kind of visit then and there, from its start to its end."""
    try:
        provider, location = practice.provider(slot.provider), practice.location(slot.location)
    except KeyError:
        return False
    if slot.visit_type not in provider.visit_types:
        return False
    day = slot.start.astimezone(practice.zone).date()
    spans = working_spans(practice, provider, location, day)
    return any(start <= slot.start and slot.end <= end for start, end in spans)


def openings(
    practice: Practice, query: SlotQuery, taken: Sequence[Taken], *, earliest: datetime, latest: datetime
) -> list[Slot]:
    """Return the free slots with `earliest` <= start < `latest` that fit the query, earliest first; no limit."""
    busy = _busy(taken)
    found = [
        slot
        for provider in _wanted(practice, query)
        for location in _places(practice, provider, query)
        for slot in _candidates(practice, provider, location, query, between=(earliest, latest))
        if busy.get(provider.id, frozenset()).isdisjoint(granules_of(slot.start, slot.end))
    ]
    return sorted(found)


def _wanted(practice: Practice, query: SlotQuery) -> Iterator[Provider]:
    for provider in practice.providers:
        if query.visit_type in provider.visit_types and (not query.providers or provider.id in query.providers):
            yield provider


def _places(practice: Practice, provider: Provider, query: SlotQuery) -> Iterator[Location]:
    for location in practice.locations:
        if location.id in provider.hours and (not query.locations or location.id in query.locations):
            yield location


def _busy(taken: Sequence[Taken]) -> dict[str, set[int]]:
    busy: dict[str, set[int]] = {}
    for span in taken:
        busy.setdefault(span.provider, set()).update(granules_of(span.start, span.end))
    return busy


def _candidates(
    practice: Practice, provider: Provider, location: Location, query: SlotQuery, *, between: Span
) -> Iterator[Slot]:
    length = timedelta(minutes=query.minutes)
    for day in _days(*between, practice.zone):
        for start, end in working_spans(practice, provider, location, day):
            for at in _starts(query, start, end - length):
                if between[0] <= at < between[1] and not _twice(at, practice.zone):
                    yield Slot(
                        start=at,
                        minutes=query.minutes,
                        provider=provider.id,
                        location=location.id,
                        visit_type=query.visit_type,
                    )


def _starts(query: SlotQuery, first: datetime, last: datetime) -> Iterator[datetime]:
    """Yield the starts within a working span: those asked for, or the grid of the visit's length."""
    if query.starts:
        yield from (at.astimezone(UTC) for at in query.starts if first <= at <= last and _whole(at))
        return
    at = _EPOCH + granules_of(first + GRANULE - timedelta(microseconds=1), last).start * GRANULE
    step = -(-timedelta(minutes=query.minutes) // GRANULE) * GRANULE
    while at <= last:
        yield at
        at += step


def _whole(at: datetime) -> bool:
    return (at - _EPOCH) % GRANULE == timedelta(0)


def _twice(at: datetime, zone: ZoneInfo) -> bool:
    local = at.astimezone(zone).replace(tzinfo=None)
    return local.replace(tzinfo=zone, fold=0).utcoffset() != local.replace(tzinfo=zone, fold=1).utcoffset()


def _days(earliest: datetime, latest: datetime, zone: ZoneInfo) -> Iterator[date]:
    day, last = earliest.astimezone(zone).date(), latest.astimezone(zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


class _Key:
    """A practice as a cache key: by identity, because hashing all its facts costs more than the answer."""

    __slots__ = ("practice",)

    def __init__(self, practice: Practice) -> None:
        self.practice = practice

    def __hash__(self) -> int:
        return id(self.practice)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.practice is self.practice


@lru_cache(maxsize=20_000)
def _working_spans(key: _Key, provider_id: str, location_id: str, day: date) -> tuple[Span, ...]:
    practice = key.practice
    provider, location = practice.provider(provider_id), practice.location(location_id)
    if any(away.from_ <= day <= away.to for away in provider.away):
        return ()
    mine = provider.hours.get(location_id, {}).get(WEEKDAYS[day.weekday()], ())
    theirs = location_hours(practice, location, day)
    spans = [
        (_utc(day, max(a.start, b.start), practice.zone), _utc(day, min(a.end, b.end), practice.zone))
        for a in mine
        for b in theirs
        if max(a.start, b.start) < min(a.end, b.end)
    ]
    return tuple(sorted(span for span in spans if span[0] < span[1]))


def location_hours(practice: Practice, location: Location, day: date) -> tuple[OpenSpan, ...]:
    """Return a location's opening hours on a local day, holidays considered."""
    for holiday in practice.holidays:
        if holiday.date == day and (not holiday.locations or location.id in holiday.locations):
            return holiday.hours
    return location.hours.get(WEEKDAYS[day.weekday()], ())


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return a local time in UTC; one that the clocks skip means the moment they are put forward."""
    local = datetime.combine(day, at, tzinfo=zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        late = local.replace(fold=1).astimezone(UTC)  # read with the offset that holds after the gap: before it
        return _gap(late, moment, zone)
    return moment


def _gap(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment between two at which the zone's offset changes."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
