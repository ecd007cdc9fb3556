"""Who speaks for somebody else asks for nobody to speak to: nobody is called in, also after a safety question."""

from typing import Any

import pytest

from tests.talking import open_desk

OPENING = (
    "Hi, mi mamá needs a physical, she only speaks Spanish but I can talk for her. Friday the 13th in the morning?"
)


@pytest.fixture
async def desk(stage: Any, tmp_path: Any) -> Any:
    one = await open_desk(stage, tmp_path / "data")
    yield one
    await one.close()


async def test_who_talks_for_their_mother_is_handed_to_nobody_unasked(desk: Any) -> None:
    call = await desk.call()

    await call.say(OPENING)
    if call.reply.asks == "safety":
        await call.say("no, nothing like that")

    assert call.reply.state == "open"


async def test_who_talks_for_somebody_and_wants_a_person_gets_one(desk: Any) -> None:
    call = await desk.call()

    await call.say_all("I need a checkup for my mother, I can talk for her", "I want to talk to a person")

    assert call.reply.state == "waiting_for_staff"
