"""Runs one scenario: a fresh Careline over a passing data folder, a caller, and what is there in the end."""

import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.app import Adapters, Folder, House, Models, open_house, open_knowledge, read_folder
from agent.conversation import ConversationEnded
from agent.domain.clock import StillClock, SystemClock
from agent.domain.conversation import Heard, Reply
from agent.domain.ports import Knowledge
from agent.domain.text import ClearText
from agent.ehr.exporting import export_rows
from agent.ehr.open import open_records
from agent.ehr.worlds import Setting, load_world
from agent.phi.redactor import Redactor
from agent.settings import Settings
from agent.storage.open import open_storage
from evals.callers import speaker_of
from evals.canaries import with_canaries
from evals.faults import failing
from evals.schema import Scenario

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BETWEEN_TURNS = timedelta(seconds=8)
"""How far the clock moves between two turns; within one it stands still."""

Rows = list[dict[str, object]]


@dataclass(frozen=True, kw_only=True)
class Said:
    """One exchange."""

    caller: str
    agent: str
    asks: str | None
    sources: tuple[str, ...]
    ms: float


@dataclass(kw_only=True)
class Outcome:
    """Everything a check may look at."""

    turns: list[Said] = field(default_factory=list)
    opening: str = ""
    state: str = "open"
    before: Rows = field(default_factory=list)
    after: Rows = field(default_factory=list)
    tickets: Rows = field(default_factory=list)
    ticket_turns: dict[str, int] = field(default_factory=dict)
    flags: list[tuple[int, str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    broken: str | None = None


class Stage:
    """What scenarios share: loaded models, read practice folders, redactors, indexes, an empty data folder to copy."""

    def __init__(self, models: Models) -> None:
        self.models = models
        self._folders: dict[Path, tuple[Folder, Redactor, Knowledge]] = {}
        self._empty = Path(tempfile.mkdtemp(prefix="careline-eval-"))
        self._made = False

    def practice(self, folder: Path) -> tuple[Folder, Redactor, Knowledge]:
        """Return a practice's folder, redactor and index, made once."""
        if folder not in self._folders:
            read = read_folder(folder)
            settings = Settings(data_dir=self._empty)
            knowledge = open_knowledge(settings, read, self.models.encoders, SystemClock(), keep=False)
            redactor = Redactor(read.practice)
            redactor.load()
            self._folders[folder] = (read, redactor, knowledge)
        return self._folders[folder]

    async def data(self, at: Path) -> None:
        """Lay an empty, migrated data folder at a place."""
        template = self._empty / "data"
        if not self._made:
            storage = await open_storage(template, clock=SystemClock())
            await (await storage.checkpoints()).close()
            await storage.close()
            self._made = True
        shutil.copytree(template, at)

    def close(self) -> None:
        """Remove what was made."""
        shutil.rmtree(self._empty, ignore_errors=True)


async def run_scenario(scenario: Scenario, setting: Setting, stage: Stage, *, seed: int) -> Outcome:
    """Hold the conversation and return what came of it."""
    outcome = Outcome()
    clock = StillClock(setting.clock or SystemClock().now())
    async with _house(scenario, setting, stage, clock, outcome) as house:
        outcome.before = await _export(house, "appointments")
        speaker = speaker_of(scenario.caller, seed)
        id, reply = await house.front_desk.open(channel=_channel(scenario), lang=scenario.lang)
        outcome.opening = reply.text.reveal()
        while (line := speaker.next(reply.asks, reply.text.reveal())) is not None and reply.state != "ended":
            clock.set(clock.now() + BETWEEN_TURNS)
            reply = await _exchange(house, id, line, outcome)
            if reply is _HUNG_UP:
                break
        outcome.state = (await house.storage.conversations.state_of(id)) or "open"
        outcome.after = await _export(house, "appointments")
        await _decisions(house, id, outcome)
    return outcome


def _channel(scenario: Scenario) -> Any:
    return scenario.channel


_HUNG_UP = Reply(id="", text=ClearText(""), state="ended")


async def _exchange(house: House, id: str, line: str, outcome: Outcome) -> Reply:
    began = time.perf_counter()
    try:
        reply = await house.front_desk.turn(id, Heard(best=ClearText(line)))
    except ConversationEnded:
        return _HUNG_UP
    ms = (time.perf_counter() - began) * 1_000
    sources = tuple(source.id for source in reply.sources)
    outcome.turns.append(Said(caller=line, agent=reply.text.reveal(), asks=reply.asks, sources=sources, ms=ms))
    outcome.tickets = [row for kind in ("handoffs", "messages", "callbacks") for row in await _export(house, kind)]
    for ticket in outcome.tickets:
        outcome.ticket_turns.setdefault(str(ticket["id"]), len(outcome.turns))
    return reply


async def _decisions(house: House, id: str, outcome: Outcome) -> None:
    for record in await house.storage.decisions.of(id):
        body: Mapping[str, Any] = record.body
        if body.get("flag"):
            outcome.flags.append((record.seq, str(body["flag"]["level"])))
        for call in (body.get("understood") or {}).get("calls", []):
            name = call["args"].get("intent")
            outcome.calls.append(f"{call['tool']}:{name}" if name else str(call["tool"]))


async def _export(house: House, kind: Any) -> Rows:
    zone = house.folder.practice.zone
    return [row async for row in export_rows(kind, storage=house.storage, zone=zone)]


@asynccontextmanager
async def _house(
    scenario: Scenario, setting: Setting, stage: Stage, clock: StillClock, outcome: Outcome
) -> "AsyncIterator[House]":
    folder, redactor, knowledge = stage.practice(setting.folder)
    with tempfile.TemporaryDirectory(prefix="careline-eval-") as passing:
        settings = Settings(data_dir=Path(passing) / "data")
        await stage.data(settings.data_dir)
        storage = await open_storage(settings.data_dir, clock=clock)
        records = open_records(storage, folder.practice)
        await load_world(with_canaries(setting.world), records=records, database=storage.database)
        real = Adapters(
            schedule=records.schedule,
            patients=records.patients,
            tickets=storage.tickets,
            knowledge=knowledge,
            understanding=stage.models.understanding,
        )
        wrapped = failing(scenario.faults, real, lambda: len(outcome.turns) + 1)
        adapters = Adapters(
            schedule=wrapped.schedule or real.schedule,
            patients=wrapped.patients or real.patients,
            tickets=wrapped.tickets or real.tickets,
            knowledge=wrapped.knowledge or real.knowledge,
            understanding=wrapped.understanding or real.understanding,
        )
        house = await open_house(
            settings, folder, stage.models, clock=clock, adapters=adapters, redactor=redactor, storage=storage
        )
        try:
            yield house
        finally:
            await house.close()
