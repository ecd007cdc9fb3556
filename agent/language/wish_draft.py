"""A wish under construction: meanings of words become days, times and refusals."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from agent.language.calendars import weekly
from agent.language.date_grammar import Context
from agent.language.date_resolve import Stretch, span_readings, when_readings
from agent.language.date_values import DAY_MINUTES, Clock, Hours, Span, When
from agent.language.series import DAY, Cycle, Fixed, Series, midnight

FAR = timedelta(days=400)
WIDE = {
    "morning": (0, 720),
    "afternoon": (720, 1080),
    "evening": (1020, DAY_MINUTES),
    "night": (1080, DAY_MINUTES),
    "after_school": (900, 1140),
    "after_work": (1020, DAY_MINUTES),
    "before_work": (0, 540),
    "first_thing": (0, 600),
    "last_thing": (930, DAY_MINUTES),
    "early": (0, 600),
    "late": (900, DAY_MINUTES),
    "eod": (960, DAY_MINUTES),
    "daytime": (0, DAY_MINUTES),
}
"""What a part of the day means to somebody who wants an appointment: wider than its clock hours."""
Day = tuple[date, date]
Times = tuple[int, int]


@dataclass
class Draft:
    """What was understood so far. `refused` lists go to the not_ fields."""

    days: list[Day] = field(default_factory=list)
    weekdays: list[int] = field(default_factory=list)
    times: list[Times] = field(default_factory=list)
    exact: list[int] = field(default_factory=list)
    not_days: list[Day] = field(default_factory=list)
    not_weekdays: list[int] = field(default_factory=list)
    not_times: list[Times] = field(default_factory=list)
    bounds: list[Times] = field(default_factory=list)
    """Open stretches ("after three"): alternatives alone, limits beside another time."""
    order: str | None = None
    ask: str | None = None

    def settle(self) -> None:
        """Turn open stretches into times, or into refusals when they limit another time."""
        within = _common(self.bounds)
        if self.times and self.bounds:
            for start, end in within:
                self.not_times += [gap for gap in ((0, start), (end, DAY_MINUTES)) if gap[0] < gap[1]]
        else:
            self.times += within
        self.bounds = []

    def add_days(self, day: Day, *, refused: bool) -> None:
        """Add a stretch of days, wished or refused."""
        (self.not_days if refused else self.days).append(day)

    def add_weekdays(self, weekdays: tuple[int, ...], *, refused: bool) -> None:
        """Add weekdays, wished or refused."""
        (self.not_weekdays if refused else self.weekdays).extend(weekdays)

    def add_times(self, times: Times, *, refused: bool) -> None:
        """Add a stretch of the day, wished or refused."""
        start, end = max(0, times[0]), min(times[1], DAY_MINUTES)
        if start < end:
            (self.not_times if refused else self.times).append((start, end))


def _common(bounds: list[Times]) -> list[Times]:
    """Return what open stretches have in common ("after one but before four"); themselves when nothing."""
    if not bounds:
        return []
    low, high = max(start for start, _ in bounds), min(end for _, end in bounds)
    return [(low, high)] if low < high else bounds


@dataclass(frozen=True, kw_only=True)
class Take:
    """How a meaning is to be taken."""

    context: Context
    refused: bool = False
    plural: bool = False
    near: bool = False
    spread: int = 0
    """Days after the day meant that fit as well ("in two weeks")."""
    offered: tuple[datetime, ...] = ()


def take(meaning: When | Span, how: Take, draft: Draft) -> None:
    """Put a meaning into the draft."""
    if isinstance(meaning, Span):
        _take_span(meaning, how, draft)
        return
    if meaning.moment is not None:
        _take_moment(meaning, how, draft)
        return
    with_time = meaning.clock is not None or meaning.hours is not None
    if meaning.day is not None and not _take_day(meaning, how, draft, joint=with_time):
        return
    if with_time:
        _take_time(meaning, how, draft)


def _take_moment(when: When, how: Take, draft: Draft) -> None:
    if when.moment is None or when.past or when.moment.end <= how.context.now.replace(second=0, microsecond=0):
        return
    start = when.moment.start
    end = max(start, when.moment.end - timedelta(minutes=1))
    draft.add_days((start.date(), end.date()), refused=how.refused)
    if start.date() == end.date():
        begin = start.hour * 60 + start.minute
        draft.add_times((begin, max(end.hour * 60 + end.minute + 1, begin + 60)), refused=how.refused)


def _take_day(when: When, how: Take, draft: Draft, *, joint: bool) -> bool:  # noqa: PLR0911 - each guard is a reading that fails
    """Add the day; False when it lies in the past and the whole meaning is no wish."""
    if when.past:
        return False
    context = how.context
    series = when.day
    weekday = weekly(series)
    if weekday is not None and (how.plural or (how.refused and (not joint or when.hours is not None))):
        draft.add_weekdays((weekday,), refused=how.refused)
        return not how.refused
    if series is not None and isinstance(series, Cycle) and series.grain == "weekend" and (how.plural or how.refused):
        draft.add_weekdays((5, 6), refused=how.refused)
        return True
    after = midnight(context.today) + DAY if weekday == context.today.weekday() else context.now
    found = when_readings(When(day=series, weekday=when.weekday), after)
    if not found or found[0].start is None or found[0].end is None:
        return False
    day = _as_days(found[0])
    if day[1] < context.today:
        return False
    if day[0] == day[1]:
        day = (day[0], day[1] + timedelta(days=how.spread))
    chosen = _offered_day(day, when, how) or day
    if how.refused and joint and when.hours is None:
        return True  # "not Monday at nine" refuses the time, "not Monday morning" the day: a wish cannot say it closer
    draft.add_days((max(chosen[0], context.today), chosen[1]), refused=how.refused)
    if when.ask == "day" and not how.refused:
        draft.ask = "day"
    return not (how.refused and joint)


def _offered_day(day: Day, when: When, how: Take) -> Day | None:
    """Return the offered day that was meant: "Thursday then", "the fourteenth"."""
    if isinstance(when.day, Fixed) or day[0] != day[1] or not how.offered:
        return None
    fitting = [start.date() for start in how.offered if _falls_on(when.day, start)]
    timed = [start.date() for start in how.offered if start.date() in fitting and _at(when.clock, start)]
    chosen = next(iter(timed or fitting), None)
    return (chosen, chosen) if chosen else None


def _falls_on(series: Series | None, start: datetime) -> bool:
    found = next(series.forward(midnight(start.date())), None) if series is not None else None
    return found is not None and found.start.date() == start.date()


def _at(clock: Clock | None, start: datetime) -> bool:
    return clock is not None and start.hour * 60 + start.minute in clock.choices()


def _as_days(stretch: Stretch) -> Day:
    assert stretch.start is not None and stretch.end is not None
    last = stretch.end - timedelta(minutes=1) if stretch.end > stretch.start else stretch.end
    return stretch.start.date(), last.date()


def _take_time(when: When, how: Take, draft: Draft) -> None:
    if when.clock is not None:
        _take_clock(when.clock, how, draft)
        return
    if when.hours is not None:
        draft.add_times(_widened(when.hours), refused=how.refused)


def _widened(hours: Hours) -> Times:
    if hours.part in WIDE and hours.end - hours.start > 150:
        return WIDE[hours.part]
    if hours.part in ("eod", "early", "late", "first_thing", "after_school"):
        return WIDE[hours.part]
    if hours.part == "afternoon" and hours.start > 720:
        return (900, 1080) if hours.end == 1020 else (hours.start, hours.end)
    start = 0 if hours.part in ("morning",) and hours.start <= 480 else hours.start
    return start, hours.end


def _take_clock(clock: Clock, how: Take, draft: Draft) -> None:
    choices = clock.choices()
    known = {start.hour * 60 + start.minute for start in how.offered}
    chosen = next((choice for choice in choices if choice in known), choices[0]) % DAY_MINUTES
    if how.refused:
        draft.add_times((chosen, chosen + 1), refused=True)
        return
    draft.exact.append(chosen)
    if how.near:
        draft.order = "near"


def _take_span(span: Span, how: Take, draft: Draft) -> None:
    sides = [side for side in (span.start, span.end) if side is not None]
    if span.day is not None and not _take_day(When(day=span.day), how, draft, joint=False):
        return
    if all(side.day is None and side.moment is None for side in sides):
        _take_time_span(span, how, draft)
        return
    side = sides[0]
    if len(sides) == 1 and span.bound in ("before", "after", "since") and _timed_day(side):
        if _take_day(When(day=side.day, clock=side.clock, hours=side.hours), how, draft, joint=True):
            _take_time_span(span, how, draft)
        return
    found = span_readings(span, how.context.now)
    if not found:
        return
    stretch, today = found[0], how.context.today
    first = stretch.start.date() if stretch.start else today
    if (
        span.bound == "after"
        and span.start
        and not stretch.timed
        and span.start.day is not None
        and span.start.day.grain == "day"
    ):
        first += timedelta(days=1)
    last = (stretch.end - timedelta(minutes=1)).date() if stretch.end else max(first, today) + FAR
    if span.bound == "before" and stretch.end is not None and not stretch.timed:
        last = (stretch.end - timedelta(minutes=2)).date()
    if last >= today and first <= last:
        draft.add_days((max(first, today), last), refused=how.refused)
    if stretch.timed and stretch.start and stretch.end and stretch.start.date() == stretch.end.date():
        draft.add_times(
            (stretch.start.hour * 60 + stretch.start.minute, stretch.end.hour * 60 + stretch.end.minute),
            refused=how.refused,
        )


def _take_time_span(span: Span, how: Take, draft: Draft) -> None:
    found = span_readings(Span(_plain(span.start), _plain(span.end), span.bound), how.context.now)
    if not found:
        return
    start, end = found[0].start, found[0].end
    low = start.hour * 60 + start.minute if start else 0
    high = (end.hour * 60 + end.minute) or DAY_MINUTES if end else DAY_MINUTES
    if span.bound == "before" and span.end is not None and span.end.hours is not None:
        high = span.end.hours.start
    if span.bound == "after" and span.start is not None and span.start.hours is not None:
        low = span.start.hours.end if span.start.hours.part != "lunch" else 780
    if span.bound == "after" and span.start is not None and span.start.clock is not None and how.refused:
        low += 1
    if span.bound in ("by", "until") and span.end is not None and span.end.clock is not None and not how.refused:
        high += 1
    low, high = max(0, low), min(high, DAY_MINUTES)
    if low >= high:
        return
    if how.refused or (span.start is not None and span.end is not None):
        draft.add_times((low, high), refused=how.refused)
    else:
        draft.bounds.append((low, high))


def _timed_day(side: When) -> bool:
    """Say whether a side is a time of one day ("noon on Friday")."""
    return side.day is not None and side.day.grain == "day" and (side.clock is not None or side.hours is not None)


def _plain(side: When | None) -> When | None:
    return When(clock=side.clock, hours=side.hours) if side else None
