"""Birth dates said in every way, as candidates, best first."""

import re
from datetime import date, datetime
from itertools import pairwise

from agent.language.date_grammar import Context, parse
from agent.language.date_values import When
from agent.language.dates import choose, context_for, resolve
from agent.language.digits import spoken_digits
from agent.language.series import Fixed

OLDEST = 120


def read_birth(text: str, *, now: datetime, lang: str = "en") -> list[date]:
    """Return the birth dates that `text` may mean, best first: in the past, at most 120 years ago; none when unclear.

    Understands words ("April twelfth eighty-two"), numerals in either order, and digits one by one ("oh four twelve
    eighty two", "04121982"). A date without a year is no birth date.

    >>> from datetime import UTC
    >>> read_birth("oh four twelve eighty two", now=datetime(2026, 3, 2, tzinfo=UTC))
    [datetime.date(1982, 4, 12), datetime.date(1982, 12, 4)]
    """
    context = context_for(now, lang, "birth")
    said = text[:500]
    nodes = parse(said, context, lang)
    found: list[date] = []
    best = choose(nodes, context)
    if best is not None and isinstance(best.value, When):
        found += _days(best.value, context)
    if not found:
        for left, right in pairwise([None, *nodes]):
            del left
            if right is not None and isinstance(right.value, When):
                found += _days(right.value, context)
    if not found:
        found = _from_digits(said, context, lang)
    return [day for day in dict.fromkeys(found) if _plausible(day, context.today)]


def _plausible(day: date, today: date) -> bool:
    return day <= today and today.year - day.year <= OLDEST


def _days(when: When, context: Context) -> list[date]:
    """Return the single days a meaning names, if it names their year."""
    if when.day is None or when.timed or when.past or when.day.grain != "day":
        return []
    if not isinstance(when.day, Fixed) and not _has_year(when):
        return []
    readings = resolve(When(day=when.day, others=when.others), context)
    return [r.start.date() for r in readings if r.point and r.start is not None]


def _has_year(when: When) -> bool:
    """Say whether a series of days happens once only."""
    return (
        when.day is not None
        and when.day.grain == "day"
        and not when.past
        and type(when.day).__name__ == "Within"
        and isinstance(getattr(when.day, "outer", None), Fixed)
    )


def _from_digits(text: str, context: Context, lang: str) -> list[date]:
    found: list[date] = []
    for run in spoken_digits(text, lang, least=5):
        found += _cuts(run.digits, context)
    return found


def _cuts(digits: str, context: Context) -> list[date]:
    """Return the dates a string of five to eight digits may be, month first or day first by locale."""
    patterns = [
        r"(\d{4})(\d\d)(\d\d)",
        r"(\d\d)(\d\d)(\d{4})",
        r"(\d)(\d\d)(\d{4})",
        r"(\d\d)(\d)(\d{4})",
        r"(\d)(\d)(\d{4})",
        r"(\d\d)(\d\d)(\d\d)",
        r"(\d)(\d\d)(\d\d)",
        r"(\d\d)(\d)(\d\d)",
    ]
    found: list[date] = []
    for place, pattern in enumerate(patterns):
        cut = re.fullmatch(pattern, digits)
        if cut is None:
            continue
        first, second, third = (int(part) for part in cut.groups())
        if place == 0:
            found += _date(first, second, third)
            continue
        year = third if third > 99 else third + 100 * ((context.now.year // 100) - (third > context.now.year % 100))
        orders = [(second, first), (first, second)] if context.day_first else [(first, second), (second, first)]
        for month, day in orders:
            found += _date(year, month, day)
    return [day for day in found if _plausible(day, context.today)]


def _date(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []
