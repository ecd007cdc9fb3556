"""Rules for holidays, seasons, quarters, halves and decades."""

from datetime import date

from agent.language.calendars import (
    halves,
    holidays,
    quarters,
    seasons,
    year,
)
from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_nth import outer_series
from agent.language.date_numeric import full_year, year_of
from agent.language.date_tokens import Node
from agent.language.date_values import When
from agent.language.series import Fixed, Interval, Mapped, Series, Within, add, midnight, unit_interval


@rule(5, "the? holiday comma? num(?!unit|num|ampm|oclock)")
def _holiday_of_short_year(nodes: list[Node], context: Context) -> Node | None:
    """Read "fourth of July, seventy six" as a birth."""
    found, number = pick(nodes, "holiday"), whole(nodes, "num")[0]
    if found is None or not context.birth or not 0 <= number <= 99:
        return None
    day = Within(holidays(str(found.value)), year(full_year(number, context)))
    return node("date", When(day=day), nodes)


@rule(6, "the? holiday (?:of|in|comma)* YEAR", "YEAR holiday", "the? holiday")
def _holiday(nodes: list[Node], context: Context) -> Node | None:
    found = pick(nodes, "holiday")
    if found is None:
        return None
    series: Series = holidays(str(found.value))
    number = year_of(nodes, context)
    return node("date", When(day=Within(series, year(number)) if number else series), nodes)


@rule(
    6,
    "the? season (?:of|in|comma)* YEAR",
    "YEAR season",
    "the? (?:qname|hname) (?:of|in|comma|dash)* YEAR",
    "YEAR dash? (?:qname|hname)",
    "the? qname of the unit",
    "the? hname of? the? unit",
    "the? (?:qname|hname|season)(?!(?:of|in)* the? (?:rel|relsoon|relpast|date|month|weekday|dayword))",
)
def _part_of_year(nodes: list[Node], context: Context) -> Node | None:
    found = pick(nodes, "season", "qname", "hname")
    if found is None:
        return None
    series: Series = (
        seasons(str(found.value))
        if found.name == "season"
        else quarters(int(str(found.value)))
        if found.name == "qname"
        else halves(int(str(found.value)))
    )
    number = year_of(nodes, context)
    unit = pick(nodes, "unit")
    if unit is not None and unit.value == "month" and found.name == "hname":
        whole_month = unit_interval(context.today, "month")
        return node("date", When(day=Fixed(_half_of_month(whole_month, int(str(found.value))), "week")), nodes)
    if unit is not None and unit.value != "year":
        return None
    if unit or (found.name != "season" and not number):
        return node("date", When(day=Within(series, year(context.now.year))), nodes)
    return node(
        "date", When(day=Within(series, year(number)) if number else series), nodes, weak=len(nodes) == 1 and found.weak
    )


@rule(
    7,
    "the unit num(?!unit)",
    "the? unit of the num",
    "the num(?=$)",
    "in the num(?!unit|num|part|and|menos|oclock|ampm|of|month)",
    only="es",
)
def _spanish_decade(nodes: list[Node], context: Context) -> Node | None:
    unit = pick(nodes, "unit")
    number = whole(nodes, "num")[0]
    if number % 10 or number < 20 or (unit is not None and unit.value not in ("year", "decade")):
        return None
    if unit is None and all(n.text != "los" for n in nodes):
        return None
    start = full_year(number, context, past=True)
    return node("date", When(day=Fixed(unit_interval(date(start, 1, 1), "decade"), "decade")), nodes)


@rule(5, "the? unit todate", "the? date todate")
def _to_date(nodes: list[Node], context: Context) -> Node | None:
    """Read "year to date"."""
    unit = pick(nodes, "unit")
    if unit is None or unit.value not in ("year", "month", "quarter", "week"):
        return None
    around = unit_interval(context.today, str(unit.value))
    return node("date", When(day=Fixed(Interval(around.start, midnight(context.today)), "week"), past=True), nodes)


@rule(7, "decade", "num decade", "num4 word", "num word", "the num4 word")
def _decade(nodes: list[Node], context: Context) -> Node | None:
    word = pick(nodes, "word")
    numbers = whole(nodes, "num", "num4")
    if word and word.text != "s":
        return None
    tens = whole(nodes, "decade")
    start = (numbers[0] * 100 + tens[0]) if numbers and tens else numbers[0] if numbers else tens[0]
    if start % 10 or (numbers and tens and numbers[0] not in (18, 19, 20)):
        return None
    start = start if start >= 100 else full_year(start, context, past=True)
    return node("date", When(day=Fixed(unit_interval(date(start, 1, 1), "decade"), "decade")), nodes)


def _half_of_month(month: Interval, half: int) -> Interval:
    """Return the first fifteen days of a month, or the rest of it."""
    middle = midnight(add(month.start.date(), "day", 15))
    return Interval(month.start, middle) if half == 1 else Interval(middle, month.end)


@rule(9, "the? (?:qname|hname|season) (?:of|in)* the? (?:date|month)")
def _part_of_that_year(nodes: list[Node], context: Context) -> Node | None:
    """Read "Q4 of next year", "the second half of May"."""
    found, outer = nodes[0] if nodes[0].name != "the" else nodes[1], outer_series(nodes[-1], context)
    if outer is None:
        return None
    number = found.value
    if outer.grain == "month" and found.name == "hname":
        return node("date", When(day=Mapped(outer, lambda i: _half_of_month(i, int(str(number))), "week")), nodes)
    series: Series = (
        seasons(str(number))
        if found.name == "season"
        else quarters(int(str(number)))
        if found.name == "qname"
        else halves(int(str(number)))
    )
    return node("date", When(day=Within(series, outer)), nodes) if outer.grain == "year" else None
