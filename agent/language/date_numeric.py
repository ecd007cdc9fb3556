"""Rules for dates in numerals and for years: "10.31.1974", "4/25", "nineteen eighty two"."""

import re
from datetime import date

from agent.language.calendars import (
    month_days,
    one_day,
)
from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_tokens import Node
from agent.language.date_values import Clock, When
from agent.language.series import Fixed, Series, unit_interval


def full_year(number: int, context: Context, *, past: bool = False) -> int:
    """Return a year of four digits: two digits mean the latest past one for births, else the nearest one."""
    if number >= 100:
        return number
    this = context.now.year
    candidate = this // 100 * 100 + number
    if context.birth or past:
        return candidate if candidate <= this else candidate - 100
    return candidate if candidate - this <= 30 else candidate - 100


def year_of(nodes: list[Node], context: Context) -> int | None:
    """Return the year among the tokens; raises ValueError for a number that is none."""
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
    "(?<!month)(?<!month the)(?<!month dot)num dash num(?!dash|ampm|num|clock|clocktok|unit|of|in|month|word|date)",
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


@rule(
    3,
    "the? N of the? N (?:of|comma)* YEAR",
    "the? N of the N comma? num(?!unit|of|num|ampm|oclock)",
    "the? N of the N(?!unit|of)",
)
@rule(3, "the? num of num(?!unit|of|num|oclock|part|ampm|al|and|menos)", only="es")
def _day_of_numbered_month(nodes: list[Node], context: Context) -> Node | None:
    """Read "the fifth of the eleventh 1984", "cinco del cinco de mil novecientos ochenta"."""
    said = whole(nodes, "num", "ord")
    day, month = said[0], said[1]
    number = year_of(nodes, context)
    if len(said) > 2:
        if not (context.birth or said[2] >= 32) or said[2] > 99:
            return None
        number = full_year(said[2], context)
    spanish_month = context.base == "es" and nodes[-1].value == month and any(n.text == "del" for n in nodes)
    british = context.base == "en" and context.day_first and all(n.name != "num" for n in nodes)
    if number is None and not context.birth and not spanish_month and not british:
        return None
    return node("date", When(day=day_in(month, day, number)), nodes)


@rule(1, "ym")
def _year_month(nodes: list[Node], _context: Context) -> Node | None:
    parts = [int(part) for part in re.findall(r"\d+", nodes[0].text)]
    number, month = (parts[0], parts[1]) if parts[0] > 31 else (parts[1], parts[0])
    return node("date", When(day=Fixed(unit_interval(date(number, month, 1), "month"), "month")), nodes)


@rule(7, "(?:in|of) the num(?!unit|num|part|and|menos|oclock|ampm|of|month|rel)", only="es")
def _short_year(nodes: list[Node], context: Context) -> Node | None:
    """Read "en el 85": the year 1985."""
    number = whole(nodes, "num")[0]
    if nodes[1].text != "el" or not 32 <= number <= 99:
        return None
    start = date(full_year(number, context, past=True), 1, 1)
    return node("date", When(day=Fixed(unit_interval(start, "year"), "year")), nodes)


@rule(4, "month of num(?!unit|num|part|and|menos|oclock|ampm|of|al|until|to)", only="es")
def _month_of_short_year(nodes: list[Node], context: Context) -> Node | None:
    """Read "marzo del 27"."""
    month, number = whole(nodes, "month")[0], whole(nodes, "num")[0]
    if nodes[1].text != "del" or not 20 <= number <= 99:
        return None
    start = date(full_year(number, context), month, 1)
    return node("date", When(day=Fixed(unit_interval(start, "month"), "month")), nodes)


@rule(2, "the? unit num4", "in? the? unit num(?!ampm|oclock|unit)", "apos")
def _named_year(nodes: list[Node], context: Context) -> Node | None:
    numbers = whole(nodes, "num", "num4")
    unit = pick(nodes, "unit")
    if unit is not None and (unit.value != "year" or (nodes[0].text == "los" and numbers[0] % 10 == 0)):
        return None
    if nodes[0].name == "apos":
        return node("year", full_year(int(nodes[0].text.strip("'")), context), nodes)
    return (
        node("year", full_year(numbers[0], context), nodes)
        if numbers and (numbers[0] >= 1000 or numbers[0] < 100)
        else None
    )


@rule(1, "month oh num(?!unit|ampm)", only="en")
def _oh_day(nodes: list[Node], _context: Context) -> Node | None:
    """Read "july oh four nineteen seventy six"."""
    month, day = whole(nodes, "month")[0], whole(nodes, "num")[0]
    return node("daymonth", day * 100 + month, nodes) if 1 <= day <= 9 else None


@rule(2, "num num(?!ampm|oclock)", "num oh num(?!ampm|oclock)", "num oh oh num?")
def _spoken_year(nodes: list[Node], context: Context) -> Node | None:
    numbers = [n for n in nodes if n.name == "num"]
    if not all(n.words for n in numbers) or numbers[0].value not in (17, 18, 19, 20):
        return None
    century, rest = int(str(numbers[0].value)), int(str(numbers[1].value)) if len(numbers) > 1 else 0
    if context.base == "es" and not context.birth:
        return None  # "diecisiete treinta" is a time
    if pick(nodes, "oh"):
        return node("year", century * 100 + rest, nodes) if rest < 10 else None
    if century == 20 and (rest < 10 or rest > 60) and not context.birth:
        return None
    return node("year", century * 100 + rest, nodes, weak=True) if 10 <= rest <= 99 else None
