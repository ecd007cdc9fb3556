"""Rules for days and months by name: "May 5th 1984", "Monday the 9th", "the 20th"."""

from datetime import date

from agent.language.calendars import (
    days_of_month,
    month_days,
    months,
    stretch,
    weekdays,
    weekends,
    year,
)
from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_numeric import day_in, full_year, year_of
from agent.language.date_tokens import Node
from agent.language.date_values import When
from agent.language.series import Fixed, Within, midnight, unit_interval

_OF = "(?:of|dash|comma|slash|dot|the)*"


@rule(2, "the? N unit? of the? unit of month", "the? N unit of month")
def _day_of_the_month_of(nodes: list[Node], _context: Context) -> Node | None:
    """Shorten "the 23rd of the month of May", "the third day of May" to a day and a month, year still to come."""
    units_said = [n.value for n in nodes if n.name == "unit"]
    number = whole(nodes, "num", "ord")[0]
    plural = any(n.text in ("days", "dias") for n in nodes)
    if plural or any(unit not in ("day", "month") for unit in units_said) or not 1 <= number <= 31:
        return None
    return node("daymonth", number * 100 + whole(nodes, "month")[0], nodes)


@rule(2, "the? unit of? month(?!num|ord)")
def _named_month(nodes: list[Node], _context: Context) -> Node | None:
    """Read "month of May", "month May"."""
    unit = pick(nodes, "unit")
    return node("month", whole(nodes, "month")[0], nodes) if unit and unit.value == "month" else None


@rule(3, "daymonth (?:of|comma)* YEAR", "daymonth")
def _day_month(nodes: list[Node], context: Context) -> Node | None:
    day, month = divmod(int(str(nodes[0].value)), 100)
    return node("date", When(day=day_in(month, day, year_of(nodes, context))), nodes)


@rule(
    3,
    "month (?:dot|dash|slash)* the? N comma? (?:of|in|dash|slash|dot|the)* YEAR(?!unit|ampm|hours)",
    f"the? N {_OF} month {_OF} YEAR(?!unit|ampm|hours)",
    "month dot? N comma? (?:of|dash)? num(?!ampm|num|oclock|unit|dash|letter|part|in the part|and (?:half|quarter)|menos)",
    "the? N (?:of|dash|dot|slash|the)* month (?:of|dash|dot|slash|comma)? num(?!ampm|num|oclock|unit|letter|part|in the part|and (?:half|quarter)|menos)",
    "YEAR (?:comma|dash|slash)* month (?:dash|slash)? the? N",
    "YEAR comma? N OF? month",
    "(?<!num of)(?<!ord of)month (?:dot|dash|slash)? the? N(?!ampm|oclock|letter|unit(?!word)|dash num4)",
    "the? N (?:of|dash|dot|slash)* the? month",
)
def _day_month_year(nodes: list[Node], context: Context) -> Node | None:
    numbers = [n for n in nodes if n.name in ("num", "ord")]
    month = whole(nodes, "month")[0]
    day = int(str(numbers[0].value))
    number = year_of(nodes, context)
    if number is None and len(numbers) > 1:
        last = numbers[-1]
        two = int(str(last.value))
        written = sum(n.name in ("dash", "slash", "dot") for n in nodes) > 1
        if last.name == "ord" or not (32 <= two <= 99 or ((context.birth or written) and 0 <= two <= 99)):
            return None
        number = full_year(two, context)
    return node("date", When(day=day_in(month, day, number)), nodes)


@rule(4, "month dot? comma? (?:of|in|dash|slash|the)* YEAR(?!hours|unit)", "YEAR dash? month")
def _month_year(nodes: list[Node], context: Context) -> Node | None:
    number = year_of(nodes, context)
    month = whole(nodes, "month")[0]
    return node("date", When(day=Fixed(unit_interval(date(number or 1, month, 1), "month"), "month")), nodes)


@rule(
    9,
    "FROM? the? N (?:to|until|dash|al|and) the? N (?:of|in)? (?:month|date) (?:of|comma)* YEAR?",
    "between the? N and the? N (?:of|in)? (?:month|date) (?:of|comma)* YEAR?",
    "(?:from|between)? month the? N (?:to|until|dash|al|and) the? N (?:of|comma)* YEAR?(?!unit|ampm|clocktok|clock)",
    "(?:from|between)? date (?:to|until|dash|al) the? N (?:of|comma)* YEAR?(?!unit|ampm|clocktok|clock|of? month|of? date|num|and half|oclock)",
    "between date and the? N (?:of|comma)* YEAR?(?!unit|ampm|clocktok|of? month)",
    "FROM? the? N (?:to|until|dash|al|and) date",
    "between the? N and date",
)
def _days_of_one_month(nodes: list[Node], context: Context) -> Node | None:
    numbers = [int(str(n.value)) for n in nodes if n.name in ("num", "ord")]
    if pick(nodes, "al") and any(n.name == "the" and n.text in ("la", "las") for n in nodes):
        return None
    found = pick(nodes, "date")
    number, months_said = year_of(nodes, context), whole(nodes, "month")
    last = None
    if len(numbers) < 2:
        known = _known_day(found, context, number)
        if known is None or nodes[0].name in ("and",):
            return None
        numbers, month, number, last = [numbers[0], known.day], known.month, number or known.year, known
        if found and nodes.index(found) < len(nodes) // 2 + 1 and nodes[-1] is not found:
            numbers.reverse()
        months_said = [month]
    if months_said:
        month = months_said[0]
        if number is None:
            first = next(month_days(month, numbers[0]).forward(context.now)).start.date()
            number = first.year
    elif found and isinstance(found.value, When) and found.value.day and found.value.day.grain == "month":
        start = next(found.value.day.forward(context.now)).start.date()
        number, month = start.year, start.month
    else:
        return None
    del last
    if numbers[0] >= numbers[1]:
        return None
    return node("date", When(day=stretch(date(number, month, numbers[0]), date(number, month, numbers[1]))), nodes)


def _known_day(found: Node | None, context: Context, number: int | None) -> date | None:
    """Return the day of a date node such as "May 5th", when it is a day of a month and not a weekday."""
    if found is None or not isinstance(found.value, When) or found.value.day is None or found.value.timed:
        return None
    day = found.value.day
    if day.grain != "day" or not (day.__class__ is Fixed or getattr(day, "step", "") == "year"):
        return None
    if number:
        return next(day.forward(midnight(date(number, 1, 1)))).start.date()
    return next(day.forward(context.now)).start.date()


@rule(
    50,
    "the? unit? the? ord(?!unit|weekday|of(?! the? date)|num|word|thing|weekend|quarter|hence)",
    "on the? ord(?!unit|word|thing)",
    "the unit? num(?!unit|ampm|num|dash|slash|oclock|and|menos|word|in the part|part|manana|rel|of(?! the? date)|to|until|letter|few|dozen)",
    "on num(?!unit|word|num|dash|slash|oclock|part|rel|ampm|month|of)",
    "(?:on|al) the num(?!unit|word|ampm|num|dash|slash|oclock|part|rel)",
    "unit num(?!unit|word|num)",
)
def _day_of_month(nodes: list[Node], context: Context) -> Node | None:
    unit = pick(nodes, "unit")
    number = whole(nodes, "num", "ord")[0]
    if not 1 <= number <= 31 or (unit and (unit.value != "day" or context.base != "es")):
        return None
    if nodes[0].name == "unit" and context.base != "es":
        return None
    said = pick(nodes, "ord")
    led = pick(nodes, "the", "on", "unit")
    if led is not None and led.text in ("la", "las"):
        return None
    if said is None and context.base == "en" and not (nodes[0].name == "on" or (led and nodes[0].text == "the")):
        return None
    weak = not led or (nodes[0].name != "on" and bool((said and said.weak) or (said is None and context.base == "en")))
    return node("date", When(day=days_of_month(number)), nodes, weak=weak)


@rule(51, "on? the ord(?=word)", only="en")
def _day_before_a_word(nodes: list[Node], _context: Context) -> Node | None:
    """Read a day before any unknown word; the first three may count something."""
    number = whole(nodes, "ord")[0]
    return node("date", When(day=days_of_month(number)), nodes) if 4 <= number <= 31 else None


@rule(
    52,
    "weekday comma? (?:the)? ord(?!unit|weekday)",
    "weekday comma? the num(?!unit|ampm|num|oclock|weekday|and|menos|part)",
    "weekday dot? num(?!unit|ampm|num|oclock|dash|and|menos|part|to|until)",
    "weekday comma? the? date",
)
def _weekday_and_day(nodes: list[Node], context: Context) -> Node | None:
    weekday = whole(nodes, "weekday")[0]
    numbers = whole(nodes, "num", "ord")
    found = pick(nodes, "date")
    if found is not None:
        return (
            node("date", meet(weekday, found.value, context), nodes)
            if isinstance(found.value, When)
            and found.value.day
            and found.value.day.grain == "day"
            and not found.value.timed
            else None
        )
    if not 1 <= numbers[0] <= 31 or (
        pick(nodes, "num") and context.base == "en" and not pick(nodes, "the") and numbers[0] < 13
    ):
        return None
    return node("date", meet(weekday, When(day=days_of_month(numbers[0])), context), nodes)


def meet(weekday: int, when: When, context: Context) -> When:
    """Join "Monday" with a date; when they never meet, the date counts and the day is asked about."""
    if when.day is None:
        return when
    both = Within(weekdays(weekday), when.day)
    seen = next(when.day.forward(context.now), None)
    for found in (both.forward(context.now), both.backward(context.now)):
        first = next(found, None)
        if first and (isinstance(when.day, Fixed) or not seen or abs((first.start - seen.start).days) <= 370):
            return When(day=both, others=when.others)
    for other in when.others:
        if next(Within(weekdays(weekday), other).forward(context.now), None):
            return When(day=other)
    return When(day=when.day, others=when.others, ask="day")


@rule(54, "weekday", "month", "weekend", "the weekend", "year", "num4(?!unit|hours|word)")
def _alone(nodes: list[Node], _context: Context) -> Node | None:
    found = nodes[-1]
    if found.name == "weekday":
        day = int(str(found.value))
        return node("date", When(day=weekdays(day), weekday=day), nodes, weak=found.weak)
    if found.name == "weekend":
        return node("date", When(day=weekends()), nodes)
    value = int(str(found.value))
    if found.name == "month":
        return node("date", When(day=months(value)), nodes, weak=found.weak)
    if not 1900 <= value <= 2100:
        return None
    return node("date", When(day=year(value)), nodes, weak=True)
