"""Puts computed facts about the practice into words: one sentence a fact, by its kind."""

from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from agent.dialogue.policy.practice_facts import Fact
from agent.dialogue.response.calendar import Calendar
from agent.dialogue.state import Json
from agent.domain.conversation import Channel
from agent.domain.practice import OpenSpan
from agent.language.say import say_digits


def fact_json(fact: Fact) -> Json:
    """Return a fact as plain JSON, ready to be an act's facts."""
    return {field.name: _plain(getattr(fact, field.name)) for field in fields(fact)}


def _plain(value: object) -> Any:
    if isinstance(value, OpenSpan):
        return [value.start.isoformat("minutes"), value.end.isoformat("minutes")]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value  # type: ignore[call-overload]


class FactWords:
    """Turns the JSON of a fact into the blanks of its sentence."""

    def __init__(self, calendar: Calendar, *, lang: str, channel: Channel, today: date) -> None:
        self._calendar, self._lang, self._channel, self._today = calendar, lang, channel, today

    def blanks(self, facts: Json) -> dict[str, str]:
        """Return a text for every field of the fact."""
        return {key: self._text(key, value) for key, value in facts.items()}

    def _text(self, key: str, value: Any) -> str:
        special: dict[str, Callable[[Any], str]] = {
            "spans": self._spans,
            "days": self._week,
            "day": lambda day: self._day(date.fromisoformat(day)),
            "away_until": lambda day: self._day(date.fromisoformat(day)),
            "opens": self._moment,
            "until": lambda moment: self._time(datetime.fromisoformat(moment).time()),
            "places": self._places,
            "providers": self._providers,
            "number": self._phone,
            "ages": lambda ages: f"{ages[0]} {self._calendar.to} {ages[1]}",
        }
        if value is None or value == []:
            return ""
        if key in special:
            return special[key](value)
        return self._calendar.join([str(item) for item in value]) if isinstance(value, list) else str(value)

    def _day(self, day: date) -> str:
        return self._calendar.say_day(day, lang=self._lang, channel=self._channel, today=self._today)

    def _time(self, moment: time) -> str:
        return self._calendar.say_time(moment, lang=self._lang, channel=self._channel)

    def _moment(self, moment: str) -> str:
        at = datetime.fromisoformat(moment)
        return self._calendar.say_when(at, lang=self._lang, channel=self._channel, today=self._today)

    def _spans(self, spans: list[list[str]]) -> str:
        ends = [[self._time(time.fromisoformat(end)) for end in span] for span in spans]
        return self._calendar.join([f"{start} {self._calendar.to} {end}" for start, end in ends])

    def _weekdays(self, run: list[int]) -> str:
        names = [self._calendar.weekdays[day] for day in run]
        return f"{names[0]} {self._calendar.to} {names[-1]}" if len(names) > 2 else self._calendar.join(names)

    def _week(self, days: list[Any]) -> str:
        return "; ".join(f"{self._weekdays(run)} {self._spans(spans)}" for run, spans in days)

    def _places(self, places: list[Any]) -> str:
        each = [self._calendar.join([self._calendar.weekdays[day] for day in days]) for _, days in places]
        return "; ".join(f"{place}: {days}" for (place, _), days in zip(places, each, strict=True))

    def _providers(self, providers: list[Any]) -> str:
        named = [item if isinstance(item, str) else f"{item[0]} ({item[1]})" for item in providers]
        return self._calendar.join(named)

    def _phone(self, number: str) -> str:
        national = number.removeprefix("+1") if number.startswith("+1") and len(number) == 12 else number
        if self._channel == "phone":
            return say_digits(national.removeprefix("+"), self._lang)
        return f"({national[:3]}) {national[3:6]}-{national[6:]}" if len(national) == 10 else national
