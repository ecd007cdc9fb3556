"""What callers say about when, once misread in conversations. The clock stands on Monday, 3 June 2024, 08:00."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from agent.domain.scheduling import Wish
from agent.language.wishes import read_wish

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2024, 6, 3, 8, 0, tzinfo=ZONE)


def wish(words: str) -> Wish:
    """Read an answer to "when would you like to come?"."""
    return read_wish(words, now=NOW, zone=ZONE, asked="when")


@pytest.mark.parametrize(
    ("words", "day", "minutes"),
    [
        ("Just her then. Alright, Tuesday the 18th. Two forty five.", 18, 14 * 60 + 45),
        ("Hm, what's today, Monday? then the day after tomorrow, 11:45", 5, 11 * 60 + 45),
        ("for day 21 of June, 5 in the afternoon", 21, 17 * 60),
        ("Is the 11th open at a quarter to nine... no, they open at nine. Nine it is.", 11, 9 * 60),
        ("thurs after class so like 3 30", 6, 15 * 60 + 30),
        ("friday at eight-thirty in the morning", 7, 8 * 60 + 30),
    ],
)
def test_a_day_and_a_time_said_in_passing_are_both_wished(words: str, day: int, minutes: int) -> None:
    said = wish(words)

    assert said.days == ((date(2024, 6, day), date(2024, 6, day)),)
    assert said.exact == (minutes,)


def test_an_hour_said_again_with_its_minutes_is_one_time() -> None:
    assert wish("Thursday. At... ten? Ten fifteen.").exact == (10 * 60 + 15,)


def test_two_times_with_or_between_them_stay_two() -> None:
    assert wish("ten or ten fifteen").exact == (10 * 60, 10 * 60 + 15)


def test_a_day_that_is_a_holiday_is_not_wished() -> None:
    said = wish("Hold on, the 19th is a holiday. Let's do the 20th.")

    assert said.days == ((date(2024, 6, 20), date(2024, 6, 20)),)
    assert said.not_days == ((date(2024, 6, 19), date(2024, 6, 19)),)


@pytest.mark.parametrize("words", ["make it the 12th plaese", "make it the 12th <PERSON_1>"])
def test_a_day_before_a_mistyped_or_masked_word_is_a_day(words: str) -> None:
    assert wish(words).days == ((date(2024, 6, 12), date(2024, 6, 12)),)


@pytest.mark.parametrize("words", ["he's in the 8th grade", "near 14th street", "it's our 5th visit"])
def test_what_ordinals_count_is_no_day(words: str) -> None:
    assert wish(words) == Wish()


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("never been there i need a first visit a week from today", "en"),
        ("i have not been a patient so a first visit a week from today", "en"),
        ("nunca he ido quisiera una cita el lunes 10", "es"),
    ],
)
def test_never_having_been_there_refuses_no_day(words: str, lang: str) -> None:
    said = read_wish(words, now=NOW, zone=ZONE, lang=lang)

    assert said.not_days == ()
    assert said.days == ((date(2024, 6, 10), date(2024, 6, 10)),)


def test_a_day_is_taken_back_by_what_is_made_of_it_whatever_stands_between() -> None:
    said = wish("Friday the 21st please. Hm, no, hold on, my grandson plays in the finals, make it Wednesday the 19th.")

    assert said.days == ((date(2024, 6, 19), date(2024, 6, 19)),)
