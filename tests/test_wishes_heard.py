"""Times as recognisers write them: homophones, split words, repeats, full stops. evals/data/wishes_heard*.txt."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.domain.conversation import Asks
from agent.domain.scheduling import Slot
from agent.language.fold import fold
from agent.language.heard_times import as_meant
from agent.language.wishes import read_wish
from tests.understanding_desk import the_desk

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 4, 10, tzinfo=ZONE)
OFFERED = tuple(
    Slot(start=datetime(2026, 3, day, hour, minute, tzinfo=ZONE), minutes=20, provider="kim", location="main", visit_type="v")
    for day, hour, minute in ((10, 9, 30), (12, 14, 0))
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Words, and the days and times they wish for."""

    lang: str
    asked: Asks
    words: str
    days: str
    times: str

    def holds(self) -> bool:
        """Say whether the days and times read are those meant; an offered day may come with an offered time."""
        offered = OFFERED if self.asked == "choose_slot" else ()
        wish = read_wish(self.words, now=NOW, zone=ZONE, lang=self.lang, offered=offered, asked=self.asked)
        days = ";".join(f"{a:%m-%d}" + ("" if a == b else f"..{b:%m-%d}") for a, b in wish.days)
        times = [_clock(minute) for minute in wish.exact] + [f"{_clock(a)}-{_clock(b)}" for a, b in wish.times]
        return ";".join(times) == self.times and (days == self.days or (bool(offered) and not self.days))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _rows(name: str) -> list[Heard]:
    lines = Path("evals/data", name).read_text(encoding="utf-8").splitlines()
    parts = [[part.strip() for part in line.split("|")] for line in lines if line and not line.startswith("#")]
    return [Heard(lang=a, asked=b, words=c, days=d, times=e) for a, b, c, d, e in parts]  # type: ignore[arg-type]


@pytest.mark.parametrize("row", _rows("wishes_heard.txt"), ids=lambda row: f"{row.lang} {row.words}")
def test_a_time_misheard_is_read_as_it_was_meant(row: Heard) -> None:
    assert row.holds()


def test_forms_nobody_mended_are_mostly_read() -> None:
    held = [row.holds() for row in _rows("wishes_heard_second.txt")]

    assert len(held) >= 40 and sum(held) / len(held) >= 0.9


@pytest.mark.parametrize(
    "words",
    ["it is for my son", "i ate at noon on sunday", "i won a prize", "for thirty minutes", "i want to come to the office", "me too", "then i called"],
)  # fmt: skip
def test_homophones_that_are_no_times_stay_what_they_are(words: str) -> None:
    assert as_meant(fold(words), "en") == fold(words)


@pytest.mark.parametrize(
    ("words", "provider"),
    [("with doctor came please", "kim"), ("to see doctor osay", "osei"), ("with doctor o say", "osei"),
     ("i want doctor rameerez", "ramirez")],
)  # fmt: skip
def test_a_provider_misheard_after_a_title_is_found(words: str, provider: str) -> None:
    found = the_desk().understanding._roster(the_desk().practice).provider(words)

    assert found is not None and found.provider == provider


@pytest.mark.parametrize(
    "words", ["the doctor came late", "can the doctor come tuesday", "see the doctor soon", "have the doctor call me"]
)
def test_words_after_doctor_are_no_names(words: str) -> None:
    assert the_desk().understanding._roster(the_desk().practice).provider(words) is None
