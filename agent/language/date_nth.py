"""Rules for the n-th of something: "the first Monday of May", "the last week of June", "the week of the 9th"."""

from datetime import date

from agent.language.calendars import (
    days_of_month,
    first_week,
    months,
    quarters,
    seasons,
    units,
    week_of,
    weekdays,
    weekend_of,
    weekends,
    workdays,
    year,
)
from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_tokens import Node
from agent.language.date_values import When
from agent.language.series import Fixed, Interval, Mapped, Nth, Series, add, midnight, unit_interval, unit_start


@rule(1, "the? unit num of month", only="en")
def _numbered_day(nodes: list[Node], _context: Context) -> Node | None:
    """Read "day 21 of June"."""
    unit, number = pick(nodes, "unit"), whole(nodes, "num")[0]
    if unit is None or unit.value != "day" or unit.text.endswith("s") or not 1 <= number <= 31:
        return None
    return node("daymonth", number * 100 + whole(nodes, "month")[0], nodes)


@rule(2, "the? unit num (?:of|in|comma)* YEAR", "the? unit num (?:of|in)* the? REL? unit", "^unit num(?=$)")
def _week_of_the_year(nodes: list[Node], context: Context) -> Node | None:
    """Read "week 20 of this year", "week 20": as ISO counts weeks."""
    unit, number, relation = pick(nodes, "unit"), whole(nodes, "num")[0], pick(nodes, "rel")
    said = next((int(str(n.value)) for n in nodes if n.name in ("num4", "year")), None)
    last = nodes[-1]
    if unit is None or unit.value != "week" or (last.name == "unit" and last.value != "year"):
        return None
    outer = said or context.now.year + (int(str(relation.value)) if relation else 0)
    if not 1 <= number <= 53:
        return None
    first = first_week(date(outer, 1, 1))
    return node("date", When(day=Fixed(week_of(add(first, "week", number - 1)), "week")), nodes)


@rule(2, "the? unit num (?:of|in)* the? month(?!N)")
def _numbered_week(nodes: list[Node], context: Context) -> Node | None:
    """Read "week 3 of May"."""
    unit, outer = pick(nodes, "unit"), outer_series(nodes[-1], context)
    n = whole(nodes, "num")[0]
    if unit is None or unit.value != "week" or outer is None or not 1 <= n <= 6:
        return None
    return node("date", When(day=Mapped(outer, lambda i: _week_in(i, n), "week")), nodes)


@rule(29, "date weekend")
def _long_weekend(nodes: list[Node], _context: Context) -> Node | None:
    """Read "Labor Day weekend": the weekend with the holiday on or beside it."""
    base = nodes[0].value
    if (
        not isinstance(base, When)
        or base.day is None
        or base.day.grain != "day"
        or base.weekday is not None
        or isinstance(base.day, Fixed)
    ):
        return None
    return node("date", When(day=Mapped(base.day, _around_weekend, "weekend")), nodes)


def _around_weekend(interval: Interval) -> Interval:
    day = interval.start.date()
    saturday = add(day, "day", (5 - day.weekday()) if day.weekday() >= 3 else -2 - day.weekday())
    first, last = min(day, saturday), max(day, add(saturday, "day", 1))
    return Interval(midnight(first), midnight(add(last, "day", 1)))


@rule(51, "the? ord (?:weekday|weekend) after the? date")
@rule(
    30,
    "the? ord (?:rel|ordlast) (?:weekday|unit|weekend) (?:of|in)* the? (?:date|month|num4|year)(?!unit|ago|hence)",
    "the? (?:ord|rel|ordlast) (?:weekday|unit|weekend) (?:of|in)* the? unit of the? month",
    "the? (?:ord|ordlast) (?:weekday|unit|weekend) (?:of|in)* rel month",
    "the? (?:ord|rel|ordlast) (?:weekday|unit|weekend|quarter) (?:of|in|after|from|dash)* the? (?:date|month|num4|year|unit)(?!unit|ago|hence)",
    "the? N unit (?:of|in)* the? (?:date|month|num4|year)(?!unit|ago|hence)",
    "the? (?:weekday|unit|weekend) (?:ord|num) (?:of|in)* the? (?:date|month|num4|year)(?!unit)",
)
def _nth(nodes: list[Node], context: Context) -> Node | None:  # noqa: PLR0911 - each guard is a reading that fails
    rank = pick(nodes, "ord", "rel", "ordlast", "num")
    links = [n for n in nodes if n.name in ("of", "in", "after", "from", "dash")]
    what_at = next((i for i, n in enumerate(nodes) if n.name in ("weekday", "unit", "weekend", "quarter")), 0)
    outer = nodes[-1]
    if (
        rank is None
        or (rank.name == "rel" and rank.value != -1)
        or what_at == len(nodes) - 1
        or (outer.name == "unit" and not links)
    ):
        return None
    if rank.name == "num" and not (nodes[what_at].value in ("week", "day", "quarter") and what_at < nodes.index(rank)):
        return None
    n = int(str(rank.value))
    if rank.name == "ord" and (back := pick(nodes, "rel", "ordlast")) is not None:
        if back.value != -1:
            return None
        n = -n
    around = outer_series(outer, context)
    what = nodes[what_at]
    if around is None or (links and links[0].name in ("after", "from") and n < 1):
        return None
    if links and links[0].name in ("after", "from"):
        return None if links[0].name == "from" else _after(what, n, around, nodes)
    if what.name == "unit" and what.value == "week":
        return node("date", When(day=Mapped(around, lambda outer_interval: _week_in(outer_interval, n), "week")), nodes)
    inner = inner_series(what)
    return node("date", When(day=Nth(inner, n, around)), nodes) if inner else None


def _after(what: Node, n: int, around: Series, nodes: list[Node]) -> Node | None:
    inner = inner_series(what)
    if inner is None:
        return None

    def step(interval: Interval) -> Interval | None:
        found = inner.forward(interval.end)
        for _ in range(n - 1):
            next(found, None)
        return next(found, None)

    return node("date", When(day=Mapped(around, step, inner.grain)), nodes)


def _week_in(outer: Interval, n: int) -> Interval | None:
    """Return the n-th week of a month or year; weeks belong to where most of their days are."""
    if n > 0:
        return week_of(add(first_week(outer.start.date()), "week", n - 1))
    return week_of(add(first_week(outer.end.date()), "week", n))


def inner_series(what: Node) -> Series | None:
    """Return the series that a weekday, unit or weekend token stands for."""
    if what.name == "weekday":
        return weekdays(int(str(what.value)))
    if what.name == "weekend":
        return weekends()
    if what.name == "quarter":
        return units("quarter")
    if what.value == "workday":
        return workdays()
    return units(str(what.value)) if what.value in ("day", "week", "month", "quarter", "year") else None


def outer_series(outer: Node, context: Context) -> Series | None:
    """Return the series a bigger stretch stands for: a date, a month, a year, "the month" (the current one)."""
    if outer.name == "date" and isinstance(outer.value, When) and outer.value.day and not outer.value.timed:
        return outer.value.day if outer.value.day.grain not in ("minute", "hour") else None
    value = int(str(outer.value)) if outer.name in ("month", "num4", "year") else 0
    named = {"season": lambda: seasons(str(outer.value)), "qname": lambda: quarters(int(str(outer.value)))}
    if outer.name in named:
        return named[outer.name]()
    if outer.name == "month":
        return months(value)
    if outer.name in ("num4", "year"):
        return year(value) if 1000 <= value <= 2999 else None
    unit = str(outer.value)
    if unit in ("week", "month", "quarter", "year"):
        return Fixed(unit_interval(unit_start(context.today, unit), unit), unit)  # type: ignore[arg-type]
    return None


@rule(28, "the? ord to (?:rel|ordlast) (?:weekday|weekend|unit) (?:of|in)* the? (?:date|month|num4|year|unit)")
def _from_the_end(nodes: list[Node], context: Context) -> Node | None:
    """Read "the second to last Friday of May"."""
    rank, back = whole(nodes, "ord")[0], pick(nodes, "rel", "ordlast")
    inner = inner_series(next(n for n in nodes if n.name in ("weekday", "weekend", "unit")))
    around = outer_series(nodes[-1], context)
    if back is None or back.value != -1 or inner is None or around is None or not 2 <= rank <= 5:
        return None
    return node("date", When(day=Nth(inner, -rank, around)), nodes)


@rule(53, "the? ord? closest weekday to the? date")
def _closest(nodes: list[Node], context: Context) -> Node | None:
    """Read "the closest Monday to February 5th", "the second closest Monday to ..."."""
    rank = whole(nodes, "ord")
    weekday, around = whole(nodes, "weekday")[0], outer_series(nodes[-1], context)
    if around is None or around.grain != "day" or (rank and not 1 <= rank[0] <= 6):
        return None
    place = rank[0] - 1 if rank else 0

    def near(interval: Interval) -> Interval:
        day = interval.start.date()
        found = sorted((add(day, "day", n) for n in range(-28, 29)), key=lambda d: abs((d - day).days))
        chosen = [d for d in found if d.weekday() == weekday][place]
        return Interval(midnight(chosen), midnight(add(chosen, "day", 1)))

    return node("date", When(day=Mapped(around, near, "day")), nodes)


@rule(
    31,
    "the? ord (?:num|few|couple) unit (?:of|in)* the? (?:date|month|num4|year|unit)",
    "the? (?:num|few) ord unit (?:of|in)* the? (?:date|month|num4|year|unit)",
    "the? rel (?:num|few|couple) unit (?:of|in) the? (?:date|month|num4|year|unit)",
    "the? (?:num|few) rel unit (?:of|in) the? (?:date|month|num4|year|unit)",
)
def _first_few(nodes: list[Node], context: Context) -> Node | None:
    rank, unit = pick(nodes, "ord", "rel"), pick(nodes, "unit")
    count = next(int(str(n.value)) for n in nodes if n.name in ("num", "few", "couple"))
    around = outer_series(nodes[-1], context)
    if (
        rank is None
        or unit is None
        or around is None
        or rank.value not in (1, -1)
        or unit.value not in ("day", "week", "month")
    ):
        return None
    name, last = str(unit.value), rank.value == -1

    def cut(outer: Interval) -> Interval:
        if last:
            return Interval(midnight(add(outer.end.date(), name, -count)), outer.end)
        return Interval(outer.start, midnight(add(outer.start.date(), name, count)))

    return node("date", When(day=Mapped(around, cut, "week")), nodes)


@rule(
    32,
    "the? weekend of the? (?:date|N)",
    "the? weekof the? (?:N of? month YEAR?|date|N)",
    "date unit(?=$)",
    "the? unit of the? (?:date|N)",
)
def _week_around(nodes: list[Node], _context: Context) -> Node | None:
    unit, found, weekend = pick(nodes, "unit"), pick(nodes, "date"), pick(nodes, "weekend")
    if unit and unit.value != "week":
        return None
    numbers = whole(nodes, "num", "ord")
    if found and isinstance(found.value, When) and found.value.day and found.value.day.grain == "day":
        if unit and unit is nodes[-1] and (found.value.weekday is not None or isinstance(found.value.day, Fixed)):
            return None
        base: Series = found.value.day
    elif numbers and 1 <= numbers[0] <= 31:
        base = days_of_month(numbers[0])
    else:
        return None
    if weekend:
        return node("date", When(day=Mapped(base, lambda i: weekend_of(i.start.date()), "weekend")), nodes)
    return node("date", When(day=Mapped(base, lambda interval: week_of(interval.start.date()), "week")), nodes)
