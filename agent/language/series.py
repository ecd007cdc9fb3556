"""Recurring and fixed stretches of local time: the algebra under the reader of dates.

A series walks forward or backward from a moment over its intervals: "Mondays", "the 5th of May", "Thanksgivings",
"the week after next" (just one). Combinations of series are series: "Mondays" within "Mays", the first of each.
All moments here are naive local time; the zone is the reader's last step.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Literal, Protocol

Grain = Literal["minute", "hour", "day", "weekend", "week", "month", "quarter", "season", "year", "decade", "century"]
GRAINS: tuple[Grain, ...] = (
    "minute",
    "hour",
    "day",
    "weekend",
    "week",
    "month",
    "quarter",
    "season",
    "year",
    "decade",
    "century",
)
DAY = timedelta(days=1)
_FIRST, _LAST = date(1800, 1, 1), date(2400, 1, 1)
_MOST_OUTER = 60


@dataclass(frozen=True, order=True)
class Interval:
    """A stretch of local time, end exclusive."""

    start: datetime
    end: datetime

    @property
    def days(self) -> int:
        """How many days it touches."""
        return max(1, (self.end - self.start + DAY - timedelta(microseconds=1)).days)


def midnight(day: date) -> datetime:
    """Return the beginning of a day, naive."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - local clock, made aware by the reader


def whole_days(first: date, last: date) -> Interval:
    """Return the interval from the beginning of `first` to the end of `last`."""
    return Interval(midnight(first), midnight(last) + DAY)


class Series(Protocol):
    """Intervals in time, walked from a moment."""

    @property
    def grain(self) -> Grain:
        """How exact its intervals are."""
        ...

    def forward(self, moment: datetime) -> Iterator[Interval]:
        """Yield the intervals that end after `moment`, earliest first."""
        ...

    def backward(self, moment: datetime) -> Iterator[Interval]:
        """Yield the intervals that start before `moment`, latest first."""
        ...


@dataclass(frozen=True)
class Fixed:
    """One interval."""

    interval: Interval
    grain: Grain

    def forward(self, moment: datetime) -> Iterator[Interval]:
        """Yield it, whenever it is."""
        del moment
        yield self.interval

    def backward(self, moment: datetime) -> Iterator[Interval]:
        """Yield it, whenever it is."""
        del moment
        yield self.interval


Step = Literal["day", "week", "month", "year"]


@dataclass(frozen=True)
class Cycle:
    """At most one interval in each day, week, month or year; `make` gets the unit's first day."""

    step: Step
    grain: Grain
    make: Callable[[date], Interval | None]

    def forward(self, moment: datetime) -> Iterator[Interval]:
        """Yield the intervals that end after `moment`, earliest first."""
        unit = add(unit_start(moment.date(), self.step), self.step, -1)
        for _ in range(_limit(self.step)):
            found = self.make(unit) if _FIRST < unit < _LAST else None
            if found and found.end > moment:
                yield found
            unit = add(unit, self.step, 1)

    def backward(self, moment: datetime) -> Iterator[Interval]:
        """Yield the intervals that start before `moment`, latest first."""
        unit = add(unit_start(moment.date(), self.step), self.step, 1)
        for _ in range(_limit(self.step)):
            found = self.make(unit) if _FIRST < unit < _LAST else None
            if found and found.start < moment:
                yield found
            unit = add(unit, self.step, -1)


def _limit(step: Step) -> int:
    return {"day": 800, "week": 160, "month": 400, "year": 130}[step]


@dataclass(frozen=True)
class Within:
    """The intervals of `inner` that begin inside one of `outer`."""

    inner: Series
    outer: Series

    @property
    def grain(self) -> Grain:
        """As exact as the inner one."""
        return self.inner.grain

    def _inside(self, outer: Interval) -> Iterator[Interval]:
        for found in self.inner.forward(outer.start):
            if found.start >= outer.end:
                return
            if found.start >= outer.start:
                yield found
            elif found.end >= outer.end:
                yield Interval(outer.start, outer.end)

    def forward(self, moment: datetime) -> Iterator[Interval]:
        """Yield the intervals that end after `moment`, earliest first."""
        fixed = isinstance(self.outer, Fixed)
        for outer in islice(self.outer.forward(moment), _MOST_OUTER):
            for found in self._inside(outer):
                if fixed or found.end > moment:
                    yield found

    def backward(self, moment: datetime) -> Iterator[Interval]:
        """Yield the intervals that start before `moment`, latest first."""
        for outer in islice(self.outer.backward(moment), _MOST_OUTER):
            for found in reversed(list(islice(self._inside(outer), 400))):
                if found.start < moment:
                    yield found


@dataclass(frozen=True)
class Nth:
    """The n-th (1 is the first, -1 the last) interval of `inner` in each of `outer`."""

    inner: Series
    n: int
    outer: Series

    @property
    def grain(self) -> Grain:
        """As exact as the inner one."""
        return self.inner.grain

    def _pick(self, outer: Interval) -> Interval | None:
        found = list(islice((f for f in Within(self.inner, Fixed(outer, self.outer.grain)).forward(outer.start)), 400))
        index = self.n - 1 if self.n > 0 else len(found) + self.n
        return found[index] if 0 <= index < len(found) else None

    def forward(self, moment: datetime) -> Iterator[Interval]:
        """Yield the intervals that end after `moment`, earliest first."""
        fixed = isinstance(self.outer, Fixed)
        for outer in islice(self.outer.forward(moment), _MOST_OUTER):
            found = self._pick(outer)
            if found and (fixed or found.end > moment):
                yield found

    def backward(self, moment: datetime) -> Iterator[Interval]:
        """Yield the intervals that start before `moment`, latest first."""
        for outer in islice(self.outer.backward(moment), _MOST_OUTER):
            found = self._pick(outer)
            if found and found.start < moment:
                yield found


@dataclass(frozen=True)
class Mapped:
    """Each interval of `base` changed by a function: "the day after Christmas"."""

    base: Series
    change: Callable[[Interval], Interval | None]
    grain: Grain

    def forward(self, moment: datetime) -> Iterator[Interval]:
        """Yield the intervals that end after `moment`, earliest first."""
        fixed = isinstance(self.base, Fixed)
        for base in islice(self.base.forward(moment - timedelta(days=400)), _MOST_OUTER):
            found = self.change(base)
            if found and (fixed or found.end > moment):
                yield found

    def backward(self, moment: datetime) -> Iterator[Interval]:
        """Yield the intervals that start before `moment`, latest first."""
        for base in islice(self.base.backward(moment + timedelta(days=400)), _MOST_OUTER):
            found = self.change(base)
            if found and found.start < moment:
                yield found


def unit_start(day: date, unit: str) -> date:  # noqa: PLR0911 - each guard is a reading that fails
    """Return the first day of the day, week (Monday), month, quarter, year, decade or century around `day`."""
    match unit:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case "year":
            return date(day.year, 1, 1)
        case "decade":
            return date(day.year // 10 * 10, 1, 1)
        case "century":
            return date(day.year // 100 * 100, 1, 1)
        case _:
            return day


_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
_DAYS = {"day": 1, "week": 7, "fortnight": 14, "weekend": 7}


def add(day: date, unit: str, count: int) -> date:
    """Add days, weeks, weekdays ("workday"), months ... years; a month's end stays inside the month.

    Raises OverflowError beyond the calendar.
    """
    if unit in _DAYS:
        return day + timedelta(days=_DAYS[unit] * count)
    if unit == "workday":
        for _ in range(min(abs(count), 2_000)):
            day += DAY if count > 0 else -DAY
            while day.weekday() >= 5:
                day += DAY if count > 0 else -DAY
        return day
    months = day.year * 12 + day.month - 1 + _MONTHS[unit] * count
    year, month = divmod(months, 12)
    if not 1 <= year <= 9998:
        raise OverflowError(f"year {year}")
    return date(year, month + 1, min(day.day, month_length(year, month + 1)))


def month_length(year: int, month: int) -> int:
    """Return how many days a month has."""
    return 31 if month == 12 else (date(year, month + 1, 1) - date(year, month, 1)).days


def unit_interval(day: date, unit: str, count: int = 1) -> Interval:
    """Return `count` whole units from the one around `day`."""
    first = unit_start(day, unit)
    return Interval(midnight(first), midnight(add(first, unit, count)))
