"""The one place where the boundary asks the language what a birth date means."""

from datetime import UTC, date, datetime, time

from agent.language.births import read_birth
from agent.language.heard_dates import heard_dates

_WORST = 1.0
"""Readings dearer than this are guesses: the value stays unread, and the matcher weighs the words themselves."""


def read_birth_date(words: str, *, lang: str, today: date) -> date | None:
    """Return the birth date these words most likely mean, never in the future; None when it is not complete."""
    found = read_birth(words, now=datetime.combine(today, time(23, 59), tzinfo=UTC), lang=lang)
    if found:
        return found[0]
    for heard in heard_dates(words, lang=lang, today=today):
        if heard.cost <= _WORST and heard.day and heard.month and heard.year:
            return date(heard.year, heard.month, heard.day)
    return None
