"""A read-back counts only when nobody else has spoken since."""

from typing import Any

from agent.domain.conversation import Heard
from agent.domain.text import ClearText


async def test_a_yes_after_staff_had_the_chat_books_nothing(desk: Any) -> None:
    house = await desk()
    call = await house.call()
    await call.say_all(
        "I'd like a follow-up with Doctor Kim on Thursday at nine in the morning.", "Ana Ruiz", "May 17th, 1984"
    )
    assert call.reply.asks == "confirm"
    kept = house.house.storage.conversations
    await kept.claim(call.id, staff="mia", at=house.clock.now())

    await house.house.front_desk.turn(call.id, Heard(best=ClearText("wait, please don't book that one")))
    await kept.release(call.id, staff="mia", at=house.clock.now(), state="open")
    await call.say("yes")

    assert await house.booked() == []
