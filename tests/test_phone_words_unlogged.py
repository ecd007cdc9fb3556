"""What callers say and hear is in no log, whatever its level: not in ours, not in Pipecat's."""

import contextlib
import io
import logging
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pipecat", reason="the extra `voice` is not installed")
pytest.importorskip("piper", reason="the extra `voice` is not installed")

from agent.channels.phone.ear_models import EarModels
from agent.channels.phone.quiet import silence_libraries
from agent.domain.clock import SystemClock
from agent.storage.open import open_storage
from tests.phone_line import Speech, booth_over, says, until

HOURS = "When are you open on Friday?"
CANARIES = ("zanzibar", "quetzal", "40412", "+12125550199")


async def test_words_of_a_call_are_in_no_log(tmp_path: Path, caplog: Any, capfd: Any) -> None:
    from loguru import logger

    sink = io.StringIO()
    silence_libraries()
    logger.add(sink, level="TRACE")
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "websockets.client")  # the caller's side of the socket
    speech = Speech()
    await speech.prepare(HOURS)
    storage = await open_storage(tmp_path / "data", clock=SystemClock())

    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(storage.close)
        phone = await stack.enter_async_context(booth_over(storage, EarModels(), speech))
        phone.desk.replies = [says("Quetzal at +12125550199.", id="canary"), says("Thank you.")]
        async with phone.call() as line:
            await phone.quiet(line, 1)
            await phone.speak(line, HOURS, "my name is zanzibar")
            await until(lambda: ("spoken", "canary", len("Quetzal at +12125550199.")) in phone.desk.told)
            for key in "40412#":
                await line.press(key)
            await until(lambda: "40412" in phone.desk.turns)

    logged = (sink.getvalue() + caplog.text + "".join(capfd.readouterr())).lower()
    assert "my name is zanzibar" in phone.desk.turns
    assert [canary for canary in CANARIES if canary in logged] == []


def test_a_library_that_warns_is_logged_by_its_place_alone(caplog: Any) -> None:
    from loguru import logger

    silence_libraries()
    logger.warning("zanzibar was said")

    assert "library_warning tests.test_phone_words_unlogged" in caplog.text
    assert "zanzibar" not in caplog.text


@pytest.fixture(autouse=True)
def _loguru_as_it_was() -> Any:
    yield
    silence_libraries.cache_clear()
    silence_libraries()
