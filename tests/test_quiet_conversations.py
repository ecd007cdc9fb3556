"""A chat that is left and taken up again: what is forgotten is forgotten whole, and asked for anew."""

from datetime import timedelta
from typing import Any

from tests.talking import ANA

WISH = "I need a follow-up with Dr. Kim on Tuesday March 3rd at 9:40 am"
SORRY = "something went wrong"


async def test_a_chat_left_for_a_day_begins_anew_and_books(desk: Any) -> None:
    line = await desk(patients=(ANA,))
    call = await line.call()
    await call.say_all(WISH, "Ana Ruiz")

    line.clock.set(line.clock.now() + timedelta(hours=25))
    answered = [await call.say(words) for words in ("I need a follow-up with Dr. Kim on Thursday morning", "Ana Ruiz")]

    assert not any(SORRY in reply for reply in answered)
    assert "name" in answered[0]
    assert "birth" in answered[1]


async def test_a_chat_that_goes_on_slowly_for_more_than_a_day_forgets_nothing(desk: Any) -> None:
    line = await desk(patients=(ANA,))
    call = await line.call()
    await call.say_all(WISH, "Ana Ruiz")

    for _ in range(3):
        line.clock.set(line.clock.now() + timedelta(hours=5))
        await call.say("Where can I park?")
    line.clock.set(line.clock.now() + timedelta(hours=5))
    await call.say("where do I park again?")
    line.clock.set(line.clock.now() + timedelta(hours=5))
    await line.house.sweep()
    asked = await call.say("May 17th 1984")

    assert SORRY not in asked
    assert "Would one of these work" in asked


async def test_a_clock_that_jumps_months_ahead_in_a_conversation_fails_no_turn_after_it(desk: Any) -> None:
    line = await desk(patients=(ANA,))
    call = await line.call()
    await call.say_all(WISH, "Ana Ruiz", "May 17th 1984")

    line.clock.set(line.clock.now() + timedelta(days=60))
    answered = [await call.say(words) for words in ("yes please", "I need a follow-up with Dr. Kim")]

    assert not any(SORRY in reply for reply in answered)
    assert await line.booked() == []
