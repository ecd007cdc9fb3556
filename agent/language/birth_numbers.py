"""Birth dates said as mere numbers: "oh four twelve eighty two", "04121982", "the ninth of the ninth, ninety-nine"."""

import re
from datetime import date

from agent.language.date_grammar import Context
from agent.language.digits import spoken_digits
from agent.language.numbers import Number, read_numbers

OLDEST = 120
"""Years: nobody older is looked for."""
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


def plausible(day: date, today: date) -> bool:
    """Say whether someone alive may have been born then."""
    return day <= today and today.year - day.year <= OLDEST


def births_in_numbers(text: str, context: Context, lang: str) -> list[date]:
    """Return the birth dates that the digits or numbers of a text may mean, best first."""
    found = _from_digits(text, context, lang) or _from_numbers(text, context, lang)
    return [day for day in dict.fromkeys(found) if plausible(day, context.today)]


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
    return [day for day in found if plausible(day, context.today)]


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
