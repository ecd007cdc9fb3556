"""Reads days, times and names out of a reply, as somebody does who looks for a time that suits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from agent.domain.text import Lang

_MONTHS: dict[str, tuple[str, ...]] = {
    "en": ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre"),
}  # fmt: skip
_NAMES = {lang: "|".join(names) for lang, names in _MONTHS.items()}
_DAY = {
    "en": rf"(?P<month>{_NAMES['en']}) (?P<number>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:, (?P<year>\d{{4}}))?",
    "es": rf"(?P<number>\d{{1,2}}) de (?P<month>{_NAMES['es']})(?: de (?P<year>\d{{4}}))?",
}
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d\d) ?(?P<half>[ap])\.? ?m\b\.?"
_WITH = {
    "en": r"\bwith (?P<who>.+?)(?= (?:at|on|or|and)\b|,|\?|$)",
    "es": r"\bcon (?P<who>.+?)(?= (?:en|el|o|y)\b|,|\?|$)",
}
_BORN = {
    "en": rf"\bborn (?P<month>{_NAMES['en']}) (?P<number>\d{{1,2}}), (?P<year>\d{{4}})",
    "es": rf"\bnacimiento:? (?P<number>\d{{1,2}}) de (?P<month>{_NAMES['es']}) de (?P<year>\d{{4}})",
}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A time in a reply, local, and who it is with when that is said."""

    day: date
    at: time
    who: str | None = None


def offers_in(reply: str, lang: Lang, today: date) -> list[Offer]:
    """Return the times a reply names, in order; a time without a day has the day before it."""
    text = re.sub(_BORN[lang], "", reply, flags=re.IGNORECASE)
    named = [(found.start(), found["who"]) for found in re.finditer(_WITH[lang], text)]
    day: date | None = None
    offers = []
    for found in _tokens(text, lang):
        if found["month"]:
            day = _day(found, lang, today)
        elif day is not None:
            hour = int(found["hour"]) % 12 + (12 if found["half"].lower() == "p" else 0)
            who = next((who for at, who in named if at > found.start()), None)
            offers.append(Offer(day=day, at=time(hour, int(found["minute"])), who=who))
    return offers


def births_in(reply: str, lang: Lang) -> list[date]:
    """Return the birth dates a reply says back, in order."""
    found = re.finditer(_BORN[lang], reply, re.IGNORECASE)
    return [date(int(one["year"]), _month(one["month"], lang), int(one["number"])) for one in found]


def _month(name: str, lang: Lang) -> int:
    return _MONTHS[lang].index(name.lower()) + 1


def _tokens(text: str, lang: Lang) -> Iterator[re.Match[str]]:
    return re.finditer(f"{_DAY[lang]}|{_TIME}", text, re.IGNORECASE)


def _day(found: re.Match[str], lang: Lang, today: date) -> date:
    """Return the day, in the year said, else the next such day."""
    month, number = _month(found["month"], lang), int(found["number"])
    if found["year"]:
        return date(int(found["year"]), month, number)
    this_year = date(today.year, month, number)
    return this_year if this_year >= today else date(today.year + 1, month, number)
