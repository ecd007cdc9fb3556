"""A number given while a person is awaited reaches staff and is said back."""

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("lang", "person", "number"),
    [
        ("en", "can I talk to a person", "my number is 212 555 0199"),
        ("es", "quiero hablar con una persona", "mi número es 212 555 0199"),
    ],
)
async def test_a_number_left_for_the_team_is_said_back(desk: Any, lang: str, person: str, number: str) -> None:
    line = await desk()
    call = await line.call(lang=lang)
    await call.say(person)

    reply = await call.say(number)

    left = await line.rows("callbacks")
    assert "0199" in reply
    assert "?" not in reply
    assert call.reply.state == "waiting_for_staff"
    assert [row["details"]["callback_number"] for row in left] == ["212-555-0199"]


async def test_a_number_goes_to_the_team_while_times_are_on_offer(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all("I'd like a flu shot", "yes, I've been there", "Ana Ruiz, May 17th 1984", "any time next week")
    await call.say("can I talk to a person")

    reply = await call.say("my number is 212 555 0199")

    left = await line.rows("callbacks")
    assert "0199" in reply
    assert "Which one" not in reply
    assert left[0]["details"]["callback_number"] == "212-555-0199"


async def test_a_number_that_was_asked_for_stays_an_answer(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all("Please take a message for the nurse", "I lost my form")

    await call.say_all("Ana Ruiz", "May 17th 1984", "212 555 0199")

    assert await line.rows("callbacks") == []
