"""A birth date that is put right in the same breath is what is left of it."""

from datetime import UTC, date, datetime

import pytest

from agent.language.births import read_birth
from tests.phi_world import World

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "lang"),
    [
        ("4/12/1968. No, love, I misspoke. 4/21/1968.", "en"),
        ("12 April 1968, ha, no, that's my brother's, I'm 21 April 1968", "en"),
        ("April 12, 1968 *April 21, 1968 sorry", "en"),
        ("4/12/1968 *4/21/1968", "en"),
        ("April 12, 1968 *21", "en"),
        ("April 21st 1967, no, 1968", "en"),
        ("the 12th of April 1968, I mean the 21st", "en"),
        ("April 22nd 1968, no, the 21st, the 21st of April", "en"),
        ("April 12, 1968, no, that's not it, April 21, 1968", "en"),
        ("April 21 1968, not April 12", "en"),
        ("April 12 1968 scratch that 21", "en"),
        ("not the 12th, the 21st of April 1968", "en"),
        ("4-12-1968 sorry 4-21-1968, the last one is right, no mistake", "en"),
        ("12 de abril de 1968, ay no, 21 de abril de 1968", "es"),
    ],
)
def test_what_is_left_of_a_birth_date_put_right_is_the_date(said: str, lang: str) -> None:
    assert read_birth(said, now=NOW, lang=lang)[0] == date(1968, 4, 21)


def test_a_day_and_a_year_with_a_misheard_month_are_no_date() -> None:
    assert read_birth("blurb 30th, 1991", now=NOW) == []


def test_a_date_said_before_a_plain_no_to_something_else_stays() -> None:
    assert read_birth("no problem, April 21 1968", now=NOW) == [date(1968, 4, 21)]


@pytest.mark.parametrize(
    "answer",
    [
        "4/12/1968. No, love, I misspoke. 4/21/1968.",
        "April 12, 1968 *April 21, 1968 sorry",
        "April 2nd 1968, no, the 21st",
    ],
)
async def test_one_birth_date_goes_on_from_an_answer_that_puts_itself_right(answer: str) -> None:
    world = World()

    masked = await world.hear(answer, asked="born")

    assert "<BORN_1>" in masked
    assert "<BORN_2>" not in masked
    assert await world.say("<BORN_1>") == "April 21, 1968"


async def test_two_peoples_birth_dates_stay_two() -> None:
    masked = await World().hear("she is April 21 2015 and he is June 4 2017", asked="born")

    assert "<BORN_1>" in masked and "<BORN_2>" in masked


async def test_a_year_said_apart_completes_the_date() -> None:
    world = World()

    await world.hear("April 21st of this year, 2025", asked="born")

    assert await world.say("<BORN_1>") == "April 21, 2025"
