"""How a placeholder is said: in full, spelled, the first name only, a number in groups."""

import re
from datetime import date

from agent.domain.conversation import Channel
from agent.domain.errors import PrivacyError
from agent.language.say import say_date, say_digits
from agent.phi.keys import digits_of, joined_letters
from agent.phi.vault import Entry, Reference, Row
from agent.phi.words_files import phrases

_FORMS: dict[str, set[str]] = {
    "": set(),
    "spelled": {"PERSON", "EMAIL", "MEMBER", "MRN", "POSTCODE"},
    "first": {"PERSON", "PATIENT"},
    "last": {"PERSON", "PATIENT"},
}
_GROUPED = frozenset({"PHONE", "FAX", "SSN", "MRN", "MEMBER", "ACCOUNT", "POSTCODE", "OTHER"})


_NO_LETTER = re.compile(r"[^\w\s@.]|_")


def say(row: Row, form: str, *, lang: str, channel: Channel) -> str:
    """Return the clear words for a placeholder; PrivacyError for a form its kind does not have."""
    if isinstance(row, Reference):
        return _say_reference(row, form)
    if form == "grouped" and row.kind in _GROUPED:
        return _grouped(row, lang, channel)
    if form not in _FORMS or (form and row.kind not in _FORMS[form]):
        raise PrivacyError("unknown_said_form")
    if row.kind == "PERSON":
        return _name(row.readings[0], form, channel)
    if form == "spelled":
        return _letters(row.parsed or row.readings[0], channel)
    return _whole(row, lang=lang, channel=channel)


def _whole(row: Entry, *, lang: str, channel: Channel) -> str:
    if row.kind == "BORN" and row.parsed:
        born = date.fromisoformat(row.parsed)
        return say_date(born, lang, weekday=False, year=True) if channel == "phone" else written_date(born, lang)
    if row.kind in _GROUPED:
        return _grouped(row, lang, channel)
    return row.parsed or row.readings[0]


def written_date(day: date, lang: str) -> str:
    """Return a date as it is written: "May 17, 1984", "17 de mayo de 1984"."""
    month = phrases("months")["es" if lang.startswith("es") else "en"][day.month - 1]
    return f"{day.day} de {month} de {day.year}" if lang.startswith("es") else f"{month} {day.day}, {day.year}"


def _say_reference(row: Reference, form: str) -> str:
    if row.kind != "PATIENT" or not row.name or form not in ("", "first", "last", "spelled"):
        raise PrivacyError("not_sayable")
    return _name(row.name[0], form, "chat")


def _name(words: str, form: str, channel: Channel) -> str:
    whole = cased_name(words)
    parts = whole.split()
    if form == "spelled":
        return _letters(whole, channel)
    if form == "first":
        return parts[0]
    if form == "last":
        return parts[-1]
    return whole


def cased_name(words: str) -> str:
    """Return a name as it is written: spelled letters joined, capitals where the caller gave none.

    >>> cased_name("ana r u i z"), cased_name("Joy McDonald")
    ('Ana Ruiz', 'Joy McDonald')
    """
    if words != words.lower() and words != words.upper() and joined_letters(words) == words:
        return words.strip(" .,")
    return " ".join(
        "-".join(half[:1].upper() + half[1:] for half in part.split("-"))
        for part in joined_letters(words.lower()).split()
    )


def _letters(words: str, channel: Channel) -> str:
    between = ", " if channel == "phone" else "-"
    return (", " if channel != "phone" else "; ").join(
        between.join(part.upper()) for part in _NO_LETTER.sub("", words).split()
    )


def _grouped(row: Entry, lang: str, channel: Channel) -> str:
    value = row.parsed or digits_of(row.readings[0]) or row.readings[0]
    groups = _groups(value, row.kind)
    if channel == "phone":
        return ", ".join(
            say_digits(group, lang, groups=(len(group),)) if group.isdigit() else " ".join(group) for group in groups
        )
    return "-".join(groups) if row.kind in ("PHONE", "FAX", "SSN") else value


def _groups(value: str, kind: str) -> list[str]:
    if kind in ("PHONE", "FAX") and len(value) in (7, 10, 11):
        local = value[-10:] if len(value) > 7 else value
        return [local[:-4][i : i + 3] for i in range(0, len(local) - 4, 3)] + [local[-4:]]
    if kind == "SSN" and len(value) == 9:
        return [value[:3], value[3:5], value[5:]]
    return [value[i : i + 3] for i in range(0, len(value), 3)] if len(value) > 5 else [value]
