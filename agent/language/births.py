"""Birth dates said in every way, as candidates, best first."""

import re
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from itertools import pairwise

from agent.language.birth_numbers import births_in_numbers, plausible
from agent.language.date_grammar import Context, parse
from agent.language.date_values import When
from agent.language.dates import choose, context_for, resolve
from agent.language.fold import fold
from agent.language.heard_dates import heard_dates
from agent.language.names import words_of
from agent.language.series import Cycle, Fixed, Series, Within
from agent.language.wish_words import cue

_COUNTED = re.compile(r"\b(?:first|second|last|primer[ao]?|segund[ao]) (?:one|date|fecha)\b")
"""What was said before is meant: no day of a month."""
_PLAIN = 0.3
"""What a part of a date may cost to put another date right."""


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
    if taken_back(said) and (mended := _mended(said, now, lang)):
        return [mended]
    found = _from_words(said, context, lang) or births_in_numbers(said, context, lang)
    return [day for day in dict.fromkeys(found) if plausible(day, context.today)]


def taken_back(text: str) -> bool:
    """Say whether something in the words of a birth date is put right: "the 2nd, no, the 1st", "May 19 *May 23"."""
    return _correction().search(fold(text)) is not None


@cache
def _correction() -> re.Pattern[str]:
    phrases = sorted(words_of("taken back in dates").split("|"), key=len, reverse=True)
    return re.compile(rf"\*+|\b(?:{'|'.join(phrases)})\b")


def _mended(text: str, now: datetime, lang: str) -> date | None:
    """Return the date that is left once everything taken back is: a part of a date mends the whole one before it."""
    told: date | None = None
    said, at, refused = fold(text), 0, False
    cues = [*_correction().finditer(said), None]
    for cue_ in cues:
        piece, at = said[at : cue_.start() if cue_ else None], cue_.end() if cue_ else at
        piece = piece.partition(",")[2] if refused else piece
        whole = read_birth(piece, now=now, lang=lang)
        told = whole[0] if whole else _with_part(told, piece, now, lang)
        refused = cue_ is not None and cue_[0] == "not"
    return told


def _with_part(told: date | None, piece: str, now: datetime, lang: str) -> date | None:
    for part in () if _COUNTED.search(piece) else piece.split(","):
        heard = next(iter(heard_dates(part, lang=lang, today=now.date())), None)
        if told is None or heard is None or heard.cost > _PLAIN:
            continue
        with suppress(ValueError):
            told = date(heard.year or told.year, heard.month or told.month, heard.day or told.day)
    return told


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
    if when.day is None or not once or when.timed or when.past or when.day.grain != "day" or _monthless(when.day):
        return []
    readings = resolve(When(day=when.day, others=when.others), context)
    return [r.start.date() for r in readings if r.point and r.start is not None]


def _monthless(day: Series) -> bool:
    """Say whether a day of some month of a year was said: "blurb 30th, 1991", its month misheard."""
    of_months = isinstance(day, Within) and isinstance(day.inner, Cycle) and day.inner.step == "month"
    return of_months and isinstance(day, Within) and day.outer.grain == "year"
