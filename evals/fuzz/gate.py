"""The commit gate under random proposals, words, corrections, interruptions, retries and hang-ups.

    python -m evals.fuzz.gate [--steps 10000] [--seed 1]

What must hold at every step, judged from outside the gate: a write happens only in a turn whose previous reply was a
read-back, heard to its end, of exactly what is written, and in which a yes and no change was proposed; and no sentence
tells of a success without a receipt of the same turn.
"""

import argparse
import asyncio
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import strategies as st

from agent.app import Adapters, Folder, House, Models, open_house, read_folder
from agent.conversation import ConversationEnded
from agent.dialogue.understanding.reading import call_json
from agent.dialogue.understanding.tools import CALL, Args, GiveIdentity, Intent, Understood, Utterance
from agent.domain.clock import StillClock
from agent.domain.conversation import Channel, Heard, Reply
from agent.domain.ports import Found, Schedule
from agent.domain.safety import Flag
from agent.domain.scheduling import Book, Cancel, Move, Receipt, Slot, SlotQuery, Visit, Write
from agent.domain.text import ClearText, SafeText
from agent.ehr.open import open_records
from agent.ehr.rows import AppointmentRow, PatientRow
from agent.ehr.worlds import World, load_world
from agent.phi.redactor import Redactor
from agent.settings import Settings, shipped
from agent.storage.open import open_storage

NOW = datetime.fromisoformat("2026-03-02T09:00:00-05:00")
CHANNELS: tuple[Channel, ...] = ("chat", "phone")
SUCCESS = re.compile(r"\bis booked\b|\bis moved to\b|\bis cancelled\b")


class NoAlarm:
    """A screener that hears nothing: red flags have their own suites."""

    def screen(self, text: ClearText, *, prev: str | None = None, lang: str = "en") -> Flag | None:
        """Say nothing."""
        return None


class NoTexts:
    """A practice without texts."""

    async def find(self, question: SafeText, *, lang: str) -> Found:
        """Decline."""
        return Found(band="decline")


class Proposing:
    """An understanding that proposes whatever it was told to, whatever was said."""

    def __init__(self) -> None:
        self.next: list[Args] = []

    async def understand(self, utterance: Utterance) -> Understood:
        """Return the calls to propose; `_1` means the first placeholder of its kind in the words."""
        self.next = [_meant(call, utterance.text) for call in self.next]
        intents: list[Intent] = [call.intent for call in self.next if call_json(call)["tool"] == "express"]  # type: ignore[attr-defined]
        intent: Intent = intents[0] if intents else "out_of_scope"
        return Understood(intent=intent, confidence=0.9, next="out_of_scope", calls=tuple(self.next), by="fuzz")


def _meant(call: Args, text: str) -> Args:
    if not isinstance(call, GiveIdentity) or not call.value.endswith("_1>"):
        return call
    found = re.search(call.value.replace("_1>", r"_\d+>"), text)
    return call.model_copy(update={"value": found[0]}) if found else call


@dataclass
class Watched:
    """The real schedule, with every commit written down."""

    real: Schedule
    commits: list[tuple[Write, ...]] = field(default_factory=list)

    async def open_slots(self, query: SlotQuery, *, holder: str | None = None) -> list[Slot]:
        """Pass through."""
        return await self.real.open_slots(query, holder=holder)

    async def visits(self, patient_id: str, *, after: datetime) -> list[Visit]:
        """Pass through."""
        return await self.real.visits(patient_id, after=after)

    async def hold(self, slots: Sequence[Slot], *, holder: str, until: datetime) -> None:
        """Pass through."""
        await self.real.hold(slots, holder=holder, until=until)

    async def commit(self, writes: Sequence[Write], *, once: str, holder: str | None = None) -> list[Receipt]:
        """Pass through and write down."""
        receipts = await self.real.commit(writes, once=once, holder=holder)
        self.commits.append(tuple(writes))
        return receipts


WORDS = (
    "my name is Ana Ruiz, born May 17 1984",
    "yes",
    "no",
    "well then",
    "Tuesday at nine thirty",
    "it is Bela Toth, 3 July 1990",
    "ok",
)
INTENTS = (
    "affirm", "affirm", "affirm", "affirm", "deny", "unsure", "no_preference", "repeat", "stop", "book", "book", "cancel",
    "reschedule", "check_appointment", "ask_alternative", "hours", "human", "thanks", "message", "change_language",
)  # fmt: skip


def _call(**content: Any) -> Args:
    call: Args = CALL.validate_python(content)
    return call


CALLS = st.one_of(
    st.sampled_from(INTENTS).map(lambda intent: _call(tool="express", intent=intent)),
    st.tuples(
        st.sampled_from(["name", "born"]), st.sampled_from(["<PERSON_1>", "<BORN_1>", "<PERSON_9>", "<PATIENT_1>"])
    ).map(lambda pair: _call(tool="give_identity", item=pair[0], value=pair[1])),
    st.sampled_from(["follow_up", "sick_visit", "procedure", "no_such_type"]).map(
        lambda id: _call(tool="give_visit_type", visit_type=id)
    ),
    st.sampled_from(["kim", "osei", "nobody"]).map(lambda id: _call(tool="give_provider", provider=id)),
    st.sampled_from(["Tuesday at nine thirty", "Thursday morning", "any day", "March 9", "tomorrow at 3"]).map(
        lambda words: _call(tool="give_when", words=words)
    ),
    st.integers(-1, 3).map(lambda place: _call(tool="choose", position=place)),
    st.sampled_from(["new", "established"]).map(lambda standing: _call(tool="give_standing", standing=standing)),
    st.sampled_from(["self", "child"]).map(lambda who: _call(tool="give_who", who=who)),
)
STEPS = st.lists(
    st.tuples(
        st.lists(CALLS, min_size=0, max_size=3),
        st.sampled_from(WORDS),
        st.sampled_from(["say", "say", "say", "say", "interrupted", "retry", "hang_up"]),
    ),
    min_size=5,
    max_size=30,
)

KIM_IS_THERE = [
    day for day in range(1, 150) if (NOW + timedelta(days=day)).weekday() in (0, 1, 3) and not 34 <= day <= 40
]
LEADS = st.none() | st.tuples(
    st.sampled_from(KIM_IS_THERE), st.sampled_from([8, 9, 10, 13, 14, 15]), st.sampled_from([3, 4])
)
"""Half of the conversations are led to a read-back first, or past the yes to it."""


def opening_steps(days: int, hour: int) -> list[tuple[list[Args], str, str]]:
    """Return the steps that lead a caller to a read-back, on a day of the coming months so that times do not run out."""
    words = f"{NOW + timedelta(days=days):%B %-d} at {hour}:20"
    first = [_call(tool="express", intent="book"), _call(tool="give_visit_type", visit_type="follow_up")]
    identity = [
        _call(tool="give_identity", item="name", value="<PERSON_1>"),
        _call(tool="give_identity", item="born", value="<BORN_1>"),
    ]
    wish = [_call(tool="give_provider", provider="kim"), _call(tool="give_when", words=words)]
    yes = [_call(tool="express", intent="affirm")]
    return [(first, "I need a visit", "say"), (identity, WORDS[0], "say"), (wish, words, "say"), (yes, "yes", "say")]


@dataclass(kw_only=True)
class Rig:
    """A whole Careline with a proposing understanding and a watched schedule."""

    house: House
    proposing: Proposing
    watched: Watched
    loop: asyncio.AbstractEventLoop
    steps: int = 0
    writes: int = 0

    def run(self, steps: Sequence[tuple[list[Args], str, str]], channel: Any) -> None:
        """Play one conversation and judge each of its steps."""
        self.loop.run_until_complete(self._play(steps, channel))

    async def _play(self, steps: Sequence[tuple[list[Args], str, str]], channel: Any) -> None:
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
def rig() -> Iterator[Rig]:
    """Open a Careline for fuzzing; closed afterwards."""
    loop = asyncio.new_event_loop()
    with tempfile.TemporaryDirectory() as folder:
        made = loop.run_until_complete(_open(Path(folder), loop))
        try:
            yield made
        finally:
            loop.run_until_complete(made.house.close())
            loop.close()


async def _open(folder: Path, loop: asyncio.AbstractEventLoop) -> Rig:
    clock = StillClock(NOW)
    practice_folder = read_folder(shipped("knowledge"))
    settings = Settings(data_dir=folder / "data", turn_seconds=60)  # what is written is judged, not how quickly
    storage = await open_storage(settings.data_dir, clock=clock)
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
    def play(steps: list[tuple[list[Args], str, str]], led: tuple[int, int, int] | None, channel: str) -> None:
        made.run([*(opening_steps(*led[:2])[: led[2]] if led else []), *steps], channel)

    play()


def main() -> None:
    """Run until so many steps are judged."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--steps", type=int, default=10_000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    with rig() as made:
        seed = given.seed
        while made.steps < given.steps:
            fuzz(made, examples=50, seed=seed)
            print(f"seed {seed}: {made.steps} steps, {made.writes} writes, 0 violations", flush=True)
            seed += 1


if __name__ == "__main__":
    main()
