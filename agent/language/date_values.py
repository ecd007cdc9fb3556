"""What the words of dates and times mean: clock times, hours of a day, days, spans between them."""

from dataclasses import dataclass, field, replace
from typing import Literal

from agent.language.series import Interval, Series

DAY_MINUTES = 1440
_OPEN_FROM, _OPEN_TO = 7 * 60, 19 * 60

PARTS: dict[str, tuple[int, int]] = {
    "first_thing": (480, 600), "morning": (480, 720), "afternoon": (720, 1020), "evening": (1020, 1260), "night": (1200, 1439),
    "lunch": (720, 840), "dawn": (240, 480), "small_hours": (0, 360), "dusk": (1080, 1260), "daytime": (480, 1080), "breakfast": (480, 720),
    "dinner": (1080, 1260), "after_school": (900, 1080), "after_work": (1020, 1260), "before_work": (360, 540), "last_thing": (960, 1140),
    "early_afternoon": (720, 900), "mid_morning": (540, 660), "mid_afternoon": (840, 960),
}  # fmt: skip
"""Parts of the day, in minutes since midnight."""


@dataclass(frozen=True)
class Clock:
    """A time of day in minutes since midnight; `open` when nobody said whether am or pm. 1440 is midnight after."""

    minutes: int
    open: bool = False
    exact: bool = True

    def choices(self) -> tuple[int, ...]:
        """Return what it may mean, the likeliest for a practice first (07:00 to 18:59)."""
        if not self.open:
            return (self.minutes,)
        low = self.minutes % 720
        return (low, low + 720) if low >= _OPEN_FROM else (low + 720, low)

    def in_part(self, part: str) -> "Clock":
        """Settle am or pm by a part of the day: "three in the afternoon"."""
        low = self.minutes % 720
        if not self.open:
            return self
        if part in ("morning", "dawn", "breakfast", "first_thing"):
            return Clock(low)
        if part == "night":
            return Clock(
                low if low < 300 and self.minutes != 720 else low + 720 if self.minutes != 720 else DAY_MINUTES
            )
        if part == "evening" and self.minutes == 720:
            return Clock(DAY_MINUTES)
        return Clock(low + 720)

    def half(self, which: str) -> "Clock":
        """Settle am or pm as said."""
        return Clock(self.minutes % 720 + (720 if which == "pm" else 0)) if self.minutes <= 779 else Clock(self.minutes)


@dataclass(frozen=True)
class Hours:
    """A stretch of a day, in minutes since midnight; `end` may lie beyond midnight. `part` names a part of the day."""

    start: int
    end: int
    part: str | None = None
    other: tuple[int, int] | None = None


@dataclass(frozen=True)
class Duration:
    """Amounts of units, e.g. one hour and thirty minutes."""

    amounts: tuple[tuple[int, str], ...]

    @property
    def short(self) -> bool:
        """Whether it is counted in hours or minutes."""
        return any(unit in ("hour", "minute", "second") for _, unit in self.amounts)


@dataclass(frozen=True)
class When:
    """A day (or a longer stretch), a time of day, or both; or an exact moment counted from now."""

    day: Series | None = None
    clock: Clock | None = None
    hours: Hours | None = None
    moment: Interval | None = None
    others: tuple[Series, ...] = ()
    """Other days the words may mean, likeliest first."""
    ask: str | None = None
    weekday: int | None = None
    """Set while it is nothing but a weekday."""
    past: bool = False
    """The words speak of the past."""

    def on(self, day: Series, **changes: object) -> "When":
        """Return the same time on a day."""
        return replace(self, day=day, **changes)  # type: ignore[arg-type]

    @property
    def timed(self) -> bool:
        """Whether it says something about the time of day."""
        return self.clock is not None or self.hours is not None or self.moment is not None


Bound = Literal["between", "before", "by", "after", "since", "until"]


@dataclass(frozen=True)
class Span:
    """From one `When` to another; an open end is None. `bound` is the word that made it."""

    start: When | None
    end: When | None
    bound: Bound = "between"
    day: Series | None = None
    """The day both times lie on, when said apart ("tomorrow from 3 to 5")."""
    ask: str | None = field(default=None)
    past: bool = False
    """The words speak of the past: "since Monday"."""
