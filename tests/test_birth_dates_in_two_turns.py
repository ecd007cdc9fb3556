"""A birth date without a year is none yet: the year is asked for, and put to the day and month it belongs to."""

from typing import Any

import pytest

from agent.domain.conversation import Channel
from tests.talking import open_desk

OPENING = "a follow-up with Dr. Kim next Tuesday at ten"
NAME = "Tunde Adeyemi"


@pytest.fixture
async def desk(stage: Any, tmp_path: Any) -> Any:
    one = await open_desk(stage, tmp_path / "data")
    yield one
    await one.close()


async def _asked_when_born(desk: Any, channel: Channel) -> Any:
    call = await desk.call(channel)
    await call.say_all(OPENING, NAME)
    assert call.reply.asks == "born"
    return call


@pytest.mark.parametrize("channel", ["phone", "chat"])
async def test_a_birth_date_without_a_year_is_asked_for_its_year_and_fails_no_match(
    desk: Any, channel: Channel
) -> None:
    call = await _asked_when_born(desk, channel)

    words = await call.say("November 3rd.")

    assert call.reply.asks == "born"
    assert "the year" in words
    assert "match" not in words


@pytest.mark.parametrize("channel", ["phone", "chat"])
@pytest.mark.parametrize(
    ("half", "year"),
    [
        ("November 3rd.", "1979."),
        ("November third", "nineteen seventy nine"),
        ("the third of November", "it was seventy-nine"),
        ("11/3", "79"),
        ("November third", "November third nineteen seventy nine"),
    ],
)
async def test_the_year_that_comes_after_makes_the_date_whole(
    desk: Any, channel: Channel, half: str, year: str
) -> None:
    call = await _asked_when_born(desk, channel)

    await call.say(half)
    words = await call.say(year)

    assert call.reply.asks == "confirm"
    assert "1979" in words or "nineteen seventy-nine" in words


async def test_the_year_is_asked_for_in_spanish_too(desk: Any) -> None:
    call = await desk.call("chat", lang="es")
    await call.say_all("quiero una consulta de seguimiento con la doctora Kim el martes próximo a las diez", NAME)
    assert call.reply.asks == "born"

    asked = await call.say("el tres de noviembre")
    await call.say("de mil novecientos setenta y nueve")

    assert "año" in asked
    assert call.reply.asks == "confirm"


async def test_who_keeps_the_year_back_is_asked_in_another_way_and_not_for_ever(desk: Any) -> None:
    call = await _asked_when_born(desk, "phone")

    keys = await call.say_all("November third", "November third")
    await call.say("November third")

    assert "keypad" in keys
    assert call.reply.asks == "name"


async def test_a_newcomer_is_asked_for_the_year_and_keeps_the_day(desk: Any) -> None:
    call = await desk.call("phone")
    await call.say_all(
        "I'm a new patient and need a new patient visit with Dr. Kim next Tuesday at ten", "Nora Velasquez"
    )

    await call.say("August fourth")
    assert call.reply.asks == "born"
    words = await call.say("1991")

    assert call.reply.asks == "phone"
    assert "August fourth, nineteen ninety-one" in words
