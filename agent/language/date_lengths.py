"""Rules for lengths of time that begin or end somewhere: "two hours starting at 9", "in the past 5 hours"."""

from dataclasses import replace

from agent.language.date_beside import minutes_of
from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_rolling import rolling, stretch_from_now
from agent.language.date_tokens import Node
from agent.language.date_values import Clock, Duration, Hours, Span, When
from agent.language.series import Interval

_HALVES = {1: Hours(480, 720, part="morning"), 2: Hours(720, 1080, part="afternoon")}


@rule(43, "ago the? duration", only="en")
def _in_the_past(nodes: list[Node], context: Context) -> Node | None:
    """Read "in the past 5 hours": here the words do not mean ago."""
    length = nodes[-1].value
    if nodes[0].text != "in the past" or not isinstance(length, Duration):
        return None
    if len(length.amounts) == 1:
        return rolling(*length.amounts[0], -1, nodes, context)
    return stretch_from_now(length, -1, nodes, context)


@rule(
    44,
    "FROM (?:at|the)* num num? in duration",
    "in? duration FROM (?:at|the)* (?:num num?|clock)(?!unit|month|ampm|weekend)",
)
def _length_at(nodes: list[Node], context: Context) -> Node | None:
    """Read "from 10 for half an hour", "two hours starting at 9"."""
    length, clock = pick(nodes, "duration"), pick(nodes, "clock")
    numbers = whole(nodes, "num")
    link = pick(nodes, "in")
    if length is None or not isinstance(length.value, Duration) or not length.value.short:
        return None
    if link is not None and link.text not in ("for", "por", "durante"):
        return None
    if pick(nodes, "of") or (context.base == "es" and numbers and not pick(nodes, "the")):
        return None
    if clock is not None and isinstance(clock.value, Clock):
        begin = clock.value.choices()[0]
    elif numbers and 1 <= numbers[0] <= 23 and (len(numbers) == 1 or numbers[1] <= 59):
        minute = numbers[1] if len(numbers) > 1 else 0
        begin = Clock(numbers[0] * 60 + minute, open=numbers[0] <= 12).choices()[0]
    else:
        return None
    return node("hoursrange", Hours(begin, begin + minutes_of(length.value)), nodes)


@rule(73, "hence (?:comma|plain)* span")
def _now_until(nodes: list[Node], context: Context) -> Node | None:
    """Read "from now until 5"."""
    span = nodes[-1].value
    if not isinstance(span, Span) or span.start is not None or span.end is None or "from" not in nodes[0].text.split():
        return None
    moment = context.now.replace(second=0, microsecond=0)
    return node("span", replace(span, start=When(moment=Interval(moment, moment)), bound="between"), nodes)


@rule(70, "hoursrange comma? span")
def _part_then_bound(nodes: list[Node], _context: Context) -> Node | None:
    """Read "evenings after 6": the bound counts, the part of the day settles am or pm."""
    hours, span = nodes[0].value, nodes[-1].value
    if not isinstance(hours, Hours) or hours.part is None or not isinstance(span, Span):
        return None
    sides = [side for side in (span.start, span.end) if side is not None]
    if len(sides) != 1 or sides[0].clock is None or sides[0].day is not None:
        return None
    part = hours.part if hours.part in ("morning", "night", "evening") else "afternoon"
    side = replace(sides[0], clock=sides[0].clock.in_part(part))
    return node("span", replace(span, start=side if span.start else None, end=side if span.end else None), nodes)


@rule(66, "span comma? (?:on|in|the)* when", "when comma? span", only="en")
def _bound_in_part(nodes: list[Node], _context: Context) -> Node | None:
    """Read "before 8 tomorrow night": the part of the day settles am or pm."""
    said, part_of_day = pick(nodes, "span"), pick(nodes, "when")
    span, when = said.value if said else None, part_of_day.value if part_of_day else None
    if not isinstance(span, Span) or not isinstance(when, When) or when.hours is None or when.hours.part is None:
        return None
    sides = [side for side in (span.start, span.end) if side is not None]
    if len(sides) != 1 or sides[0].clock is None or sides[0].day is not None or when.day is None:
        return None
    part = when.hours.part if when.hours.part in ("morning", "night", "evening") else "afternoon"
    side = replace(sides[0], clock=sides[0].clock.in_part(part))
    start, end = (side, None) if span.start is not None else (None, side)
    return node("span", replace(span, start=start, end=end, day=when.day), nodes)


@rule(55, "the? hname (?:of|the)* (?:date|dayword)")
def _half_of_day(nodes: list[Node], _context: Context) -> Node | None:
    """Read "the first half of Monday"."""
    half, day = pick(nodes, "hname"), nodes[-1].value
    if half is None or not isinstance(day, When) or day.day is None or day.day.grain != "day" or day.timed:
        return None
    return node("when", When(day=day.day, hours=_HALVES[int(str(half.value))]), nodes)


@rule(69, "(?:date|when|span) (?:and|comma)* until the? (?:date|when|clock)")
def _started_until(nodes: list[Node], _context: Context) -> Node | None:
    """Read "starting tomorrow and ending on June 2nd"."""
    start, end = nodes[0].value, nodes[-1].value
    if not isinstance(start, Span) or start.end is not None or start.start is None or start.bound != "since":
        return None
    closing = When(clock=end) if isinstance(end, Clock) else end
    return node("span", Span(start.start, closing), nodes) if isinstance(closing, When) else None
