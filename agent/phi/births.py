"""The one place where the boundary asks the language what a birth date means."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from agent.language.births import read_birth, taken_back
from agent.language.heard_dates import heard_dates
from agent.phi.utterance import Found, Utterance

_WORST = 1.0
"""Readings dearer than this are guesses: the value stays unread, and the matcher weighs the words themselves."""
_PLAIN = 0.3
"""What a reading costs at most that leaves no word over."""
_GAP = 60
"""Letters at most between a birth date and what puts it right."""


def put_right(said: Utterance, found: Sequence[Found]) -> list[Found]:
    """Join a birth date with what corrects or completes it: "the 2nd of May 1990, no, the 1st"."""
    joined: list[Found] = []
    for one in found:
        last = joined[-1] if joined else None
        if last is not None and last.kind == one.kind == "BORN" and _belong(said, last, one):
            joined[-1] = replace(last, end=one.end, parsed=None)
        else:
            joined.append(one)
    return joined


def birth_readings(words: str, parsed: str | None) -> tuple[str, ...]:
    """Return how a birth date is kept: as it was said; where it was put right, as what is left."""
    return (parsed,) if parsed and taken_back(words) else (words,)


def _belong(said: Utterance, last: Found, one: Found) -> bool:
    gap = said.text[last.end : one.start]
    if len(gap) > _GAP:
        return False
    if taken_back(gap):
        return True
    parts = [said.text[part.start : part.end] for part in (last, one)]
    whole = [read_birth_date(part, lang=said.lang, today=said.today) for part in parts]
    return "BORN" in said.sought and not any(whole)


def lacks_year(words: str, *, lang: str, today: date) -> bool:
    """Say whether these words plainly give a day and a month and no year: "November third"."""
    heard = next(iter(heard_dates(words, lang=lang, today=today)), None)
    return heard is not None and heard.cost <= _PLAIN and None not in (heard.day, heard.month) and heard.year is None


def read_birth_date(words: str, *, lang: str, today: date) -> date | None:
    """Return the birth date these words most likely mean, never in the future; None when it is not complete."""
    found = read_birth(words, now=datetime.combine(today, time(23, 59), tzinfo=UTC), lang=lang)
    if found:
        return found[0]
    readings = heard_dates(words, lang=lang, today=today)
    if readings and readings[0].cost <= _PLAIN and (readings[0].day, readings[0].month) == (None, None):
        return None  # "nineteen seventy nine" is a year, and no 19th of September
    for heard in readings:
        if heard.cost <= _WORST and heard.day and heard.month and heard.year:
            return date(heard.year, heard.month, heard.day)
    return None
