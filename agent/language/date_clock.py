"""Rules for times of day and stretches of hours."""

import re

from agent.language.calendars import one_day
from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_tokens import Node
from agent.language.date_values import DAY_MINUTES, PARTS, Clock, Duration, Hours, When

_SIDE = "the? (?:clock|num)"
_TIME = re.compile(r"(\d{1,2})(?:[:.h ]+(\d{2}))?")
_NOT_AMOUNT = "(?!unit|quarter|half|couple|dot|slash|month|of month|ampm|num|num4|weekend|duration|TO the? N of? month|TO the? month)"


def _clock(hour: int, minute: int, nodes: list[Node], *, half: str | None = None, fixed: bool = False) -> Node | None:
    if not (0 <= hour <= 24 and 0 <= minute <= 59) or (half and hour > 23) or (hour == 24 and minute):
        return None
    minutes = hour * 60 + minute
    if half and hour <= 12:
        return node("clock", Clock(minutes % 720 + (720 if half == "pm" else 0)), nodes)
    return node("clock", Clock(minutes, open=not fixed and 1 <= hour <= 12), nodes)


def _half(nodes: list[Node]) -> str | None:
    found = pick(nodes, "ampm", "letter")
    return str(found.value) if found else None


@rule(
    10,
    "clocktok ampm?",
    "clocktok letter",
    "at dotclock",
    "at the dotclock",
    "dotclock ampm",
    "al the dotclock",
    "dotclock (?=TO dotclock)",
    "dotclock oclock",
)
def _written(nodes: list[Node], _context: Context) -> Node | None:
    text = next(str(n.value) for n in nodes if n.name in ("clocktok", "dotclock"))
    found = _TIME.match(text)
    if found is None:
        return None
    half = "am" if text.endswith("am") else _half(nodes)
    return _clock(
        int(found[1]),
        int(found[2] or 0),
        nodes,
        half=half,
        fixed=len(found[1]) == 2 and found[1][0] == "0" and not half,
    )


@rule(
    11,
    "num oh num ampm",
    "num num ampm",
    "num oclock ampm?",
    "num4 ampm",
    "num dot? ampm",
    "num num letter(?!word)",
    "num letter(?!word)",
)
def _said_with_half(nodes: list[Node], _context: Context) -> Node | None:
    numbers = whole(nodes, "num", "num4")
    if pick(nodes, "letter") and any(n.words for n in nodes):
        return None
    hour, minute = (numbers[0], numbers[1]) if len(numbers) == 2 else (numbers[0], 0)
    if hour >= 100 and not minute:
        hour, minute = divmod(hour, 100)
    if pick(nodes, "ampm", "letter") and hour > 23:
        return None
    return _clock(hour, minute, nodes, half=_half(nodes))


@rule(12, "half PAST (?:num|clock|noon)", "half num(?!unit|ampm)", only="en")
def _half_past(nodes: list[Node], _context: Context) -> Node | None:
    noon = pick(nodes, "noon")
    if noon is not None:
        return node("clock", Clock((int(str(noon.value)) + 30) % DAY_MINUTES), nodes)
    known = pick(nodes, "clock")
    if known is not None and isinstance(known.value, Clock):
        return (
            node("clock", Clock(known.value.minutes + 30, open=known.value.open), nodes)
            if known.value.minutes % 60 == 0
            else None
        )
    hour = whole(nodes, "num")[0]
    return _clock(hour, 30, nodes) if 1 <= hour <= 12 else None


@rule(12, "DET? quarter PAST (?:num|noon|clock)", "num unit? PAST (?:num|noon|clock)(?!unit)", only="en")
def _minutes_past(nodes: list[Node], _context: Context) -> Node | None:
    return _around(nodes, 1)


@rule(
    12,
    "DET? quarter (?:to|until|before|of) (?:num|noon|clock)",
    "num unit (?:to|until|before|of) (?:num|noon|clock)",
    "num (?:to|until|of) num",
    only="en",
)
def _minutes_to(nodes: list[Node], _context: Context) -> Node | None:
    numbers = whole(nodes, "num")
    if not pick(nodes, "quarter", "unit"):
        spoken = all(n.words for n in nodes if n.name == "num")
        if not spoken or numbers[0] not in (20, 25) or len(numbers) < 2:
            return None
    return _around(nodes, -1)


def _around(nodes: list[Node], sign: int) -> Node | None:  # noqa: PLR0911 - each guard is a reading that fails
    unit = pick(nodes, "unit")
    numbers = whole(nodes, "num")
    noon, known = pick(nodes, "noon"), pick(nodes, "clock")
    if unit and unit.value != "minute":
        return None
    minutes = 15 if pick(nodes, "quarter") else numbers[0]
    if not 1 <= minutes <= 59:
        return None
    if known is not None and isinstance(known.value, Clock):
        if known.value.minutes % 60 or (known.value.open and not pick(nodes, "quarter", "unit")):
            return None
        return node("clock", Clock((known.value.minutes + sign * minutes) % DAY_MINUTES, open=known.value.open), nodes)
    if noon and isinstance(noon.value, int):
        return node("clock", Clock((noon.value + sign * minutes) % DAY_MINUTES), nodes)
    hour = numbers[-1]
    if not 1 <= hour <= 24 or (len(numbers) == 1 and not pick(nodes, "quarter")):
        return None
    total = (hour * 60 + sign * minutes) % DAY_MINUTES
    if hour <= 12:
        total = total % 720 or 720
        return node("clock", Clock(total, open=True), nodes)
    return node("clock", Clock(total), nodes)


@rule(
    12,
    "the? (?:num|art) and (?:half|quarter|num)",
    "the? (?:num|art) menos (?:quarter|num)(?!unit)",
    only="es",
)
def _spanish_minutes(nodes: list[Node], _context: Context) -> Node | None:
    hour = next(n.value for n in nodes if n.name in ("num", "art"))
    if not isinstance(hour, int) or not 1 <= hour <= 23:
        return None
    minutes = 30 if pick(nodes, "half") else 15 if pick(nodes, "quarter") else whole(nodes, "num")[-1]
    if not 1 <= minutes <= 59 or not pick(nodes, "the", "half", "quarter", "menos"):
        return None
    return _spanish_clock(hour, minutes, nodes)


@rule(12, "(?:num|art) and num(?=part|ampm|oclock)", only="es")
def _spanish_minutes_in_part(nodes: list[Node], _context: Context) -> Node | None:
    """Read "doce y uno de la noche": without the article, only before a part of the day."""
    hour, minutes = nodes[0].value, nodes[2].value
    if not isinstance(hour, int) or not isinstance(minutes, int) or not (1 <= hour <= 23 and 1 <= minutes <= 59):
        return None
    return _spanish_clock(hour, minutes, nodes)


def _spanish_clock(hour: int, minutes: int, nodes: list[Node]) -> Node | None:
    total = hour * 60 + (-minutes if pick(nodes, "menos") else minutes)
    return node("clock", Clock(total if hour > 12 else (total % 720 or 720), open=hour <= 12), nodes)


@rule(12, "DET? (?:quarter|num) unit? in the (?:num|art)(?!unit)", only="es")
def _spanish_to(nodes: list[Node], _context: Context) -> Node | None:
    link = pick(nodes, "in")
    if link is None or link.text != "para":
        return None
    hour = [n.value for n in nodes if n.name in ("num", "art")][-1]
    minutes = 15 if pick(nodes, "quarter") else whole(nodes, "num")[0]
    if not isinstance(hour, int) or not 1 <= hour <= 12 or not 1 <= minutes <= 59:
        return None
    return node("clock", Clock((hour * 60 - minutes) % 720 or 720, open=True), nodes)


@rule(13, "noon ampm?", "AT noon", "AT the noon")
def _noon(nodes: list[Node], _context: Context) -> Node | None:
    value = pick(nodes, "noon")
    return node("clock", Clock(int(str(value.value))), nodes) if value else None


@rule(
    14,
    "(?:al|at|in)? the num unit",
    f"the num num{_NOT_AMOUNT}",
    f"the num{_NOT_AMOUNT}",
    only="es",
)
def _las(nodes: list[Node], _context: Context) -> Node | None:
    """Read "las ocho", "a las 15 horas": the feminine article is for hours."""
    article, unit = pick(nodes, "the"), pick(nodes, "unit")
    if article is None or article.text not in ("la", "las") or (unit and unit.value != "hour"):
        return None
    numbers = whole(nodes, "num")
    return _clock(numbers[0], numbers[1] if len(numbers) > 1 else 0, nodes, fixed=bool(unit) and numbers[0] > 12)


@rule(
    14,
    f"(?:at|in) the? num num{_NOT_AMOUNT}",
    f"at num oh num{_NOT_AMOUNT}",
    f"(?:at|in) num4{_NOT_AMOUNT}",
    f"at num{_NOT_AMOUNT}",
    f"(?:al|at|in) the num{_NOT_AMOUNT}",
    f"(?:al|at|in) the num num{_NOT_AMOUNT}",
    "(?:al|at|in) the art(?!unit)",
    "num4 unit",
    "num unit",
    "at num4 hours",
    "num hours",
    "num4 hours",
)
def _at(nodes: list[Node], context: Context) -> Node | None:
    lead = nodes[0]
    if lead.name == "in" and (context.base == "en" or not pick(nodes, "the")):
        return None
    unit = pick(nodes, "unit")
    if unit and unit.value != "hour":
        return None
    numbers = whole(nodes, "num", "num4", "art")
    if len(nodes) == 2 and unit and (numbers[0] < 100 or numbers[0] % 100 > 59):
        return None
    hour, minute = (
        (numbers[0], numbers[-1])
        if len(numbers) > 1 and numbers[0] < 25
        else divmod(numbers[0], 100)
        if numbers[0] >= 100
        else (numbers[0], 0)
    )
    if pick(nodes, "hours") and numbers[0] < 25:
        return _clock(numbers[0], 0, nodes, fixed=True)
    fixed = bool(unit) or (bool(pick(nodes, "num4")) and hour < 10)
    return _clock(hour, minute, nodes, fixed=fixed)


@rule(
    15,
    "num num (?:in|at|of|on)? the? (?:part|manana)",
    "(?:clock|num) (?:in|at|of|on)? the? (?:part|manana)",
    "clock (?:in|at|of|on)? (?:the|rel) part",
    "(?:clock|num num|num) tonight",
)
def _in_the_part(nodes: list[Node], context: Context) -> Node | None:  # noqa: PLR0911 - each guard is a reading that fails
    part, tonight = pick(nodes, "part", "manana"), pick(nodes, "tonight")
    if tonight is not None:
        clock = _own(nodes)
        if clock is None or tonight.value != 0 or clock.minutes > 719:
            return None
        return node("when", When(day=one_day(context.today), clock=clock.in_part("night")), nodes)
    if pick(nodes, "rel"):
        return None
    if part is None:
        return None
    name = "morning" if part.name == "manana" else str(part.value)
    if part.name == "manana" and not pick(nodes, "the"):
        return None
    clock = _own(nodes)
    if pick(nodes, "clock") is None and part.text.startswith(("por ", "en las ")):
        return None  # "el miércoles 11 por la tarde" names a day
    if clock is None or (name not in ("morning", "afternoon", "evening", "night", "dawn")):
        return None
    if clock.minutes > 12 * 60 + 59 and name in ("morning", "dawn"):
        return None
    return node("clock", clock.in_part(name), nodes)


def _own(nodes: list[Node]) -> Clock | None:
    found = pick(nodes, "clock")
    if found and isinstance(found.value, Clock):
        return found.value
    numbers = whole(nodes, "num")
    hour, minute = (
        (numbers[0], numbers[1])
        if len(numbers) > 1
        else divmod(numbers[0], 100)
        if numbers[0] >= 100
        else (numbers[0], 0)
    )
    return Clock(hour * 60 + minute, open=hour <= 12) if 1 <= hour <= 23 and minute <= 59 else None


@rule(
    16,
    "clock (?:ampm|letter)",
    "clock oclock",
    "clock ish",
    "num ish",
    "(?:at|in|on) the? clock",
    "(?<!num)(?<!clock)al the? clock",
    "the clock",
    "at clock",
)
def _decorated(nodes: list[Node], context: Context) -> Node | None:
    clock = _own(nodes)
    half = _half(nodes)
    if clock is None or (nodes[0].name == "in" and context.base == "en" and nodes[0].text != "for"):
        return None
    return node("clock", clock.half(half) if half else clock, nodes)


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
    only="es",
)
@rule(
    20,
    f"FROM {_SIDE} (?:to|until|dash|al|and) {_SIDE}{_NOT_AMOUNT}",
    f"between {_SIDE} and {_SIDE}{_NOT_AMOUNT}",
    f"between {_SIDE} (?:to|dash|until) {_SIDE}{_NOT_AMOUNT}",
    f"clock (?:to|until|dash) {_SIDE}{_NOT_AMOUNT}",
    "num (?:to|until|dash) clock",
    f"num num (?:to|until|dash) num num{_NOT_AMOUNT}",
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
        numbers = whole(part, "num")
        if found and isinstance(found.value, Clock):
            sides.append(found.value)
        elif numbers and 0 <= numbers[0] <= 24 and (len(numbers) == 1 or numbers[1] < 60):
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
    begin = start.choices()[0]
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


@rule(22, "hoursrange (?:in|at|of|on)? the? part")
def _hours_in_part(nodes: list[Node], _context: Context) -> Node | None:
    hours, part = pick(nodes, "hoursrange"), pick(nodes, "part")
    if hours is None or part is None or not isinstance(hours.value, Hours):
        return None
    start, end = hours.value.start % 720, hours.value.end % 720
    shift = 0 if part.value in ("morning", "dawn") else 720
    return node("hoursrange", Hours(start + shift, (end if end > start else end + 720) + shift), nodes)


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
