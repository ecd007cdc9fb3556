"""The commit gate under random proposals, words, corrections, interruptions, retries and hang-ups.

    python -m evals.fuzz.gate [--steps 10000] [--seed 1] [--engine postgresql]

What must hold at every step, judged from outside the gate: a write happens only in a turn whose previous reply was a
read-back, heard to its end, of exactly what is written, and in which a yes and no change was proposed; and no sentence
tells of a success without a receipt of the same turn. The schedule is the real one, on either engine.
"""

import argparse
import asyncio
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import strategies as st

from agent.app import Adapters, Folder, House, Models, open_house, read_folder
from agent.conversation import ConversationEnded
from agent.dialogue.understanding.reading import call_json
from agent.dialogue.understanding.tools import Args
from agent.domain.clock import StillClock
from agent.domain.conversation import Heard, Reply
from agent.domain.scheduling import Book, Cancel, Move, Write
from agent.domain.text import ClearText
from agent.ehr.open import open_records
from agent.ehr.rows import AppointmentRow, PatientRow
from agent.ehr.worlds import World, load_world
from agent.phi.redactor import Redactor
from agent.settings import Settings, shipped
from agent.storage.open import open_storage
from evals.fuzz.standins import NoAlarm, NoTexts, Proposing, Watched
from evals.fuzz.talks import CHANNELS, LEADS, NOW, STEPS, Step, opening_steps
from evals.servers import on

SUCCESS = re.compile(r"\bis booked\b|\bis moved to\b|\bis cancelled\b")


@dataclass(kw_only=True)
class Rig:
    """A whole Careline with a proposing understanding and a watched schedule."""

    house: House
    proposing: Proposing
    watched: Watched
    loop: asyncio.AbstractEventLoop
    steps: int = 0
    writes: int = 0

    def run(self, steps: Sequence[Step], channel: Any) -> None:
        """Play one conversation and judge each of its steps."""
        self.loop.run_until_complete(self._play(steps, channel))

    async def _play(self, steps: Sequence[Step], channel: Any) -> None:
        desk = self.house.front_desk
        id, reply = await desk.open(channel=channel)
        heard_whole = channel != "phone"
        for number, (calls, words, how) in enumerate(steps):
            self.steps += 1
            if channel == "phone":
                heard_whole = how != "interrupted"
                length = len(reply.text.reveal())
                await desk.spoken(id, reply.id, length if heard_whole else length // 2)
            self.proposing.next = calls
            before = len(self.watched.commits)
            heard = Heard(best=ClearText(words), client_id=f"{id}-{number}")
            try:
                answer = await self._say(id, heard, how)
            except ConversationEnded:
                return
            written = self.watched.commits[before:]
            self.writes += len(written)
            self._judge(written, calls, reply, answer, heard_whole)
            reply = answer

    async def _say(self, id: str, heard: Heard, how: str) -> Reply:
        desk = self.house.front_desk
        if how == "hang_up":
            turn = asyncio.create_task(desk.turn(id, heard))
            await asyncio.sleep(0)
            turn.cancel()
            await asyncio.gather(turn, return_exceptions=True)
        answer = await desk.turn(id, heard)
        if how == "retry":
            again = await desk.turn(id, heard)
            assert again.id == answer.id, "a retried message was answered anew"
        return answer

    def _judge(
        self, written: list[tuple[Write, ...]], calls: list[Args], before: Reply, answer: Reply, heard_whole: bool
    ) -> None:
        assert len(written) <= 1, "one turn wrote twice"
        if SUCCESS.search(answer.text.reveal()):
            assert written, "a success was told without a write in the same turn"
        if not written:
            return
        said = [call_json(call) for call in calls]
        assert before.asks == "confirm", "a write without a read-back as the last question"
        assert heard_whole, "a write after an interrupted read-back"
        assert any(call["args"].get("intent") == "affirm" for call in said), "a write without a yes"
        assert not any(call["tool"] != "express" for call in said), "a write beside a change"
        for write in written[0]:
            self._was_read_back(write, before.text.reveal())

    def _was_read_back(self, write: Write, words: str) -> None:
        zone = self.house.folder.practice.zone
        if isinstance(write, Book | Move):
            local = write.slot.start.astimezone(zone)
            said = [
                self.house.sentences.calendar(lang).say_when(local, lang=lang, channel=channel, today=NOW.date())
                for lang in ("en", "es")
                for channel in CHANNELS
            ]
            assert any(when in words for when in said), "another time was written than was read back"
        else:
            assert isinstance(write, Cancel)
            assert "cancel" in words.casefold(), "a cancellation was not read back"


@contextmanager
def rig(url: str | None = None) -> Iterator[Rig]:
    """Open a Careline for fuzzing, on an empty database or on a file of its own; closed afterwards."""
    loop = asyncio.new_event_loop()
    with tempfile.TemporaryDirectory() as folder:
        made = loop.run_until_complete(_open(Path(folder), url, loop))
        try:
            yield made
        finally:
            loop.run_until_complete(made.house.close())
            loop.close()


async def _open(folder: Path, url: str | None, loop: asyncio.AbstractEventLoop) -> Rig:
    clock = StillClock(NOW)
    practice_folder = read_folder(shipped("knowledge"))
    (folder / "data").mkdir()
    settings = Settings(data_dir=folder / "data", turn_seconds=60)  # what is written is judged, not how quickly
    storage = await open_storage(settings.data_dir, clock=clock, url=url)
    records = open_records(storage, practice_folder.practice)
    await load_world(_world(), records=records, database=storage.database)
    proposing, watched = Proposing(), Watched(records.schedule)
    house = await open_house(
        settings,
        Folder(practice=practice_folder.practice, escalation=practice_folder.escalation, faq={}),
        Models(encoders=(None, None), understanding=proposing, screener=NoAlarm()),  # type: ignore[arg-type]
        clock=clock,
        adapters=Adapters(schedule=watched, knowledge=NoTexts()),
        redactor=Redactor(practice_folder.practice),
        storage=storage,
    )
    return Rig(house=house, proposing=proposing, watched=watched, loop=loop)


def _world() -> World:
    return World(
        patients=(
            PatientRow(id="P-1", first="Ana", last="Ruiz", born=date(1984, 5, 17), phone="+12125550117"),
            PatientRow(id="P-2", first="Bela", last="Toth", born=date(1990, 7, 3), phone="+12125550118"),
        ),
        appointments=(
            AppointmentRow(
                id="A-1", patient="P-1", provider="kim", location="main", visit_type="follow_up",
                start=datetime.fromisoformat("2026-03-12T10:00:00-04:00"), status="booked",
            ),
        ),
    )  # fmt: skip


def fuzz(made: Rig, *, examples: int, seed: int) -> None:
    """Play random conversations; hypothesis shrinks whatever breaks a rule."""

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    @hypothesis.given(steps=STEPS, led=LEADS, channel=st.sampled_from(CHANNELS))
    def play(steps: list[Step], led: tuple[int, int, int] | None, channel: str) -> None:
        made.run([*(opening_steps(*led[:2])[: led[2]] if led else []), *steps], channel)

    play()


def main() -> None:
    """Run until so many steps are judged."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--steps", type=int, default=10_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    given = arguments.parse_args()
    with on(given.engine) as url, rig(url) as made:
        seed = given.seed
        while made.steps < given.steps:
            fuzz(made, examples=50, seed=seed)
            print(f"seed {seed}: {made.steps} steps, {made.writes} writes, 0 violations", flush=True)
            seed += 1


if __name__ == "__main__":
    main()
