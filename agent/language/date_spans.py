"""Rules for stretches between two times, and for open ends: "from Monday to Friday", "before ten", "since May"."""

from dataclasses import replace

from agent.language.calendars import days_of_month, month_days, months, one_day, year
from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_numeric import year_of
from agent.language.date_tokens import Node
from agent.language.date_values import Bound, Clock, Hours, Span, When
from agent.language.series import Fixed, Interval, Within

_NOT_AMOUNT = "(?!unit|quarter|half|couple|dot|slash|month|of month|ampm|num4|weekend|duration|dash|letter)"
_X = "(?:date|when|clock|hoursrange)"


@rule(
    17,
    "(?<!num)(?<!clock)(?:before|after|since|by|until|from) the? num num(?!unit)",
    f"(?<!num)(?<!clock)(?:before|after|since|by|until|from) the? num{_NOT_AMOUNT}",
    "(?:before|after|since|by|until|from) the? art(?=$)",
)
def _bound_hour(nodes: list[Node], context: Context) -> Node | None:
    """Read the bare number in "after three" as a time of day."""
    numbers = whole(nodes, "num", "art")
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    article = pick(nodes, "the")
    if context.base == "es" and (article is None or article.text not in ("la", "las")):
        return None
    if not (1 <= hour <= 23 and minute <= 59) or (len(numbers) > 1 and minute < 10):
        return None
    if nodes[0].name == "from" and (article is None or article.text not in ("la", "las")):
        return None
    clock = Clock(hour * 60 + minute, open=hour <= 12)
    return node("span", _span(nodes[0], When(clock=clock)), nodes)


@rule(
    17,
    f"(?<!half)(?<!quarter)(?<!num)(?<!unit)(?<!clock)(?<!date)relpast the? num{_NOT_AMOUNT}",
    "(?<!half)(?<!quarter)(?<!num)(?<!unit)(?<!clock)(?<!date)relpast (?:clock|noon)",
    only="en",
)
def _past_hour(nodes: list[Node], _context: Context) -> Node | None:
    """Read "anything past four"."""
    if nodes[0].text != "past":
        return None
    found = nodes[-1]
    clock = found.value if isinstance(found.value, Clock) else None
    if clock is None:
        value = int(str(found.value))
        clock = (
            Clock(value) if found.name == "noon" else Clock(value * 60, open=value <= 12) if 1 <= value <= 23 else None
        )
    return node("span", Span(When(clock=clock), None, "after"), nodes) if clock else None


@rule(
    16,
    "(?<!half)(?<!quarter)(?<!num)(?<!unit)(?<!clock)(?<!date)relpast num num(?!unit|num)",
    "from num num? on(?=$|comma|mark|dot|plain)",
    only="en",
)
def _past_half_hour(nodes: list[Node], _context: Context) -> Node | None:
    """Read "anytime past two thirty", "from three on"."""
    numbers = whole(nodes, "num")
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if nodes[0].text not in ("past", "from") or not (1 <= hour <= 23 and minute <= 59):
        return None
    return node("span", Span(When(clock=Clock(hour * 60 + minute, open=hour <= 12)), None, "since"), nodes)


@rule(17, "at? num (?:onward|orbefore)", "at? num num (?:onward|orbefore)", "at? the num (?:onward|orbefore)")
def _hour_or_later(nodes: list[Node], context: Context) -> Node | None:
    """Read "two or later", "ten thirty or earlier"."""
    numbers, article = whole(nodes, "num"), pick(nodes, "the")
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if not (1 <= hour <= 23 and minute <= 59) or (
        article and (context.base != "es" or article.text not in ("la", "las"))
    ):
        return None
    when = When(clock=Clock(hour * 60 + minute, open=hour <= 12))
    return node("span", Span(None, when, "by") if pick(nodes, "orbefore") else Span(when, None, "since"), nodes)


@rule(17, "(?:before|after|since|by|until|from) the? num(?!unit|month|num|of|oclock|ampm|part)", only="es")
def _bound_day(nodes: list[Node], _context: Context) -> Node | None:
    """Read "después del veinte", "hasta el 15": the masculine article is for days."""
    article = pick(nodes, "the")
    number = whole(nodes, "num")[0]
    masculine = article.text == "el" if article else nodes[0].text.endswith("del")
    if not masculine or not 1 <= number <= 31:
        return None
    return node("span", _span(nodes[0], When(day=days_of_month(number))), nodes)


@rule(
    12,
    "between the N and the N(?!unit|month|of|oclock|ampm|part|num)",
    "of N al N(?!unit|month|of|oclock|ampm|part|num)",
    "from the N until the N(?!unit|month|of|oclock|ampm|part|num)",
    only="es",
)
def _between_days(nodes: list[Node], _context: Context) -> Node | None:
    """Read "entre el 10 y el 13", "del 10 al 13"."""
    first, last = whole(nodes, "num", "ord")
    articles = [n.text for n in nodes if n.name in ("the", "al", "of")]
    if (
        not set(articles) <= {"el", "del", "al"}
        or not {"el", "del"} & set(articles)
        or not (1 <= first <= 31 and 1 <= last <= 31)
    ):
        return None
    return node("span", Span(When(day=days_of_month(first)), When(day=days_of_month(last))), nodes)


def _when(found: Node) -> When | None:
    if isinstance(found.value, When):
        return found.value
    if isinstance(found.value, Clock):
        return When(clock=found.value)
    if isinstance(found.value, Hours):
        return When(hours=found.value)
    return None


def _span(lead: Node, when: When) -> Span:
    bound: Bound = lead.name if lead.name in ("before", "by", "after", "since", "until") else "since"  # type: ignore[assignment]
    if bound in ("before", "by", "until"):
        return Span(None, when, bound)
    return Span(when, None, bound, past=lead.text in ("since", "ever since"))


@rule(53, "month and month YEAR?")
def _two_months(nodes: list[Node], context: Context) -> Node | None:
    """Read "March and April" as a stretch."""
    first, last = whole(nodes, "month")
    number = next((int(str(n.value)) for n in nodes if n.name in ("num4", "year")), None)
    sides = [When(day=Within(months(m), year(number)) if number else months(m)) for m in (first, last)]
    del context
    return node("span", Span(sides[0], sides[1]), nodes)


@rule(
    3,
    "(?:from|of|since|between)? month dot? (?:to|until|dash|al|and) month dot? (?:of|comma)* YEAR?(?!unit|num|ord|(?:of|in)* rel unit)",
)
def _months_of_one_year(nodes: list[Node], context: Context) -> Node | None:
    """Read "from May to October 2020", "Jan. - Apr.": the year belongs to both."""
    first, last = whole(nodes, "month")
    number = year_of(nodes, context)
    if number is None:
        begin = next(months(first).forward(context.now)).start
        number = begin.year + (last < first)
    sides = [Within(months(first), year(number - (last < first))), Within(months(last), year(number))]
    return node("span", Span(When(day=sides[0]), When(day=sides[1])), nodes)


@rule(
    46,
    "(?:from|of|since|between)? the? month (?:to|until|dash|al|and) the? month (?:of|in|comma)* (?:date|rel unit)",
)
def _months_of_that_year(nodes: list[Node], _context: Context) -> Node | None:
    """Read "from June to August of last year"."""
    outer = nodes[-1].value
    if not isinstance(outer, When) or not isinstance(outer.day, Fixed) or outer.day.grain != "year":
        return None
    number = outer.day.interval.start.year
    first, last = whole(nodes, "month")
    begin = number - (last < first)
    sides = [Within(months(first), year(begin)), Within(months(last), year(number))]
    return node("span", Span(When(day=sides[0]), When(day=sides[1])), nodes)


@rule(2, "from? the? N of? month dash the? N of? month(?!dash)")
def _days_of_two_months(nodes: list[Node], _context: Context) -> Node | None:
    """Read "8 Jul - 12 Aug"."""
    days, names = whole(nodes, "num", "ord"), whole(nodes, "month")
    sides = [When(day=month_days(month, day)) for month, day in zip(names, days, strict=True) if day <= 31]
    return node("span", Span(sides[0], sides[1]), nodes) if len(sides) == 2 else None


@rule(
    70,
    f"(?:from|of|since)? the? {_X} (?:to|until|dash|al) the? {_X}",
    f"between the? {_X} (?:and|to|dash|until) the? {_X}",
    f"from {_X} and {_X}",
    f"hence (?:to|until) the? {_X}",
)
def _from_to(nodes: list[Node], context: Context) -> Node | None:
    sides = [n for n in nodes if n.name in ("date", "when", "clock", "hoursrange")]
    start, end = _when(sides[0]), _when(sides[-1])
    if nodes[0].name == "hence":
        moment = context.now.replace(second=0, microsecond=0)
        until_time = end is not None and end.clock is not None and end.day is None
        start = When(moment=Interval(moment, moment)) if until_time else When(day=one_day(context.today))
    if start is None or end is None:
        return None
    return node("span", Span(start, end), nodes)


@rule(
    71,
    f"(?:before|after|by|since|until) the? {_X}",
    f"from the? {_X}(?!of)",
    f"{_X} (?:onward|orbefore)",
    f"(?:from|since|after) the? {_X} onward",
    f"{_X} and onward",
    "span onward",
    "span orbefore",
)
def _open(nodes: list[Node], _context: Context) -> Node | None:
    found = pick(nodes, "date", "when", "clock", "hoursrange")
    if found is None:
        return node("span", nodes[0].value, nodes) if isinstance(nodes[0].value, Span) else None
    when = _when(found)
    if when is None:
        return None
    lead = nodes[0]
    if lead is found:
        return node("span", Span(None, when, "by") if pick(nodes, "orbefore") else Span(when, None, "since"), nodes)
    if lead.text in ("desde", "from", "since") and when.moment is None and found.weak and not found.text[-1:].isdigit():
        return None
    return node("span", _span(lead, when), nodes)


@rule(72, "(?:date) (?:comma|at|on|in)* span", "span (?:comma|on|of|in|the)* date")
def _day_with_span(nodes: list[Node], _context: Context) -> Node | None:
    day, span = pick(nodes, "date"), pick(nodes, "span")
    if (
        day is None
        or span is None
        or not isinstance(day.value, When)
        or not isinstance(span.value, Span)
        or day.value.day is None
    ):
        return None
    for side in (span.value.start, span.value.end):
        if side is not None and (side.day is not None or side.moment is not None):
            return None
    return node(
        "span", Span(span.value.start, span.value.end, span.value.bound, day=day.value.day, ask=day.value.ask), nodes
    )


@rule(73, "span (?:and|comma|plain)* span")
def _two_bounds(nodes: list[Node], _context: Context) -> Node | None:
    """Join "after three and before five", also when only one of them names the day."""
    left, right = nodes[0].value, nodes[-1].value
    if not isinstance(left, Span) or not isinstance(right, Span) or any(n.text == "not" for n in nodes[1:-1]):
        return None
    start, end = left.start or right.start, left.end or right.end
    if (left.start and right.start) or (left.end and right.end) or start is None or end is None:
        return None
    day = left.day or right.day
    if day is None and start.clock and end.clock and (start.day is None) != (end.day is None):
        day, start, end = start.day or end.day, replace(start, day=None), replace(end, day=None)
    return node("span", Span(start, end, "between", day=day), nodes)
