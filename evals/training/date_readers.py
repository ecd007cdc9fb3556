"""Other people's readers of dates, measured on our rows; none is part of the project (docs/understanding.md tells why).

Each needs its own package, installed by hand into an environment apart: dateparser, recognizers-text-suite,
parsedatetime, timefhuman, ctparse. A reader takes words, now, language and kind, and returns ``value`` or ``start..end``.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

Reader = Callable[[str, datetime, str, str], str]


def _text(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")


def _moment(found: time.struct_time) -> datetime:
    return datetime(found.tm_year, found.tm_mon, found.tm_mday, found.tm_hour, found.tm_min, tzinfo=UTC)


def dateparser() -> Reader:
    """dateparser: the whole text, else the longest date found in it."""
    parse: Any = import_module("dateparser").parse
    search: Any = import_module("dateparser.search").search_dates

    def read(words: str, now: datetime, lang: str, kind: str) -> str:
        settings = {
            "RELATIVE_BASE": now.replace(tzinfo=None),
            "PREFER_DATES_FROM": "past" if kind == "birth" else "future",
            "DATE_ORDER": "MDY" if lang == "en" else "DMY",
        }
        whole = parse(words, languages=[lang[:2]], settings=settings)
        if whole is not None:
            return _text(whole)
        found = search(words, languages=[lang[:2]], settings=settings) or []
        return _text(max(found, key=lambda one: len(one[0]))[1]) if found else ""

    return read


def recognizers() -> Reader:
    """Recognizers-Text: the longest result, its first value that lies ahead (behind, for births)."""
    recognize: Any = import_module("recognizers_date_time").recognize_datetime

    def read(words: str, now: datetime, lang: str, kind: str) -> str:
        culture = "es-es" if lang.startswith("es") else "en-gb" if lang == "en-GB" else "en-us"
        local = now.replace(tzinfo=None)
        try:
            results = recognize(words, culture, reference=local)
        except Exception:
            return ""
        results = [one for one in results if one.resolution and one.resolution.get("values")]
        if not results:
            return ""
        best = max(results, key=lambda one: one.end - one.start)
        values = [value for value in best.resolution["values"] if {"value", "start", "end"} & set(value)]
        if not values:
            return ""
        return _recognized(_ahead(values, local.isoformat(sep=" "), past=kind == "birth"))

    return read


def _ahead(values: list[dict[str, str]], now: str, *, past: bool) -> dict[str, str]:
    def first(value: dict[str, str]) -> str:
        return value.get("value") or value.get("start") or value.get("end") or ""

    fitting = [value for value in values if (first(value) < now if past else first(value) >= now[: len(first(value))])]
    return fitting[0] if fitting else values[0 if past else -1]


def _recognized(value: dict[str, str]) -> str:
    def short(moment: str | None) -> str:
        return (moment or "").replace(" ", "T")[: 5 if ":" in (moment or "")[:3] else 16]

    return short(value["value"]) if "value" in value else f"{short(value.get('start'))}..{short(value.get('end'))}"


def parsedatetime() -> Reader:
    """parsedatetime: English only; ranges first."""
    calendar: Any = import_module("parsedatetime").Calendar()

    def read(words: str, now: datetime, lang: str, _kind: str) -> str:
        if lang.startswith("es"):
            return ""
        local = now.replace(tzinfo=None)
        start, end, found = calendar.evalRanges(words, sourceTime=local.timetuple())
        if found:
            return f"{_text(_moment(start))}..{_text(_moment(end))}"
        moment, found = calendar.parseDT(words, sourceTime=local)
        return _text(moment) if found else ""

    return read


def timefhuman() -> Reader:
    """timefhuman: English only; the first thing found."""
    package: Any = import_module("timefhuman")

    def read(words: str, now: datetime, lang: str, _kind: str) -> str:
        if lang.startswith("es"):
            return ""
        try:
            found = package.timefhuman(words, config=package.tfhConfig(now=now.replace(tzinfo=None)))
        except Exception:
            return ""
        first = found[0] if isinstance(found, list) and found else found
        if isinstance(first, tuple) and len(first) == 2 and all(isinstance(one, datetime) for one in first):
            return f"{_text(first[0])}..{_text(first[1])}"
        return _text(first) if isinstance(first, datetime) else ""

    return read


def ctparse() -> Reader:
    """ctparse: English and German."""
    parse: Any = import_module("ctparse").ctparse

    def read(words: str, now: datetime, lang: str, _kind: str) -> str:
        if lang.startswith("es"):
            return ""
        try:
            found = parse(words, ts=now.replace(tzinfo=None), timeout=1.0)
        except Exception:
            return ""
        meaning = getattr(found, "resolution", None)
        if meaning is None:
            return ""
        start, end = getattr(meaning, "t_from", meaning), getattr(meaning, "t_to", None)
        first, last = _ctparsed(start), _ctparsed(end)
        return f"{first}..{last}" if end is not None or hasattr(meaning, "t_from") else first

    return read


def _ctparsed(moment: Any) -> str:
    moment = getattr(moment, "start", moment)
    if moment is None or (getattr(moment, "hour", None) is None and getattr(moment, "year", None) is None):
        return ""
    day = f"{moment.year:04}-{moment.month:02}-{moment.day:02}" if moment.year and moment.month and moment.day else ""
    time = f"{moment.hour:02}:{moment.minute or 0:02}" if moment.hour is not None else ""
    return f"{day}T{time}" if day and time else day or time


READERS: dict[str, Callable[[], Reader]] = {
    "dateparser": dateparser,
    "recognizers": recognizers,
    "parsedatetime": parsedatetime,
    "timefhuman": timefhuman,
    "ctparse": ctparse,
}
