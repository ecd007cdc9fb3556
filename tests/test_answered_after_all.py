"""A turn that was kept although its time was up: the caller hears what is kept, not that it failed."""

from typing import Any

from agent.conversation.failing import apologize
from agent.domain.conversation import Heard, Reply
from agent.domain.text import ClearText
from tests.talking import ANA


async def test_an_answer_that_was_kept_too_late_is_the_answer(desk: Any) -> None:
    line = await desk(patients=(ANA,))
    call = await line.call()
    parts, heard = line.house.front_desk._parts, Heard(best=ClearText("Where can I park?"), client_id="m1")
    late, kept = (
        Reply(id="late", text=ClearText("Behind the building."), state="open"),
        line.house.storage.conversations,
    )
    await kept.record(call.id, heard=heard.best, reply=late, at=line.clock.now(), client_id="m1")

    told = await apologize(parts, call.id, heard, None, await kept.about(call.id))

    assert (told.id, told.text.reveal()) == ("late", "Behind the building.")


async def test_without_such_an_answer_the_apology_is_kept_and_told(desk: Any) -> None:
    line = await desk(patients=(ANA,))
    call = await line.call()
    parts, heard = line.house.front_desk._parts, Heard(best=ClearText("Where can I park?"), client_id="m1")
    kept = line.house.storage.conversations

    told = await apologize(parts, call.id, heard, None, await kept.about(call.id))

    assert "something went wrong" in told.text.reveal()
    assert (await kept.answered(call.id, "m1")).id == told.id
