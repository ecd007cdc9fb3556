"""Acts to words. Every fact in a sentence comes from its act; the sentences are data."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from agent.dialogue.response.facts import FactWords
from agent.dialogue.state import Act, Json
from agent.domain.conversation import Channel
from agent.domain.text import Lang

if TYPE_CHECKING:
    from agent.dialogue.desk import Desk

SPACES = re.compile(r"[ \t]{2,}")
TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")  # "by eleven a.m." at the end of a sentence


def words_of(acts: list[Act], desk: "Desk", *, lang: Lang, channel: Channel, now: datetime) -> str:
    """Return the reply that says these acts, in order."""
    speaker = _Speaker(desk, lang, channel, now)
    said = [speaker.say(act) for act in acts]
    return TWO_STOPS.sub(".", " ".join(SPACES.sub(" ", words).strip() for words in said if words.strip()))


class _Speaker:
    """Fills the blanks of sentences for one turn."""

    def __init__(self, desk: "Desk", lang: Lang, channel: Channel, now: datetime) -> None:
        self._desk, self._lang, self._channel, self._now = desk, lang, channel, now.astimezone(desk.practice.zone)
        self._calendar = desk.sentences.calendar(lang)

    def say(self, act: Act) -> str:
        """Return one act in words."""
        facts = act["facts"]
        if act["act"] == "escalation":
            return self._desk.escalation.words(facts["entry"], self._lang)
        if act["act"] == "faq":
            return str(facts["answer"])
        if act["act"] == "fact":
            words = FactWords(self._calendar, lang=self._lang, channel=self._channel, today=self._now.date())
            return self._desk.sentences.answer(facts["kind"], self._lang, self._channel).safe_substitute(
                words.blanks(facts)
            )
        template = self._desk.sentences.template(act["act"], self._lang, self._channel)
        return template.substitute(self._blanks(facts))

    def _blanks(self, facts: Json) -> dict[str, str]:
        blanks = {"practice": self._desk.practice.name}
        for key, value in facts.items():
            blanks.update(self._blank(key, value))
        return blanks

    def _blank(self, key: str, value: Any) -> dict[str, str]:
        if key in ("slot", "visit", "old"):
            return self._booking(value, prefix="old_" if key == "old" else "")
        if key == "slots":
            return {key: self._listed(value)}
        if key == "visits":
            items = [self._in_words("item_visit", self._booking(visit)) for visit in value]
            return {key: self._calendar.join(items, last=self._calendar.list_or)}
        if key == "bookings":
            items = [self._of_person(one) for one in value]
            return {"bookings": self._calendar.join(items, last=self._calendar.list_and)}
        if key == "person":
            return {"person": _name(value), "born": value.get("born", "")}
        if key == "due":
            words = self._when(value) if value else ""
        elif isinstance(value, list):
            words = self._calendar.join([str(item) for item in value], last=self._calendar.list_or)
        else:
            words = "" if value is None else str(value)
        return {key: words}

    def _booking(self, booking: Json, prefix: str = "") -> dict[str, str]:
        practice = self._desk.practice
        return {
            f"{prefix}when": self._when(booking["start"]),
            f"{prefix}provider": practice.provider(booking["provider"]).name,
            f"{prefix}place": practice.location(booking["location"]).name,
            f"{prefix}visit_type": practice.visit_type(booking["visit_type"]).named(self._lang),
        }

    def _of_person(self, one: Json) -> str:
        blanks = {**self._booking(one["slot"]), "person": _name(one["person"]), "born": one["person"].get("born", "")}
        return self._in_words("item_booking", blanks)

    def _in_words(self, item: str, blanks: dict[str, str]) -> str:
        return self._desk.sentences.template(item, self._lang, self._channel).substitute(blanks)

    def _listed(self, bookings: list[Json]) -> str:
        """Times with their provider; the provider once when it is the same for all, the place only when they differ."""
        template = self._desk.sentences.template
        words = [self._booking(booking) for booking in bookings]
        days = {self._day(booking["start"]) for booking in bookings}
        if len(days) == 1 and len(bookings) > 1:
            on_day = template("item_day", self._lang, self._channel)
            words = [
                {**word, "when": self._time(booking["start"])} for word, booking in zip(words, bookings, strict=True)
            ]
            words[0]["when"] = on_day.substitute(day=days.pop(), time=words[0]["when"])
        shared = [key for key in ("provider", "place") if len({word[key] for word in words}) == 1]
        lines = []
        for word in words:
            form = "item_when" if len(shared) == 2 else "item_when_provider" if "place" in shared else "item_full"
            lines.append(template(form, self._lang, self._channel).substitute(word))
        listed = self._calendar.join(lines, last=self._calendar.list_or)
        if len(shared) == 2:
            return template("items_shared", self._lang, self._channel).substitute(words[0], items=listed)
        return listed

    def _day(self, moment: str) -> str:
        day = datetime.fromisoformat(moment).astimezone(self._desk.practice.zone).date()
        return self._calendar.say_day(day, lang=self._lang, channel=self._channel, today=self._now.date())

    def _time(self, moment: str) -> str:
        at = datetime.fromisoformat(moment).astimezone(self._desk.practice.zone)
        return self._calendar.say_time(at.timetz(), lang=self._lang, channel=self._channel)

    def _when(self, moment: str) -> str:
        at = datetime.fromisoformat(moment).astimezone(self._desk.practice.zone)
        return self._calendar.say_when(at, lang=self._lang, channel=self._channel, today=self._now.date())


def _name(given: Json) -> str:
    if "name" in given:
        return str(given["name"])
    return " ".join(str(given[part]) for part in ("first", "last") if part in given)
