"""From meanings to local dates and times: the nearest one on or after now, and what else the words may mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from agent.language.date_hours import join_hours
from agent.language.date_values import Clock, Hours, Span, When
from agent.language.series import DAY, Fixed, Interval, Series, midnight, whole_days


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One reading: from `start` to `end` (exclusive) in local time, `None` where open; what of it was said."""

    start: datetime | None
    end: datetime | None
    dated: bool
    timed: bool
    point: bool

    def texts(self) -> dict[str, str]:
        """Return value, or start and end, as exact as the words; the last day of a stretch of days is its end."""
        first = self._text(self.start)
        if self.point and first is not None:
            return {"value": first}
        last = self.end
        if last is not None and not self.timed and not self.point:
            last -= timedelta(minutes=1)
        second = self._text(last)
        return {key: text for key, text in (("start", first), ("end", second)) if text is not None}

    def _text(self, moment: datetime | None) -> str | None:
        if moment is None:
            return None
        if not self.timed:
            return moment.date().isoformat()
        return moment.isoformat(timespec="minutes") if self.dated else moment.strftime("%H:%M")


def days_of(series: Series, now: datetime, *, past: bool = False) -> Iterator[Interval]:
    """Yield the days meant, nearest first: today and after, or before today."""
    today = midnight(now.date())
    return series.backward(now if isinstance(series, Fixed) else today) if past else series.forward(today)


def when_readings(when: When, now: datetime, *, past: bool = False) -> list[Stretch]:
    """Return the readings of a `When`, likeliest first; none when no calendar has such a day."""
    if when.moment is not None:
        point = when.moment.start == when.moment.end
        return [Stretch(start=when.moment.start, end=when.moment.end, dated=True, timed=True, point=point)]
    if when.day is None:
        return _time_only(when, now)
    found: list[Stretch] = []
    for place, series in enumerate((when.day, *when.others)):
        for backward in (past, not past):
            if backward != past and (isinstance(series, Fixed) or place):
                continue
            for interval in islice(days_of(series, now, past=backward), 2):
                found += _timed(when, interval, series.grain)
                if not (when.clock and interval.start <= now):
                    break  # the next one is of interest only when this one is today
    return _ordered(found, now) if when.clock and not past else _distinct(found)


def _distinct(found: list[Stretch]) -> list[Stretch]:
    kept: list[Stretch] = []
    for stretch in found:
        if stretch not in kept:
            kept.append(stretch)
    return kept


def _ordered(found: list[Stretch], now: datetime) -> list[Stretch]:
    """Put readings that lie ahead first, keeping the order otherwise."""
    ahead = [stretch for stretch in found if stretch.start and stretch.start >= now.replace(second=0, microsecond=0)]
    return _distinct(ahead + [stretch for stretch in found if stretch not in ahead])


def _timed(when: When, interval: Interval, grain: str) -> list[Stretch]:
    day = midnight(interval.start.date())
    last = midnight((interval.end - timedelta(minutes=1)).date())
    if when.clock is not None:
        return [_point(day + timedelta(minutes=choice)) for choice in when.clock.choices()]
    if when.hours is not None:
        return [_hours(day, last, hours) for hours in _hour_choices(when.hours)]
    point = grain == "day" and interval.end - interval.start <= DAY
    return [Stretch(start=interval.start, end=interval.end, dated=True, timed=False, point=point)]


def _hour_choices(hours: Hours) -> list[Hours]:
    return [hours, Hours(*hours.other)] if hours.other else [hours]


def _point(moment: datetime) -> Stretch:
    return Stretch(start=moment, end=moment, dated=True, timed=True, point=True)


def _hours(day: datetime, last: datetime, hours: Hours) -> Stretch:
    return Stretch(
        start=day + timedelta(minutes=hours.start),
        end=last + timedelta(minutes=hours.end),
        dated=True,
        timed=True,
        point=False,
    )


def _time_only(when: When, now: datetime) -> list[Stretch]:
    today = midnight(now.date())
    if when.clock is not None:
        moments = [today + timedelta(minutes=choice) for choice in when.clock.choices()]
        return [Stretch(start=m, end=m, dated=False, timed=True, point=True) for m in moments]
    if when.hours is None:
        return []
    return [
        Stretch(
            start=today + timedelta(minutes=h.start),
            end=today + timedelta(minutes=h.end),
            dated=False,
            timed=True,
            point=False,
        )
        for h in _hour_choices(when.hours)
    ]


def span_readings(span: Span, now: datetime, *, past: bool = False) -> list[Stretch]:
    """Return the readings of a `Span`, likeliest first."""
    start, end, past = span.start, span.end, past or span.past
    if span.day is not None:
        start = start.on(span.day) if start else None
        end = end.on(span.day) if end else None
    if start is None or end is None:
        return [
            _one_sided(span, side, now, past)
            for side in (start or end,)
            if side and when_readings(side, now, past=past)
        ]
    if start.clock and end.clock and (end.day is None or span.day is not None):
        hours = join_hours(start.clock, end.clock)
        return when_readings(When(day=start.day or end.day, hours=hours), now, past=past)
    if start.day is None and end.day is not None and start.timed and start.moment is None:
        start = start.on(Fixed(whole_days(now.date(), now.date()), "day"))
    if end.day is None and start.day is not None and not start.timed and end.timed:
        end = end.on(start.day)
    return _two_sided(start, end, now, past=past)


def _one_sided(span: Span, side: When, now: datetime, past: bool) -> Stretch:
    found = when_readings(side, now, past=past)[0]
    if span.start is not None:
        opening = found.end if span.bound == "after" and not found.point else found.start
        if span.start.hours is not None and span.start.hours.part == "lunch" and opening is not None:
            opening -= timedelta(hours=1)
        return Stretch(start=opening, end=None, dated=found.dated, timed=found.timed, point=False)
    closing = found.end if span.bound in ("by", "until") and not found.timed else found.start
    if found.timed and span.bound in ("by", "until") and not found.point:
        closing = found.end
    if span.bound == "before" and not found.timed and closing is not None:
        closing += timedelta(minutes=1)
    return Stretch(start=None, end=closing, dated=found.dated, timed=found.timed, point=False)


def _two_sided(start: When, end: When, now: datetime, *, past: bool) -> list[Stretch]:
    begin = when_readings(start, now, past=past)
    if not begin or begin[0].start is None:
        return []
    first = begin[0]
    after = first.start or now
    if end.day is None and end.clock is not None:
        day = midnight(after.date())
        closing = next(
            (day + timedelta(minutes=m) for m in sorted(end.clock.choices()) if day + timedelta(minutes=m) > after),
            None,
        )
        finish = (
            [] if closing is None else [Stretch(start=closing, end=closing, dated=first.dated, timed=True, point=True)]
        )
    else:
        finish = when_readings(end, max(after, midnight(date(1900, 1, 1))))
        finish = [stretch for stretch in finish if stretch.start and stretch.start > after] or finish
    if not finish:
        return []
    last = finish[0]
    timed = first.timed or last.timed
    closing = last.start if last.timed and last.point else last.end
    if timed and not last.timed and closing is not None and last.point:
        closing = last.start
    return [Stretch(start=first.start, end=closing, dated=first.dated or last.dated, timed=timed, point=False)]


def open_clock(when: When | Span) -> bool:
    """Say whether am or pm was left open."""
    if isinstance(when, Span):
        return any(side is not None and open_clock(side) for side in (when.start, when.end))
    return isinstance(when.clock, Clock) and when.clock.open
