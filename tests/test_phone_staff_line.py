"""What staff does while a call goes on reaches the call, in order, and only what is new; what an answer is worth then."""

import asyncio
import contextlib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from agent.channels.phone.overtaken import may_wait, moved_on, must_be_said
from agent.channels.phone.staff_line import happening
from agent.domain.clock import SystemClock
from agent.domain.conversation import Reply
from agent.domain.text import ClearText
from agent.storage.open import open_storage

ASKS = Reply(id="r1", text=ClearText("Which day?"), asks="when", state="open")


async def test_what_staff_does_is_told_in_order_and_nothing_from_before(tmp_path: Path) -> None:
    storage, now = await open_storage(tmp_path / "data", clock=SystemClock()), SystemClock().now()
    id = await storage.conversations.create(channel="phone", lang="en", at=now)
    await storage.conversations.set_state(id, "waiting_for_staff", at=now)
    heard: list[object] = []

    async def listen() -> None:
        async for event in happening(storage.events, id):
            heard.append(event.body.get("state"))

    listening = asyncio.create_task(listen())
    for turn in range(1_000):  # what happens before it listens is not told: it goes on until two things were
        if len(heard) >= 2:
            break
        await storage.conversations.set_state(id, ("with_staff", "open")[turn % 2], at=now)
        await asyncio.sleep(0.02)
    listening.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await listening
    await storage.close()

    assert set(heard) == {"with_staff", "open"}
    assert all(one != other for one, other in pairwise(heard))


def test_a_question_moves_on_when_the_caller_says_more_but_an_alarm_is_always_said() -> None:
    assert moved_on(ASKS)
    assert may_wait(ASKS)
    assert not must_be_said(ASKS)

    alarm = replace(ASKS, alarm=True)
    assert must_be_said(alarm)
    assert not may_wait(alarm)
    assert not moved_on(alarm)


def test_a_goodbye_must_be_said_and_a_question_that_always_fits_does_not_move_on() -> None:
    assert must_be_said(replace(ASKS, state="ended"))
    assert not moved_on(replace(ASKS, asks="anything_else"))
