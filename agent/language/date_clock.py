"""Rules for times of day: "3 pm", "at nine thirty", "seven in the evening"."""

import re

from agent.language.calendars import days_of_month, one_day
from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_tokens import Node
from agent.language.date_values import DAY_MINUTES, Clock, Hours, When

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
    "oh num num(?!num|unit|ampm)",
    "oh num(?!num|unit|oh|dash|comma)",
    "num oh num ampm",
    "num num ampm",
    "num num oclock(?!ampm)",
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
    if nodes[0].name == "oh":
        return _military(numbers, nodes)
    hour, minute = (numbers[0], numbers[1]) if len(numbers) == 2 else (numbers[0], 0)
    if hour >= 100 and not minute:
        hour, minute = divmod(hour, 100)
    if pick(nodes, "ampm", "letter") and hour > 23:
        return None
    return _clock(hour, minute, nodes, half=_half(nodes))


def _military(numbers: list[int], nodes: list[Node]) -> Node | None:
    """Read "zero eight thirty", "oh nine hundred"."""
    hour, minute = divmod(numbers[0], 100) if len(numbers) == 1 else (numbers[0], numbers[1])
    spoken = all(n.words for n in nodes if n.name == "num")
    return _clock(hour, minute, nodes, fixed=True) if spoken and 1 <= hour <= 9 and 0 <= minute <= 59 else None


@rule(13, "noon ampm?", "AT noon", "AT the noon")
def _noon(nodes: list[Node], _context: Context) -> Node | None:
    value = pick(nodes, "noon")
    return node("clock", Clock(int(str(value.value))), nodes) if value else None


@rule(
    14,
    "(?:al|at|in)? the num unit",
    f"the num num{_NOT_AMOUNT}",
    f"the num{_NOT_AMOUNT}(?!rel (?:unit|weekend))",
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
    if lead.name == "in" and not (_booked_for(nodes) if context.base == "en" else pick(nodes, "the")):
        return None
    unit, article = pick(nodes, "unit"), pick(nodes, "the")
    if (unit and unit.value != "hour") or (article and context.base == "es" and article.text not in ("la", "las")):
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


def _booked_for(nodes: list[Node]) -> bool:
    """Say whether it is "for eleven fifteen": two numbers said in words that make a time."""
    numbers = whole(nodes, "num")
    spoken = all(n.words for n in nodes if n.name == "num")
    return (
        nodes[0].text == "for" and spoken and len(numbers) == 2 and numbers[0] <= 12 and numbers[1] in range(10, 60, 5)
    )


@rule(
    15,
    "num num (?:in|at|of|on)? the? (?:part|manana)",
    "(?:clock|num) (?:in|at|of|on)? the? (?:part|manana)",
    "(?<!and)(?<!to)(?<!until)(?<!dash)(?<!num)(?:clock|num num|num) (?:in|at|of|on)? rel part",
    "(?:clock|num num|num) tonight",
    "tonight (?:num num|num)(?!unit|to|dash|until|num|month|ampm)",
)
def _in_the_part(nodes: list[Node], context: Context) -> Node | None:  # noqa: PLR0911 - each guard is a reading that fails
    part, tonight = pick(nodes, "part", "manana"), pick(nodes, "tonight")
    if tonight is not None:
        return _tonight(nodes, tonight, context)
    if part is None:
        return None
    relation = pick(nodes, "rel")
    if relation is not None:
        clock = _own(nodes)
        if relation.value != 0 or clock is None or clock.minutes > 779:
            return None
        return node("when", When(day=one_day(context.today), clock=clock.in_part(str(part.value))), nodes)
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


def _tonight(nodes: list[Node], tonight: Node, context: Context) -> Node | None:
    clock = _own(nodes)
    if clock is None or tonight.value != 0 or clock.minutes > 779:
        return None
    midnight = not clock.open and clock.minutes == 0
    settled = Clock(DAY_MINUTES) if midnight else clock.in_part("night")
    return node("when", When(day=one_day(context.today), clock=settled), nodes)


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
    17,
    "(?<!rel)(?<!date)part (?:at|comma)? clock(?!to|until|dash)",
    "(?<!rel)(?<!date)part (?:at|comma)? clock(?=$)",
)
def _part_and_clock(nodes: list[Node], _context: Context) -> Node | None:
    """Read "afternoon 12:30", "in the morning, at nine": the part settles am or pm."""
    name, clock = str(nodes[0].value), _own(nodes)
    if clock is None or name not in ("morning", "afternoon", "evening", "night"):
        return None
    settled = clock.in_part(name)
    if settled.minutes >= DAY_MINUTES or (name == "morning" and settled.minutes > 779):
        return None
    return node("clock", settled, nodes)


@rule(51, "(?:clock|hoursrange) of N(?!of|month|unit|to|al|until)", only="es")
def _hour_of_the_day(nodes: list[Node], _context: Context) -> Node | None:
    """Read "a las siete de la noche del 15", "la tarde del 23"."""
    time, number = nodes[0].value, whole(nodes, "num", "ord")
    if nodes[1].text != "del" or len(number) != 1 or not 1 <= number[0] <= 31:
        return None
    day = days_of_month(number[0])
    if isinstance(time, Hours):
        return node("when", When(day=day, hours=time), nodes)
    return node("when", When(day=day, clock=time), nodes) if isinstance(time, Clock) else None


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
