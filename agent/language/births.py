"""Birth dates said in every way, as candidates, best first."""

import re
from datetime import date, datetime
from itertools import pairwise

from agent.language.date_grammar import Context, parse
from agent.language.date_values import When
from agent.language.dates import choose, context_for, resolve
from agent.language.digits import spoken_digits
from agent.language.fold import fold
from agent.language.numbers import Number, read_numbers
from agent.language.series import Fixed, Within
from agent.language.wish_words import cue

OLDEST = 120
_CUTS = (
    r"(\d{4})(\d\d)(\d\d)",
    r"(\d\d)(\d\d)(\d{4})",
    r"(\d)(\d\d)(\d{4})",
    r"(\d\d)(\d)(\d{4})",
    r"(\d)(\d)(\d{4})",
    r"(\d\d)(\d\d)(\d\d)",
    r"(\d)(\d\d)(\d\d)",
    r"(\d\d)(\d)(\d\d)",
)


def read_birth(text: str, *, now: datetime, lang: str = "en") -> list[date]:
    """Return the birth dates that `text` may mean, best first: in the past, at most 120 years ago; none when unclear.

    Understands words ("April twelfth eighty-two"), numerals in either order, and digits one by one ("oh four twelve
    eighty two", "04121982"). A date without a year is no birth date. Of two dates the corrected one comes first.

    >>> from datetime import UTC
    >>> read_birth("oh four twelve eighty two", now=datetime(2026, 3, 2, tzinfo=UTC))
    [datetime.date(1982, 4, 12), datetime.date(1982, 12, 4)]
    """
    context = context_for(now, lang, "birth")
    said = text[:500]
    found = _from_words(said, context, lang) or _from_digits(said, context, lang) or _from_numbers(said, context, lang)
    return [day for day in dict.fromkeys(found) if _plausible(day, context.today)]


def _plausible(day: date, today: date) -> bool:
    return day <= today and today.year - day.year <= OLDEST


def _from_words(text: str, context: Context, lang: str) -> list[date]:
    nodes = parse(text, context, lang)
    named = [(n, days) for n in nodes if isinstance(n.value, When) and (days := _days(n.value, context))]
    if not named:
        best = choose(nodes, context)
        return _days(best.value, context) if best is not None and isinstance(best.value, When) else []
    folded = fold(text)
    corrected = any(
        cue("correct", context.base).search(folded[left.end : right.start]) for (left, _), (right, _) in pairwise(named)
    )
    return [day for _, days in (reversed(named) if corrected else named) for day in days]


def _days(when: When, context: Context) -> list[date]:
    """Return the single days a meaning names, if it names their year."""
    once = isinstance(when.day, Fixed) or (isinstance(when.day, Within) and isinstance(when.day.outer, Fixed))
    if when.day is None or not once or when.timed or when.past or when.day.grain != "day":
        return []
    readings = resolve(When(day=when.day, others=when.others), context)
    return [r.start.date() for r in readings if r.point and r.start is not None]


def _from_digits(text: str, context: Context, lang: str) -> list[date]:
    return [day for run in spoken_digits(text, lang, least=5) for day in _cuts(run.digits, context)]


def _cuts(digits: str, context: Context) -> list[date]:
    """Return the dates a string of five to eight digits may be, month first or day first by locale."""
    found: list[date] = []
    for pattern in _CUTS:
        cut = re.fullmatch(pattern, digits)
        if cut is None:
            continue
        first, second, third = (int(part) for part in cut.groups())
        found += _date(first, second, third) if first > 99 else _either(first, second, third, context)
    return [day for day in found if _plausible(day, context.today)]


def _from_numbers(text: str, context: Context, lang: str) -> list[date]:
    """Read three numbers in a row: "five five eighty four", "seven slash four slash eighty"."""
    numbers = read_numbers(text, lang)
    for place in range(len(numbers) - 2):
        first, second = numbers[place], numbers[place + 1]
        number = _year(numbers[place + 2 : place + 4])
        if number is None or max(first.value, second.value) > 31 or (first.value in (19, 20) and second.value > 31):
            continue
        if first.ordinal and second.ordinal:  # "the third of the fourth" is a day, then a month
            return _date(_full(number, context), second.value, first.value)
        return _either(first.value, second.value, number, context)
    return []


def _year(rest: list[Number]) -> int | None:
    values = [number.value for number in rest if not number.ordinal]
    if len(values) > 1 and values[0] in (19, 20) and 10 <= values[1] <= 99:
        return values[0] * 100 + values[1]
    return values[0] if values and (values[0] <= 99 or 1900 <= values[0] <= 2100) else None


def _either(first: int, second: int, number: int, context: Context) -> list[date]:
    full = _full(number, context)
    orders = [(second, first), (first, second)] if context.day_first else [(first, second), (second, first)]
    return [day for month, day_of_month in orders for day in _date(full, month, day_of_month)]


def _full(number: int, context: Context) -> int:
    """Return a year of four digits; two digits are the latest such year that has begun."""
    this = context.now.year
    return number if number > 99 else number + this // 100 * 100 - (100 if number > this % 100 else 0)


def _date(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []
