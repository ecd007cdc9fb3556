"""Rules for days, months and years that are named: "May 5th 1984", "the first Monday of May", "Thanksgiving"."""

import re
from datetime import date

from agent.language.calendars import (
    days_of_month,
    first_week,
    halves,
    holidays,
    month_days,
    months,
    one_day,
    quarters,
    seasons,
    stretch,
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
from agent.language.date_values import Clock, When
from agent.language.series import Fixed, Interval, Mapped, Nth, Series, Within, add, midnight, unit_interval, unit_start


def full_year(number: int, context: Context, *, past: bool = False) -> int:
    """Return a year of four digits: two digits mean the latest past one for births, else the nearest one."""
    if number >= 100:
        return number
    this = context.now.year
    candidate = this // 100 * 100 + number
    if context.birth or past:
        return candidate if candidate <= this else candidate - 100
    return candidate if candidate - this <= 30 else candidate - 100


def _year_of(nodes: list[Node], context: Context) -> int | None:
    found = pick(nodes, "year", "num4", "apos")
    if found is None:
        return None
    value = int(str(found.value).strip("'"))
    if found.name == "num4" and not 1000 <= value <= 2999:
        raise ValueError(value)
    return full_year(value, context)


def _check(day: int, month: int) -> None:
    if not (1 <= month <= 12 and 1 <= day <= (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]):
        raise ValueError(day)


def day_in(month: int, day: int, number: int | None) -> Series:
    """Return a day of a month, in one year or in all."""
    _check(day, month)
    return one_day(date(number, month, day)) if number else month_days(month, day)


@rule(1, "iso")
def _iso(nodes: list[Node], _context: Context) -> Node | None:
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)[t ](\d\d):(\d\d)", nodes[0].text)
    if found is None:
        return None
    number, month, day, hour, minute = (int(part) for part in found.groups())
    return node("when", When(day=one_day(date(number, month, day)), clock=Clock(hour * 60 + minute)), nodes)


@rule(1, "numdate")
def _numeric(nodes: list[Node], context: Context) -> Node | None:
    parts = [int(part) for part in re.findall(r"\d+", nodes[0].text)]
    if len(parts) == 1:
        parts = [parts[0] // 10_000, parts[0] // 100 % 100, parts[0] % 100]
    if parts[0] > 31:
        return node("date", When(day=one_day(date(*parts))), nodes)
    number = full_year(parts[2], context)
    return _either(parts[0], parts[1], number, nodes, context)


@rule(1, "pairdate", "on num dash num(?!dash|ampm|num|clock|unit)")
def _pair(nodes: list[Node], context: Context) -> Node | None:
    first, second = (
        [int(part) for part in re.findall(r"\d+", nodes[0].text)]
        if nodes[0].name == "pairdate"
        else whole(nodes, "num")
    )
    return _either(first, second, None, nodes, context)


def _either(first: int, second: int, number: int | None, nodes: list[Node], context: Context) -> Node | None:
    orders = [(second, first), (first, second)] if context.day_first else [(first, second), (second, first)]
    readings: list[Series] = []
    for month, day in orders:
        try:
            found = day_in(month, day, number)
        except ValueError:
            continue
        if first != second or not readings:
            readings.append(found)
    if not readings:
        return None
    return node("date", When(day=readings[0], others=tuple(readings[1:])), nodes)


@rule(
    1,
    "on dotclock",
    "the num dash num(?!dash|ampm|num|clock|unit|of|month)",
    "num dash num(?!dash|ampm|num|clock|clocktok|unit|of|month|word|date)",
)
def _dotted_pair(nodes: list[Node], context: Context) -> Node | None:
    """Read "on 4.22", "el 20-2" and a plain "4-22"; smaller second numbers are hours."""
    first, second = (int(part) for part in re.findall(r"\d+", " ".join(n.text for n in nodes)))
    plain = nodes[0].name == "num"
    if plain and (any(n.words for n in nodes) or context.day_first or not (first <= 12 and 13 <= second <= 31)):
        return None
    if nodes[0].name == "the" and context.base != "es":
        return None
    return _either(first, second, None, nodes, context)


@rule(3, "the? N of the? N (?:of|comma)* YEAR", "the? N of the N(?!unit|of)")
def _day_of_numbered_month(nodes: list[Node], context: Context) -> Node | None:
    """Read "the fifth of the eleventh 1984", "cinco del cinco de mil novecientos ochenta"."""
    day, month = whole(nodes, "num", "ord")
    number = _year_of(nodes, context)
    if number is None and not context.birth:
        return None
    return node("date", When(day=day_in(month, day, number)), nodes)


@rule(1, "ym")
def _year_month(nodes: list[Node], _context: Context) -> Node | None:
    parts = [int(part) for part in re.findall(r"\d+", nodes[0].text)]
    number, month = (parts[0], parts[1]) if parts[0] > 31 else (parts[1], parts[0])
    return node("date", When(day=Fixed(unit_interval(date(number, month, 1), "month"), "month")), nodes)


@rule(2, "the? unit num4", "in? the? unit num(?!ampm|oclock|unit)", "apos")
def _named_year(nodes: list[Node], context: Context) -> Node | None:
    numbers = whole(nodes, "num", "num4")
    unit = pick(nodes, "unit")
    if unit is not None and unit.value != "year":
        return None
    if nodes[0].name == "apos":
        return node("year", full_year(int(nodes[0].text.strip("'")), context), nodes)
    return (
        node("year", full_year(numbers[0], context), nodes)
        if numbers and (numbers[0] >= 1000 or numbers[0] < 100)
        else None
    )


@rule(2, "num num(?!ampm|oclock)", "num oh num(?!ampm|oclock)", "num oh oh num?")
def _spoken_year(nodes: list[Node], context: Context) -> Node | None:
    numbers = [n for n in nodes if n.name == "num"]
    if not all(n.words for n in numbers) or numbers[0].value not in (17, 18, 19, 20):
        return None
    century, rest = int(str(numbers[0].value)), int(str(numbers[1].value)) if len(numbers) > 1 else 0
    if pick(nodes, "oh"):
        return node("year", century * 100 + rest, nodes) if rest < 10 else None
    if century == 20 and (rest < 10 or rest > 60) and not context.birth:
        return None
    return node("year", century * 100 + rest, nodes, weak=True) if 10 <= rest <= 99 else None


_OF = "(?:of|dash|comma|slash|dot|the)*"


@rule(2, "the? N unit? of the? unit of month", "the? N unit of month")
def _day_of_the_month_of(nodes: list[Node], _context: Context) -> Node | None:
    """Shorten "the 23rd of the month of May", "the third day of May" to a day and a month, year still to come."""
    units_said = [n.value for n in nodes if n.name == "unit"]
    number = whole(nodes, "num", "ord")[0]
    if any(unit not in ("day", "month") for unit in units_said) or not 1 <= number <= 31:
        return None
    return node("daymonth", number * 100 + whole(nodes, "month")[0], nodes)


@rule(3, "daymonth (?:of|comma)* YEAR", "daymonth")
def _day_month(nodes: list[Node], context: Context) -> Node | None:
    day, month = divmod(int(str(nodes[0].value)), 100)
    return node("date", When(day=day_in(month, day, _year_of(nodes, context))), nodes)


@rule(
    3,
    "month (?:dot|dash|slash)* the? N comma? (?:of|in|dash|slash|dot|the)* YEAR(?!unit|ampm|hours)",
    f"the? N {_OF} month {_OF} YEAR(?!unit|ampm|hours)",
    "month dot? N comma? (?:of|dash)? num(?!ampm|num|oclock|unit|dash|letter|part|in the part|and (?:half|quarter)|menos)",
    "the? N (?:of|dash|dot|slash|the)* month (?:of|dash|dot|slash|comma)? num(?!ampm|num|oclock|unit|letter|part|in the part|and (?:half|quarter)|menos)",
    "YEAR (?:comma|dash|slash)* month (?:dash|slash)? the? N",
    "YEAR comma? N OF? month",
    "month (?:dot|dash|slash)? the? N(?!ampm|oclock|letter|unit(?!word)|dash num4)",
    "the? N (?:of|dash|dot|slash)* the? month",
)
def _day_month_year(nodes: list[Node], context: Context) -> Node | None:
    numbers = [n for n in nodes if n.name in ("num", "ord")]
    month = whole(nodes, "month")[0]
    day = int(str(numbers[0].value))
    number = _year_of(nodes, context)
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
    number = _year_of(nodes, context)
    month = whole(nodes, "month")[0]
    return node("date", When(day=Fixed(unit_interval(date(number or 1, month, 1), "month"), "month")), nodes)


@rule(
    9,
    "FROM? the? N (?:to|until|dash|al|and) the? N of? (?:month|date) (?:of|comma)* YEAR?",
    "between the? N and the? N of? (?:month|date) (?:of|comma)* YEAR?",
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
    number, months_said = _year_of(nodes, context), whole(nodes, "month")
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


@rule(6, "the? holiday (?:of|in|comma)* YEAR", "YEAR holiday", "the? holiday")
def _holiday(nodes: list[Node], context: Context) -> Node | None:
    found = pick(nodes, "holiday")
    if found is None:
        return None
    series: Series = holidays(str(found.value))
    number = _year_of(nodes, context)
    return node("date", When(day=Within(series, year(number)) if number else series), nodes)


@rule(
    6,
    "the? season (?:of|in|comma)* YEAR",
    "YEAR season",
    "the? (?:qname|hname) (?:of|in|comma|dash)* YEAR",
    "YEAR dash? (?:qname|hname)",
    "the? qname of the unit",
    "the? hname of? the? unit",
    "the? (?:qname|hname|season)(?!(?:of|in)* the? (?:rel|relsoon|relpast|date|month))",
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
    number = _year_of(nodes, context)
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


@rule(
    30,
    "the? ord (?:rel|ordlast) (?:weekday|unit|weekend) (?:of|in)* the? (?:date|month|num4|year)(?!unit|ago|hence)",
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
    if outer.name == "month":
        return months(value)
    if outer.name in ("num4", "year"):
        return year(value) if 1000 <= value <= 2999 else None
    unit = str(outer.value)
    if unit in ("week", "month", "quarter", "year"):
        return Fixed(unit_interval(unit_start(context.today, unit), unit), unit)  # type: ignore[arg-type]
    return None


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


@rule(
    50,
    "the? unit? the? ord(?!unit|weekday|of(?! the? date)|num|word|weekend|quarter|hence)",
    "on the? ord(?!unit|word)",
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
    weak = not led or bool(said and said.weak and nodes[0].name != "on") or (said is None and context.base == "en")
    return node("date", When(day=days_of_month(number)), nodes, weak=weak)


@rule(
    52,
    "weekday comma? (?:the)? ord(?!unit|weekday)",
    "weekday comma? the num(?!unit|ampm|num|oclock|weekday|and|menos|part)",
    "weekday num(?!unit|ampm|num|oclock|dash|and|menos|part|to|until)",
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
