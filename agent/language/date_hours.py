"""Rules for stretches of hours: "from 3 to 5", "between nine and eleven", parts of the day."""

import re

from agent.language.calendars import one_day
from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_tokens import Node
from agent.language.date_values import DAY_MINUTES, PARTS, Clock, Duration, Hours, When

_SIDE = "the? (?:clock|num num|num)"
_NOT_AMOUNT = "(?!unit|quarter|half|couple|dot|slash|month|of month|ampm|num|num4|weekend|duration|TO the? N of? month|TO the? month)"


@rule(13, "(?:from|between)? num4 (?:to|until|dash|and) (?:num4|num)(?!month|unit)")
def _military(nodes: list[Node], context: Context) -> Node | None:
    """Read "0930-1930"; two years are not hours."""
    start, end = whole(nodes, "num4", "num")
    if start >= 1_900 or end < 100 or any(n.words for n in nodes):
        return None
    if not all(divmod(value, 100)[0] <= 24 and value % 100 <= 59 for value in (start, end)):
        return None
    del context
    return node(
        "hoursrange", join_hours(Clock(start // 100 * 60 + start % 100), Clock(end // 100 * 60 + end % 100)), nodes
    )


@rule(
    13,
    f"FROM {_SIDE} (?:to|until|dash|al) {_SIDE}{_NOT_AMOUNT}",
    f"between {_SIDE} and {_SIDE}{_NOT_AMOUNT}",
    f"FROM art (?:until|dash|al) {_SIDE}{_NOT_AMOUNT}",
    f"FROM {_SIDE} (?:until|dash|al) the? art{_NOT_AMOUNT}",
    f"between the? art and {_SIDE}{_NOT_AMOUNT}",
    f"between {_SIDE} and the? art{_NOT_AMOUNT}",
    only="es",
)
@rule(
    20,
    f"FROM {_SIDE} (?:to|until|dash|al|and) {_SIDE}{_NOT_AMOUNT}",
    f"between {_SIDE} and {_SIDE}{_NOT_AMOUNT}",
    f"between {_SIDE} (?:to|dash|until) {_SIDE}{_NOT_AMOUNT}",
    f"clock (?:to|until|dash) {_SIDE}{_NOT_AMOUNT}",
    "num (?:to|until|dash) clock",
    "(?<!num)num num (?:to|until|dash) clock",
    "(?:^|(?<=plain))num (?:to|until) num(?=$|plain|mark|comma|dot|on? rel? weekday|dayword)",
    f"num num (?:to|until|dash) num num{_NOT_AMOUNT}",
    f"(?<!num)num (?:to|until) num num{_NOT_AMOUNT}",
    f"(?<!num)num num (?:to|until) num{_NOT_AMOUNT}",
    "^num dash num(?=$)",
)
def _hours(nodes: list[Node], _context: Context) -> Node | None:
    sides = _sides(nodes)
    if sides is None:
        return None
    start, end = sides
    return node("hoursrange", join_hours(start, end), nodes)


def _sides(nodes: list[Node]) -> tuple[Clock, Clock] | None:
    split = next(i for i, n in enumerate(nodes) if i and n.name in ("to", "until", "dash", "al", "and"))
    sides: list[Clock] = []
    for part in (
        nodes[1:split] if nodes[0].name in ("from", "of", "since", "between") else nodes[:split],
        nodes[split + 1 :],
    ):
        found = pick(part, "clock")
        numbers = whole(part, "num", "art")
        if any(n.name == "art" and n.text != "una" for n in part):
            return None
        if found and isinstance(found.value, Clock):
            sides.append(found.value)
        elif numbers and 0 <= numbers[0] <= 24 and (len(numbers) == 1 or 5 <= numbers[1] < 60):
            sides.append(Clock(numbers[0] * 60 + (numbers[1] if len(numbers) > 1 else 0), open=1 <= numbers[0] <= 12))
        else:
            return None
    return sides[0], sides[1]


def join_hours(start: Clock, end: Clock) -> Hours:
    """Settle am and pm of "from 3 to 5 pm", "11 to 1", "9 to 5": the end follows the start, within half a day if open."""
    if start.open and not end.open:
        fitting = [choice for choice in start.choices() if choice < end.minutes]
        begin = max(fitting) if fitting else start.choices()[0]
        return Hours(begin, end.minutes if end.minutes > begin else end.minutes + DAY_MINUTES)
    begin = start.choices()[0] % DAY_MINUTES
    if not start.open and not end.open and end.minutes < begin < 720:
        end = Clock(end.minutes + 720)  # "09:30 to 07:30"
    later = sorted(c if c > begin else c + DAY_MINUTES for c in end.choices())
    other = None
    if start.open and len(start.choices()) > 1:
        second = start.choices()[1]
        other = (second, min(c if c > second else c + DAY_MINUTES for c in end.choices()))
    return Hours(begin, later[0], other=other)


@rule(45, "FROM? clock in? duration")
def _for_a_while(nodes: list[Node], _context: Context) -> Node | None:
    clock, length = pick(nodes, "clock"), pick(nodes, "duration")
    if (
        clock is None
        or length is None
        or not isinstance(clock.value, Clock)
        or not isinstance(length.value, Duration)
        or not length.value.short
    ):
        return None
    begin = clock.value.choices()[0]
    minutes = sum(n * (60 if unit == "hour" else 1) for n, unit in length.value.amounts)
    return node("hoursrange", Hours(begin, begin + minutes), nodes)


@rule(22, "hoursrange (?:in|at|of|on)? (?:the|rel)? part")
def _hours_in_part(nodes: list[Node], context: Context) -> Node | None:
    hours, part, relation = pick(nodes, "hoursrange"), pick(nodes, "part"), pick(nodes, "rel")
    if hours is None or part is None or not isinstance(hours.value, Hours) or (relation and relation.value != 0):
        return None
    start, end = hours.value.start % 720, hours.value.end % 720
    shift = 0 if part.value in ("morning", "dawn") else 720
    moved = Hours(start + shift, (end if end > start else end + 720) + shift)
    if relation is None:
        return node("hoursrange", moved, nodes)
    return node("when", When(day=one_day(context.today), hours=moved), nodes)


@rule(23, "edge dash? the? part", "edge (?:rel) part")
def _edge_of_part(nodes: list[Node], _context: Context) -> Node | None:
    edge, part = pick(nodes, "edge"), pick(nodes, "part")
    if edge is None or part is None or pick(nodes, "rel"):
        return None
    start, end = PARTS[str(part.value)]
    third = (end - start) // 2
    if edge.value == "start":
        end = start + third
    elif edge.value == "end":
        start = end - third
    else:
        start, end = start + third // 2, end - third // 2
    return node("hoursrange", Hours(start, end, part=str(part.value)), nodes)


@rule(24, "part", "partday", "eod")
def _part(nodes: list[Node], _context: Context) -> Node | None:
    if nodes[0].name == "eod":
        return node("hoursrange", Hours(17 * 60, 21 * 60, part="eod"), nodes)
    name = str(nodes[0].value)
    return node(
        "hoursrange",
        Hours(*PARTS[name], part=name),
        nodes,
        weak=name in ("lunch", "dinner", "breakfast", "daytime")
        and not re.search("time|hora|hour|break$", nodes[0].text),
    )
