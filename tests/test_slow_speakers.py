"""A slow speaker's answer comes in two turns: what follows before anything of our reply was heard belongs to it."""

from typing import Any

import pytest


async def _read_back(desk: Any) -> Any:
    call = await (await desk()).call("phone", lang="en")
    for words in (
        "I'd like a follow-up with Doctor Kim on Thursday at nine in the morning.",
        "Ana Ruiz",
        "May 17th, 1984",
    ):
        await call.hear()
        await call.say(words)
    await call.hear()
    return call


@pytest.mark.parametrize("tail", ["Please.", "That's right.", "Yes.", "Thank you."])
async def test_the_end_of_a_yes_is_no_answer_to_what_was_not_heard(desk: Any, tail: str) -> None:
    call = await _read_back(desk)
    booked = await call.say("Yes.")

    await call.hear(share=0)
    again = await call.say(tail)

    assert "all set" in booked
    assert again == booked
    assert call.reply.asks == "anything_else"
    assert len(await call.desk.booked()) == 1


async def test_a_reply_that_was_heard_is_answered(desk: Any) -> None:
    call = await _read_back(desk)
    booked = await call.say("Yes.")

    await call.hear()
    after = await call.say("No, that's all.")

    assert after != booked
    assert call.reply.state == "ended"


async def test_a_change_after_an_unheard_answer_is_heard(desk: Any) -> None:
    call = await _read_back(desk)
    await call.say("No, wait.")

    await call.hear(share=0)
    changed = await call.say("Make it ten o'clock.")

    assert "ten a.m." in changed
    assert not await call.desk.booked()


async def test_what_was_booked_may_be_asked_for_again(desk: Any) -> None:
    call = await _read_back(desk)
    booked = await call.say("Yes.")

    await call.hear()
    again = await call.say("Sorry, what was that?")

    assert again == booked
