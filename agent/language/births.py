"""Birth dates said in every way, as candidates, best first."""

from datetime import date, datetime
from itertools import pairwise

from agent.language.birth_numbers import births_in_numbers, plausible
from agent.language.date_grammar import Context, parse
from agent.language.date_values import When
from agent.language.dates import choose, context_for, resolve
from agent.language.fold import fold
from agent.language.series import Fixed, Within
from agent.language.wish_words import cue


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
    found = _from_words(said, context, lang) or births_in_numbers(said, context, lang)
    return [day for day in dict.fromkeys(found) if plausible(day, context.today)]


def _from_words(text: str, context: Context, lang: str) -> list[date]:
    nodes = parse(text, context, lang)
    named = [(n, days) for n in nodes if isinstance(n.value, When) and (days := _days(n.value, context))]
    if not named:
        best = choose(nodes)
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
