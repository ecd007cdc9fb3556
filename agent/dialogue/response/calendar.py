"""Days and times as they are written or said, per language and channel. Month and day names are data."""

from dataclasses import dataclass
from datetime import date, datetime, time
from string import Template

from agent.domain.conversation import Channel
from agent.language.say import say_date, say_time


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A language's names and forms, from prompts/<lang>/calendar.yaml."""

    weekdays: tuple[str, ...]  # Monday first
    months: tuple[str, ...]
    day: str  # $weekday $month $number
    day_with_year: str
    at: str  # $day $time
    clock: int  # 12 or 24
    am: str
    pm: str
    to: str  # between two times or days
    list_and: str
    list_or: str
    today: str
    tomorrow: str

    def say_day(self, day: date, *, lang: str, channel: Channel, today: date) -> str:
        """Return "Tuesday, March 3"; the year only when it is not this one or the next half."""
        far = abs((day - today).days) > 300
        if channel == "phone":
            return say_date(day, lang, year=far)
        form = self.day_with_year if far else self.day
        names = {"weekday": self.weekdays[day.weekday()], "month": self.months[day.month - 1]}
        return Template(form).substitute(names, number=day.day, year=day.year)

    def say_time(self, moment: time, *, lang: str, channel: Channel) -> str:
        """Return "9:30 AM", or the words a voice says."""
        if channel == "phone":
            return say_time(moment, lang)
        if self.clock == 24:
            return f"{moment.hour}:{moment.minute:02}"
        half = self.am if moment.hour < 12 else self.pm
        return f"{(moment.hour - 1) % 12 + 1}:{moment.minute:02} {half}"

    def say_when(self, moment: datetime, *, lang: str, channel: Channel, today: date) -> str:
        """Return day and time of a localised moment."""
        day = self.say_day(moment.date(), lang=lang, channel=channel, today=today)
        return Template(self.at).substitute(day=day, time=self.say_time(moment.timetz(), lang=lang, channel=channel))

    def join(self, items: list[str], *, last: str | None = None) -> str:
        """Return "a, b and c"."""
        word = last or self.list_and
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {word} {items[-1]}"
