"""What became of a recorded dialogue: the booking, and what the caller said or accepted of it."""

import re
from dataclasses import dataclass
from datetime import UTC, date, time
from functools import cache
from pathlib import Path

import yaml

from agent.dialogue.state import Frame
from agent.dialogue.tasks.wished import wish_of
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.tools import Args, GiveLocation
from agent.domain.practice import Practice
from agent.domain.scheduling import Visit, Wish

DAY = 24 * 60
PROFESSIONS = Path(__file__).parent / "professions.yaml"


@dataclass(kw_only=True)
class SlotsSaid:
    """The last value of each slot; what was turned down again does not count."""

    city: str | None = None
    specialty: str | None = None
    provider_name: str | None = None
    date: str | None = None
    time: str | None = None

    def follow(self, words: str, calls: tuple[Args, ...], frame: Frame, practice: Practice) -> None:
        """Take in one turn: its words, what they proposed, and the booking as it stands after it."""
        place = next((call.location for call in calls if isinstance(call, GiveLocation)), None)
        self.city = practice.location(place).name if place else self.city
        self.specialty = profession(words) or self.specialty
        person = (frame.get("provider") or {}).get("provider")
        self.provider_name = practice.provider(str(person)).name if person else None
        wish = wish_of(frame)
        day, minute = only_day(wish), only_time(wish)
        self.date = day.isoformat() if day else self.date
        self.time = minute.strftime("%H:%M") if minute else self.time

    def booked(self, visit: Visit, practice: Practice) -> dict[str, str]:
        """Take in what was booked, and return it."""
        start = visit.start.astimezone(UTC)
        self.provider_name = practice.provider(visit.provider).name
        self.date, self.time = start.date().isoformat(), start.strftime("%H:%M")
        return {"provider_name": self.provider_name, "date": self.date, "time": self.time}


def only_day(wish: Wish) -> date | None:
    """Return the one day that is wished, if it is one."""
    return wish.days[0][0] if len(wish.days) == 1 and wish.days[0][0] == wish.days[0][1] else None


def only_time(wish: Wish) -> time | None:
    """Return the one start that is wished, if it is one."""
    return time(*divmod(wish.exact[0], 60)) if len(wish.exact) == 1 else None


def only_bound(wish: Wish) -> time | None:
    """Return the bound of one open stretch: eleven for "from eleven", two for "by two"."""
    if wish.exact or len(wish.times) != 1:
        return None
    first, end = wish.times[0]
    if end == DAY and first and first % 5 == 0:  # "later than 3:00" names no start
        return time(*divmod(first, 60))
    return time(*divmod(end - 1, 60)) if not first and end % 60 == 1 else None


def profession(words: str) -> str | None:
    """Return whom the caller looks for, by the name of the profession."""
    said = plain(words)
    found = [
        (match.start(), name)
        for name, pattern in _professions().items()
        for match in [re.search(pattern, said)]
        if match
    ]
    return max(found)[1] if found else None


@cache
def _professions() -> dict[str, str]:
    lists: dict[str, list[str]] = yaml.safe_load(PROFESSIONS.read_text(encoding="utf-8"))
    return {
        name: r"\b(?:" + "|".join(re.escape(plain(one)) for one in [name, *also]) + r")s?\b"
        for name, also in lists.items()
    }
