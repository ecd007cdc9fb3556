"""Rules for days and stretches beside others: "a week tomorrow", "the two weeks after Easter", "the hour before noon"."""

from datetime import timedelta

from agent.language.calendars import one_day
from agent.language.date_durations import shift
from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_rolling import stretch_from_now
from agent.language.date_tokens import Node
from agent.language.date_values import PARTS, Clock, Duration, Hours, Span, When
from agent.language.series import DAY, Fixed, Interval, Mapped, add, midnight, unit_start

_OPENING = ("starting", "beginning", "empezando", "comenzando")


def minutes_of(length: Duration) -> int:
    """Return the minutes of a length counted in hours and minutes; seconds do not count."""
    return sum(count * (60 if unit == "hour" else 1) for count, unit in length.amounts if unit != "second")


@rule(41, "duration ago (?:on|the)* (?:date|weekday)")
def _ago_from(nodes: list[Node], context: Context) -> Node | None:
    """Read "a week ago yesterday", "two weeks ago on Monday"."""
    length, named = nodes[0].value, nodes[-1]
    if not isinstance(length, Duration) or length.short:
        return None
    if named.name == "date":
        day = named.value.day if isinstance(named.value, When) and not named.value.timed else None
        if not isinstance(day, Fixed) or day.grain != "day":
            return None
        return node("date", When(day=one_day(shift(day.interval.start, length, -1).date()), past=True), nodes)
    week = unit_start(shift(midnight(context.today), length, -1).date(), "week")
    return node("date", When(day=one_day(add(week, "day", int(str(named.value)))), past=True), nodes)


@rule(57, "duration comma? date", only="en")
def _week_tomorrow(nodes: list[Node], _context: Context) -> Node | None:
    """Read "a week tomorrow", "a fortnight today"."""
    length, day = nodes[0].value, nodes[-1].value
    if not isinstance(length, Duration) or length.short or length.amounts[0][1] not in ("week", "fortnight"):
        return None
    if not isinstance(day, When) or not isinstance(day.day, Fixed) or day.day.grain != "day" or day.timed or day.past:
        return None
    base = day.day.interval.start
    return node("date", When(day=one_day(shift(base, length, 1).date())), nodes)


@rule(55, "the duration (?:after|before|from) the? date")
def _stretch_beside(nodes: list[Node], _context: Context) -> Node | None:
    """Read "the two weeks after Easter", "the three days before Christmas" as stretches."""
    length, link, anchor = nodes[1].value, nodes[2], nodes[-1].value
    if not isinstance(length, Duration) or length.short or not isinstance(anchor, When) or anchor.day is None:
        return None
    if anchor.timed or anchor.day.grain != "day" or link.text.startswith("from") or length.amounts[0][0] < 2:
        return None
    sign = -1 if link.name == "before" else 1

    def beside(interval: Interval) -> Interval:
        edge = interval.end if sign > 0 else interval.start
        there = shift(edge, length, sign)
        return Interval(min(edge, there), max(edge, there))

    return node("date", When(day=Mapped(anchor.day, beside, "week")), nodes)


@rule(55, "the (?:unit|duration) (?:before|after) the? clock")
def _hours_beside(nodes: list[Node], _context: Context) -> Node | None:
    """Read "the hour before noon", "the two hours after three" as stretches."""
    said, clock = nodes[1], nodes[-1].value
    length = Duration(((1, str(said.value)),)) if said.name == "unit" else said.value
    if not isinstance(length, Duration) or not length.short or not isinstance(clock, Clock):
        return None
    at = clock.choices()[0]
    begin = at if pick(nodes, "after") else at - minutes_of(length)
    return node("hoursrange", Hours(begin, begin + minutes_of(length)), nodes) if begin >= 0 else None


@rule(8, "within the unit(?!of)")
def _within_the_hour(nodes: list[Node], context: Context) -> Node | None:
    """Read "within the hour"."""
    if nodes[-1].value != "hour" or nodes[-1].text.endswith("s"):
        return None
    return stretch_from_now(Duration(((1, "hour"),)), 1, nodes, context)


@rule(22, "the? (?:part|hoursrange) beforelast", only="en")
def _night_before_last(nodes: list[Node], context: Context) -> Node | None:
    """Read "the night before last"."""
    name = str(nodes[-2].value)
    if name not in PARTS:
        return None
    day = one_day(add(context.today, "day", -2))
    return node("when", When(day=day, hours=Hours(*PARTS[name], part=name), past=True), nodes)


@rule(41, "duration hoursrange", only="en")
def _after_noon(nodes: list[Node], _context: Context) -> Node | None:
    """Read "half an hour after noon": here the words are not the afternoon."""
    length = nodes[0].value
    if nodes[1].text != "after noon" or not isinstance(length, Duration) or not length.short:
        return None
    return node("clock", Clock(720 + minutes_of(length)), nodes)


@rule(53, "date and date")
def _two_days_running(nodes: list[Node], context: Context) -> Node | None:
    """Read "today and tomorrow" as a stretch."""
    first, last = nodes[0].value, nodes[-1].value
    if not isinstance(first, When) or not isinstance(last, When) or first.timed or last.timed:
        return None
    if not isinstance(first.day, Fixed) or not isinstance(last.day, Fixed):
        return None
    begin, end = first.day.interval, last.day.interval
    if begin.end != end.start or end.end - end.start != DAY or begin.start != midnight(context.today):
        return None
    return node("span", Span(first, last), nodes)


@rule(49, "the? num of (?:every|rel) unit", only="es")
@rule(49, "the? (?:ord|rel|ordlast) of (?:the|every|rel)+ unit")
def _first_of_the_month(nodes: list[Node], context: Context) -> Node | None:
    """Read "the first of the month", "the 15th of each month", "the last of the month"."""
    rank, unit, relation = nodes[1] if nodes[0].name == "the" else nodes[0], nodes[-1], pick(nodes[2:], "rel")
    number = int(str(rank.value))
    if number > 31 or unit.value not in ("month", "year") or (rank.name not in ("ord", "num") and number != -1):
        return None
    offset = int(str(relation.value)) if relation is not None and relation is not rank else 0
    return node("date", _day_counted(number, str(unit.value), offset, context), nodes)


def _day_counted(number: int, unit: str, offset: int, context: Context) -> When:
    first = add(unit_start(context.today, unit), unit, offset)
    if number < 0:
        return When(day=one_day(add(add(first, unit, 1), "day", -1)))
    day = add(first, "day", number - 1)
    if offset == 0 and day < context.today:
        day = add(add(first, unit, 1), "day", number - 1)
    return When(day=one_day(day))


@rule(65, "(?<!num)(?<!dash)num num? comma? when(?!and)", only="en")
def _hour_before_part(nodes: list[Node], _context: Context) -> Node | None:
    """Read "seven tomorrow evening", "six thirty tomorrow night"."""
    when, numbers = nodes[-1].value, whole(nodes, "num")
    if not isinstance(when, When) or when.hours is None or when.hours.part is None or when.clock is not None:
        return None
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if not (1 <= hour <= 12 and 0 <= minute <= 59):
        return None
    part = when.hours.part if when.hours.part in ("morning", "night", "evening") else "afternoon"
    clock = Clock(hour * 60 + minute, open=True).in_part(part)
    return node("when", When(day=when.day, clock=clock), nodes) if clock.minutes < 24 * 60 else None


@rule(59, "the unit(?!of|in|num|ord|after|before|ago|rel|relpast|date|month|hence|later|span)", only="en")
def _that_week(nodes: list[Node], context: Context) -> Node | None:
    """Read "that week", "that month" as the current one; "the month" only where nothing else is said."""
    unit = str(nodes[-1].value)
    if unit not in ("week", "month", "year") or nodes[-1].text.endswith("s"):
        return None
    first = unit_start(context.today, unit)
    after = midnight(add(first, unit, 1))
    meant = When(day=Fixed(Interval(midnight(first), after), "week"))
    return node("date", meant, nodes, weak=nodes[0].text != "that")


@rule(55, "duration FROM (?:on|the)* date")
def _length_from(nodes: list[Node], _context: Context) -> Node | None:
    """Read "two days beginning today", "two weeks starting on Monday" as stretches."""
    length, anchor = nodes[0].value, nodes[-1].value
    if not nodes[1].text.startswith(_OPENING) or not isinstance(length, Duration) or length.short:
        return None
    if not isinstance(anchor, When) or anchor.day is None or anchor.day.grain != "day" or anchor.timed:
        return None

    def cover(interval: Interval) -> Interval:
        there = shift(interval.start, length, 1)
        return Interval(interval.start, max(there, interval.start + timedelta(days=1)))

    return node("date", When(day=Mapped(anchor.day, cover, "week")), nodes)
