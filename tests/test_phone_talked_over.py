"""What becomes of an answer that the caller talked over: said once, kept when it has to be heard, dropped when it moved on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pipecat", reason="the extra `voice` is not installed")
pytest.importorskip("piper", reason="the extra `voice` is not installed")

from agent.channels.phone.ear_models import EarModels
from agent.domain.clock import SystemClock
from agent.storage.open import open_storage
from tests.phone_line import Booth, Speech, booth_over, says, until

BOOKED = "It is booked."


@pytest.fixture
async def booth(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    storage = await open_storage(tmp_path / "data", clock=SystemClock())
    async with contextlib.AsyncExitStack() as stack:

        async def open_booth(**more: Any) -> Booth:
            return await stack.enter_async_context(booth_over(storage, EarModels(), Speech(), **more))

        yield open_booth
    await storage.close()


async def _key_twice(phone: Booth, line: Any, last: str) -> None:
    """Key something, and more before the first is answered; wait for the words `last`."""
    await phone.quiet(line, 1)
    for key in "45":
        await line.press(key)
        await line.press("#")
    await until(lambda: phone.desk.turns == ["4"])
    await asyncio.sleep(0.3)  # the second is on its way
    phone.desk.gate.set()
    await until(lambda: last in phone.voice.spoke)


async def test_an_answer_that_is_given_again_is_said_once(booth: Any) -> None:
    phone = await booth()
    phone.desk.gate = asyncio.Event()
    phone.desk.replies = [
        says(BOOKED, id="first", asks="anything_else"),
        says(BOOKED, id="again", asks="anything_else"),
    ]

    async with phone.call() as line:
        await _key_twice(phone, line, BOOKED)
        await phone.quiet(line, 1)

    assert phone.voice.spoke.count(BOOKED) == 1
    assert phone.desk.told.index(("spoken", "first", 0)) < phone.desk.told.index(("turn", "5"))


async def test_what_has_to_be_heard_is_said_before_the_next_answer(booth: Any) -> None:
    phone = await booth()
    phone.desk.gate = asyncio.Event()
    phone.desk.replies = [says(BOOKED, asks="anything_else"), says("We open at nine.")]

    async with phone.call() as line:
        await _key_twice(phone, line, "We open at nine.")

    assert phone.voice.spoke[-2:] == [BOOKED, "We open at nine."]
