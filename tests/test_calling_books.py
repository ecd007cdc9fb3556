"""A real call to a real Careline: a visit is booked by voice, over the real protocol, and found in the schedule.

Everything is there: `careline serve`, local speech on both ends, real time. Nothing stands in for anything.
"""

import asyncio
import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.app import open_kept
from agent.calling.answers import Answer
from agent.calling.asking import post
from agent.calling.call import Call, dial
from agent.calling.errors import NotAnswered
from agent.calling.voices import caller_voice
from agent.domain.clock import SystemClock
from agent.ehr.exporting import export_rows
from agent.settings import Settings
from agent.speech.local import voice_missing

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(
        bool(voice_missing(("en",))) or find_spec("pipecat") is None, reason="the extra `voice` is not installed"
    ),
]

CARELINE = Path(sys.executable).with_name("careline")
WORLD = """
clock: 2026-03-02T09:00:00-05:00
patients:
  - {id: P-1, first: Mary, last: Johnson, born: 1984-05-17, phone: "+12125550117"}
  - {id: P-2, first: Tom, last: Baker, born: 1979-11-03, phone: "+12125550118"}
"""
BOOKING = """
- answers:
    help you: I would like to book a follow-up on Thursday morning.
    first and last name: Mary Johnson.
    date of birth: May seventeenth, nineteen eighty four.
    anyone fine: Anyone is fine.
    which one would you like: The first one, please.
    shall I book it: Yes, please.
"""
ZONE = ZoneInfo("America/New_York")
READ_BACK = re.compile(r"shall I book it", re.IGNORECASE)
TOM = {
    r"help you": "I would like to book a follow-up on Tuesday morning.",
    r"first and last name": "Tom Baker.",
    r"date of birth": "November third, nineteen seventy nine.",
    r"anyone fine": "Anyone is fine.",
    r"which one": "The first one, please.",
}
"""What Tom answers to what he is asked."""


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running Careline."""

    url: str
    folder: Path

    async def appointments(self, patient: str) -> list[dict[str, Any]]:
        """What `careline export` tells of a patient beside the running server."""
        storage = await open_kept(Settings(data_dir=self.folder / "data"), SystemClock())
        try:
            rows = [dict(row) async for row in export_rows("appointments", storage=storage, zone=ZONE)]
        finally:
            await storage.close()
        return [row for row in rows if row["patient"] == patient]


def bare() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("CARELINE_")}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a small world on a free port, ready to take a call."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "world.yaml").write_text(WORLD, "utf-8")
    log = (folder / "serve.log").open("w+", encoding="utf-8")
    words = ["serve", "--world", "world.yaml", "--unreviewed", "--port", "0", "--data", "data"]
    serving = subprocess.Popen([str(CARELINE), *words], cwd=folder, stdout=log, stderr=log, env=bare())
    try:
        yield Served(url=_ready(serving, folder / "serve.log"), folder=folder)
    finally:
        serving.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            serving.wait(60)
        serving.kill()
        log.close()


def _ready(serving: "subprocess.Popen[bytes]", log: Path) -> str:
    """Wait until the server takes calls; return its address."""
    until = time.monotonic() + 150
    while time.monotonic() < until and serving.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8"))
        if found and _takes_calls(found.group()):
            return found.group()
        time.sleep(0.5)
    raise AssertionError(f"the server takes no calls: {log.read_text('utf-8')}")


def _takes_calls(web: str) -> bool:
    try:
        return asyncio.run(post(f"{web}/api/calls", "{}", {"Origin": web})).status == 201
    except NotAnswered:
        return False


@pytest.fixture(scope="module")
def booking(served: Served) -> Iterator["subprocess.Popen[str]"]:
    """Let `careline call` book a visit, while the other test talks on another line."""
    (served.folder / "book.yaml").write_text(BOOKING, "utf-8")
    words = ["call", "--script", "book.yaml", "--url", served.url, "--json"]
    calling = subprocess.Popen(
        [str(CARELINE), *words],
        cwd=served.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=bare(),
    )
    yield calling
    calling.kill()
    calling.wait(10)


@pytest.mark.usefixtures("booking")
async def test_a_yes_into_the_read_back_books_nothing_until_it_was_heard_whole(served: Served) -> None:
    async with dial(served.url, voice=caller_voice("joe", lang="en")) as call:
        await _until_choosing(call)

        cut_off = await call.barge_in("Yes, please.", after=1.5)
        again = await call.hear()
        after_interruption = await served.appointments("P-2")
        await _agree(call)

    assert not READ_BACK.search(" ".join(cut_off.captions)), "the read-back was to be interrupted before its question"
    assert call.measures.barge_ins, "the agent went on talking"
    assert READ_BACK.search(" ".join(again.captions)), "it is read back again"
    assert after_interruption == []
    assert [(row["visit_type"], row["status"]) for row in await served.appointments("P-2")] == [("follow_up", "booked")]


async def _until_choosing(call: Call) -> None:
    """Answer what is asked until a time was chosen; the read-back comes next."""
    for _ in range(12):
        line = _answer(await call.hear())
        await call.say(line)
        if line == TOM["which one"]:
            return
    raise AssertionError("no time was offered")


async def _agree(call: Call) -> None:
    """Say yes to the read-back, also when it is read once more."""
    for _ in range(3):
        await call.say("Yes, please.")
        if not READ_BACK.search(" ".join((await call.hear()).captions)):
            return
    raise AssertionError("it is read back again and again")


def _answer(heard: Answer) -> str:
    asked = " ".join(heard.captions)
    found = [line for question, line in TOM.items() if re.search(question, asked, re.IGNORECASE)]
    assert found, f"asked something Tom has no answer to: {asked!r}"
    return found[-1]


def test_careline_call_books_a_follow_up_by_voice_and_the_schedule_holds_exactly_it(
    served: Served, booking: "subprocess.Popen[str]"
) -> None:
    printed, errors = booking.communicate(timeout=300)

    exported = subprocess.run(
        [str(CARELINE), "export", "appointments", "--data", "data"], cwd=served.folder, capture_output=True, text=True,
        timeout=100, env=bare(), check=True,
    )  # fmt: skip
    booked = [row for row in map(json.loads, exported.stdout.splitlines()) if row["patient"] == "P-1"]

    assert booking.returncode == 0, errors
    report = json.loads(printed)
    assert [(row["visit_type"], row["start"], row["status"]) for row in booked] == [
        ("follow_up", "2026-03-05T08:00:00-05:00", "booked")
    ], report
    assert "is booked" in " ".join(report["turns"][-1]["captions"]), "the caller heard that it is booked"
    assert report["errors"] == []
    assert sum(turn["voice_to_voice_ms"] is not None for turn in report["turns"]) >= 4, "the answers were measured"
