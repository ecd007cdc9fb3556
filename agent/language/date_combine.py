"""Rules that join what belongs together: a day and its month, a day and a time."""

from dataclasses import replace
from datetime import datetime

from agent.language.calendars import one_day, weekly
from agent.language.date_days import meet
from agent.language.date_durations import shift
from agent.language.date_grammar import Context, node, pick, rule
from agent.language.date_hours import join_hours
from agent.language.date_tokens import Node
from agent.language.date_values import Clock, Duration, Hours, When
from agent.language.series import GRAINS, Fixed, Interval, Mapped, Within, add, midnight


def join_days(left: When, right: When, context: Context) -> When | None:  # noqa: PLR0911 - each guard is a reading that fails
    """Join two stretches of days, the finer inside the coarser; None when they do not go together."""
    if left.day is None or right.day is None or left.timed or right.timed:
        return None
    fine, coarse = (left, right) if GRAINS.index(left.day.grain) <= GRAINS.index(right.day.grain) else (right, left)
    if fine.day is None or coarse.day is None:
        return None
    for one, two in ((left, right), (right, left)):
        if one.weekday is not None and two.day and two.day.grain == "day":
            if weekly(two.day) is not None:
                return None
            return meet(one.weekday, two, context)
    if fine.day.grain == coarse.day.grain or (isinstance(fine.day, Fixed)):
        return None
    day = Within(fine.day, coarse.day)
    if next(day.forward(context.now), None) is None and next(day.backward(context.now), None) is None:
        return None
    return When(day=day, others=(), past=coarse.past)


def add_time(day: When, time: Clock | Hours) -> When | None:
    """Put a time on a day; an open hour is settled by a part of the day said before."""
    if (
        day.moment is not None
        or day.clock is not None
        or (day.day is not None and day.day.grain not in ("day", "weekend", "week", "month"))
    ):
        return None
    if isinstance(time, Clock):
        return _add_clock(day, time)
    if day.hours is not None:
        if day.hours.part and time.part is None:
            return replace(day, hours=_shift(time, day.hours) if time.other else time)
        return None
    return replace(day, hours=time, weekday=None)


def _add_clock(day: When, time: Clock) -> When | None:
    if day.hours is None:
        return replace(day, clock=time, weekday=None)
    if day.hours.part is None:
        return None
    part = day.hours.part
    kind = "morning" if day.hours.end <= 720 else part if part in ("night", "evening") else "afternoon"
    clock = time.in_part(kind)
    if part == "night" and clock.minutes < 300 and day.day is not None:
        after = Mapped(day.day, lambda i: Interval(add_day(i), add_day(i, 2)), "day")
        return replace(day, day=after, clock=clock, hours=None, weekday=None)
    return replace(day, clock=clock, hours=None, weekday=None)


def add_day(interval: Interval, days: int = 1) -> datetime:
    """Return midnight some days after an interval's first day."""
    return midnight(add(interval.start.date(), "day", days))


def _shift(hours: Hours, part: Hours) -> Hours:
    if hours.start >= part.start - 60 or part.start < 720:
        return hours
    return Hours(hours.start + 720, hours.end + (720 if hours.end <= 720 else 0))


_TIME = "(?:clock|hoursrange)"


@rule(60, "date (?:of|in|comma|on|the|from)* date", only="en")
@rule(60, "date (?:of|in|comma|on|the)* date", only="es")
def _two_dates(nodes: list[Node], context: Context) -> Node | None:
    left, right = nodes[0], nodes[-1]
    if not isinstance(left.value, When) or not isinstance(right.value, When):
        return None
    if pick(nodes, "from") and (left.value.weekday is None or not right.value.day or right.value.day.grain != "week"):
        return None
    joined = join_days(left.value, right.value, context)
    return node("date", joined, nodes, weak=left.weak and right.weak) if joined else None


@rule(
    62,
    f"(?:date|when) (?:comma|mark|at|in|on|of|the|al|and)* {_TIME}",
    f"{_TIME} (?:comma|on|of|in|the|at|al)* (?:date|when)",
)
def _day_and_time(nodes: list[Node], _context: Context) -> Node | None:
    day, time = pick(nodes, "date", "when"), pick(nodes, "clock", "hoursrange")
    if day is None or time is None or not isinstance(day.value, When) or not isinstance(time.value, Clock | Hours):
        return None
    joined = add_time(day.value, time.value)
    return node("when", joined, nodes) if joined else None


@rule(
    61,
    f"FROM? (?:date|when) (?:comma|at)* {_TIME}? (?:in|comma)? duration",
    f"in? duration FROM (?:at|on)? {_TIME} (?:on|of|comma)? (?:date|when)",
    f"in? duration FROM (?:at|on)? (?:date|when) (?:at)? {_TIME}?",
    f"in? duration FROM (?:at|on)? {_TIME}",
    "FROM (?:date) in duration",
    "hence in duration",
)
def _for_a_while(nodes: list[Node], context: Context) -> Node | None:
    """Read "starting tomorrow at nine for two hours", "for ten days from June 3rd"."""
    day, time, length = pick(nodes, "date", "when"), pick(nodes, "clock"), pick(nodes, "duration")
    if (
        length is None
        or not isinstance(length.value, Duration)
        or not any(n.name in ("from", "since") or n.text in ("for", "por", "durante") for n in nodes)
    ):
        return None
    when = day.value if day is not None and isinstance(day.value, When) else When()
    if nodes[0].name == "hence":
        if nodes[0].text not in ("from today", "a partir de hoy"):
            return None
        when = When(day=one_day(context.today))
    clock = time.value if time is not None and isinstance(time.value, Clock) else when.clock
    if clock is not None and length.value.short:
        begin = clock.choices()[0]
        minutes = sum(count * (60 if unit == "hour" else 1) for count, unit in length.value.amounts if unit != "second")
        return node("when", When(day=when.day, hours=Hours(begin, begin + minutes)), nodes)
    if when.day is None or when.timed or time is not None or length.value.short or when.day.grain != "day":
        return None
    amounts = length.value

    def cover(interval: Interval) -> Interval:
        return Interval(interval.start, shift(interval.start, amounts, 1))

    return node("date", When(day=Mapped(when.day, cover, "week")), nodes)


@rule(63, "when (?:comma|of|on|in|the)* date", "date (?:comma|of|on|in|the)* when")
def _when_and_day(nodes: list[Node], context: Context) -> Node | None:
    """Join "this morning" with "May 5", "Monday at nine" with "next week": the time goes to the joined day."""
    when, date = pick(nodes, "when"), pick(nodes, "date")
    if when is None or date is None or not isinstance(when.value, When) or not isinstance(date.value, When):
        return None
    if when.value.moment is not None:
        return None
    if when.value.day is None:
        return node("when", replace(when.value, day=date.value.day), nodes)
    weekday = when.value.day if when.value.day.grain == "day" else None
    joined = join_days(When(day=weekday), date.value, context) if weekday else None
    if joined is None:
        return None
    return node("when", replace(when.value, day=joined.day), nodes)


def _hour_of(numbers: list[Node]) -> tuple[int, int]:
    values = [int(str(n.value)) for n in numbers]
    return values[0], values[1] if len(values) > 1 else 0


@rule(
    64,
    "(?:date|when) (?:comma|mark|at)? num num? (?:dash|to|until) num num?(?!unit|ampm|month)",
    "num (?:dash|to|until) num (?:on|comma|of)* date",
    "(?:date|when) num num(?!unit|num|word|dash|weekday|month)",
    "num num (?:on|the|comma)* date",
    "date (?:at|comma|in)? num(?!unit|num|word|dash|to|until|weekday|month|ampm|of)",
    "(?:date|when) comma? dotclock",
    "dotclock (?:on|comma)* date",
)
def _bare_hours(nodes: list[Node], _context: Context) -> Node | None:
    day = pick(nodes, "date", "when")
    numbers = [n for n in nodes if n.name == "num"]
    if day is None or not isinstance(day.value, When) or (day.value.day and day.value.day.grain != "day"):
        return None
    if pick(nodes, "dotclock"):
        hour, minute = (
            int(part) for part in str(nodes[-1].value if nodes[-1].name == "dotclock" else nodes[0].value).split(".")
        )
    else:
        hour, minute = _hour_of(numbers)
    if not (1 <= hour <= 23 and minute <= 59):
        return None
    time: Clock | Hours = Clock(hour * 60 + minute, open=hour <= 12)
    if (link := pick(nodes, "dash", "to", "until")) is not None and not pick(nodes, "dotclock"):
        (hour, minute), (end, past) = (
            _hour_of([n for n in numbers if n.start < link.start]),
            _hour_of([n for n in numbers if n.start > link.start]),
        )
        if not (1 <= end <= 24 and minute <= 59 and past <= 59):
            return None
        time = join_hours(Clock(hour * 60 + minute, open=hour <= 12), Clock(end * 60 + past, open=end <= 12))
    joined = add_time(day.value, time)
    return node("when", joined, nodes) if joined else None
