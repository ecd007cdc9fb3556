"""An emergency in so many words is answered as soon as it is read: no end of a turn is waited for."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pipecat", reason="the extra `voice` is not installed")
pytest.importorskip("piper", reason="the extra `voice` is not installed")

from agent.channels.phone.ear_models import EarModels
from agent.channels.phone.taken_early import TakenEarly
from agent.channels.phone.voicing import Voicing
from agent.conversation.screening import explicit
from agent.domain.clock import SystemClock
from agent.domain.text import ClearText
from agent.storage.open import open_storage
from tests.phone_line import Speech, booth_over, says, until

SAID, MORE = "When are you open on Friday?", "I have something else to ask you."
CHEST = "my chest hurts and i cannot breathe"
ASKS_FOR_A_MESSAGE = {"id": "ask", "asks": "message"}
"""After it a caller who pauses is waited for longest."""


@pytest.fixture(scope="module")
def speech() -> Speech:
    made = Speech()
    asyncio.run(made.prepare(SAID, MORE))
    return made


@pytest.fixture
async def booth(tmp_path: Path, speech: Speech) -> AsyncIterator[Callable[..., Any]]:
    storage = await open_storage(tmp_path / "data", clock=SystemClock())
    async with contextlib.AsyncExitStack() as stack:

        async def open_booth() -> Any:
            return await stack.enter_async_context(booth_over(storage, EarModels(), speech))

        yield open_booth
    await storage.close()


async def two_halves(phone: Any, first: str, second: str) -> list[str]:
    """Say two things in one breath, a short pause between, where a message was asked; return the turns it makes.

    Words that are no emergency make one turn of it (how long a pause is waited for: test_phone_turn_taking).
    """
    phone.desk.replies = [says("What should I tell them?", **ASKS_FOR_A_MESSAGE)]
    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, SAID, "a message please")
        await until(lambda: "a message please" in phone.desk.turns)
        await phone.quiet(line, 2)
        heard = len(phone.ears.seconds)
        await phone.speak(line, SAID, first)
        await until(lambda: len(phone.ears.seconds) > heard)
        await asyncio.sleep(0.3)
        await phone.speak(line, MORE, second)
        await until(lambda: second in phone.desk.turns)
    return phone.desk.turns[1:3]


async def test_an_emergency_before_the_pause_is_a_turn_at_once_and_what_follows_another(booth: Any) -> None:
    phone = await booth()
    phone.desk.emergency = "chest"

    turns = await two_halves(phone, CHEST, "and then i fell")

    assert turns == [CHEST, "and then i fell"]


@pytest.mark.parametrize(
    ("words", "alarming"),
    [
        (CHEST, True),
        ("me duele mucho el pecho y no puedo respirar", True),
        ("i want to kill myself", True),
        ("my chest x ray was last year", False),
        ("i would like to", False),
        ("do you treat chest pain", False),
    ],
)
def test_only_an_emergency_in_so_many_words_ends_a_turn_early(words: str, alarming: bool) -> None:
    assert explicit(ClearText(words)) is alarming


def test_what_a_vendor_sends_again_as_final_is_not_said_twice() -> None:
    taken = TakenEarly(words="my chest hurts")

    assert taken.rest_of("My chest hurts") == ""
    assert taken.rest_of("I need a visit") == "I need a visit"


def test_a_pause_may_be_coming_only_in_a_lull() -> None:
    voicing = Voicing()
    for confidence in [0.9] * 12:
        voicing.hear(confidence)
    spoke = voicing.lulls
    for confidence in [0.1] * 5:
        voicing.hear(confidence)

    assert (spoke, voicing.lulls) == (False, True)
