"""Scenarios while the machinery fails, each run replayable by its seed: `python -m evals.outages [--runs 20] [--seed 1]`.

During or before every second turn something happens: the database crashes and restarts, its connections are cut, its
tables are locked for a while (a disk that stalls), Redis goes, the worker dies and another goes on, the clock jumps.
What must hold: a success is told only with a receipt that is there once, no visit is there by halves, no answer is
empty, every answer that promised something to come has its ticket, every kept answer is in the transcript.
"""

import argparse
import asyncio
import contextlib
import random
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from agent.app import Adapters, House, load_models, open_house
from agent.conversation import ConversationEnded
from agent.domain.clock import StillClock, SystemClock
from agent.domain.conversation import Heard, Reply
from agent.domain.text import ClearText
from agent.ehr.open import open_records
from agent.ehr.tables import commits
from agent.ehr.worlds import Setting, load_world
from agent.settings import Settings
from agent.storage.open import open_storage
from evals.benchmarks.bookers import KEY, audit
from evals.callers import speaker_of
from evals.houses import Stage
from evals.schema import Scenario, read_scenario, scenario_files
from evals.servers import PostgresServer, RedisServer, postgres, redis

FAULTS = ("restart", "cut", "locked", "redis", "worker", "clock")
SUCCESS = re.compile(r"\b(is|are) (booked|moved|cancelled)\b")
STEPS = (timedelta(hours=1), timedelta(hours=-1), timedelta(minutes=-3), timedelta(days=6))
LOCK = "BEGIN; LOCK TABLE lines, granules, vault IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(1.5); COMMIT"
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
MOST_TURNS = 25


@dataclass(kw_only=True)
class Run:
    """One conversation among failures."""

    seed: int
    scenario: str
    faults: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Ground:
    """Where runs take place."""

    stage: Stage
    server: PostgresServer
    bus: RedisServer
    template: str

    async def strike(self, fault: str, name: str, clock: StillClock, chance: random.Random) -> None:
        """Let something fail; returns when it is whole again."""
        await asyncio.sleep(chance.uniform(0, 0.2))
        if fault == "restart":
            await asyncio.to_thread(self.server.stop, "immediate")
            await asyncio.to_thread(self.server.start)
        elif fault == "cut":
            await asyncio.to_thread(self.server.sql, CUT.format(name=name))
        elif fault == "locked":
            await asyncio.to_thread(self.server.sql, LOCK, at=name)
        elif fault == "redis":
            self.bus.stop()
            await asyncio.to_thread(self.bus.start)
        elif fault == "clock":
            clock.set(clock.now() + chance.choice(STEPS))


async def run(ground: Ground, scenarios: Sequence[tuple[str, Scenario, Setting]], seed: int) -> Run:
    """Hold one conversation and judge it."""
    chance = random.Random(seed)
    name, scenario, setting = chance.choice(scenarios)
    made, database = Run(seed=seed, scenario=name), ground.server.database(like=ground.template)
    clock = StillClock(setting.clock or SystemClock().now())
    with tempfile.TemporaryDirectory(prefix="careline-outage-") as folder:
        worker = _Worker(ground, setting, clock, Path(folder), ground.server.url(database))
        try:
            await _talk(made, ground, scenario, worker, database, chance)
        finally:
            await worker.end()
            ground.server.drop(database)
    return made


class _Worker:
    """The process that answers; it may die and be followed by another."""

    def __init__(self, ground: Ground, setting: Setting, clock: StillClock, folder: Path, url: str) -> None:
        self.ground, self.setting, self.clock, self.folder, self.url = ground, setting, clock, folder, url
        self.house: House | None = None
        self._filled = False

    async def begin(self) -> House:
        """Open a house over the same database."""
        folder, redactor, knowledge = self.ground.stage.practice(self.setting.folder)
        storage = await open_storage(
            self.folder, data_key=KEY, clock=self.clock, url=self.url, redis=self.ground.bus.url
        )
        if not self._filled:
            records = open_records(storage, folder.practice)
            await load_world(self.setting.world, records=records, database=storage.database)
            self._filled = True
        self.house = await open_house(
            Settings(data_dir=self.folder), folder, self.ground.stage.models, clock=self.clock,
            adapters=Adapters(knowledge=knowledge), redactor=redactor, storage=storage,
        )  # fmt: skip
        return self.house

    async def end(self) -> None:
        """Close it."""
        if self.house is not None:
            await self.house.close()
            self.house = None


async def _talk(
    made: Run, ground: Ground, scenario: Scenario, worker: _Worker, database: str, chance: random.Random
) -> None:
    house = await worker.begin()
    speaker = speaker_of(scenario.caller, made.seed, channel="chat", lang=scenario.lang)
    id, reply = await house.front_desk.open(channel="chat", lang=scenario.lang)
    while reply.state != "ended" and len(made.replies) < MOST_TURNS:
        line = speaker.next(reply.asks, reply.text.reveal())
        if line is None:
            break
        fault = chance.choice(FAULTS) if chance.random() < 0.5 else "none"
        made.faults.append(fault)
        worker.clock.set(worker.clock.now() + timedelta(seconds=8))
        if fault == "worker":
            await worker.end()
            house = await worker.begin()
        striking = asyncio.create_task(ground.strike(fault, database, worker.clock, chance))
        heard = Heard(best=ClearText(str(line)), client_id=f"m{len(made.replies)}")
        try:
            reply = await house.front_desk.turn(id, heard)
            again = await _whole_again(striking, house, id, heard)
        except ConversationEnded:
            break
        finally:
            await striking
        made.replies.append(reply)
        if again.id != reply.id and reply.sources == () and SUCCESS.search(reply.text.reveal()):
            made.broken.append(f"turn {len(made.replies)}: an answer that was kept is another one now")
    await worker.end()
    await _judge(made, await worker.begin(), id)


async def _whole_again(striking: "asyncio.Task[None]", house: House, id: str, heard: Heard) -> Reply:
    """Send the same message again once all is well: nothing may happen twice."""
    await striking
    return await house.front_desk.turn(id, heard)


async def _judge(made: Run, house: House, id: str) -> None:
    found = await audit(house.storage.database)
    if not found.clean:
        made.broken.append(f"the schedule is not whole: {found}")
    async with house.storage.database.read() as connection:
        mine = sa.select(sa.func.count()).where(commits.c.once.startswith(id, autoescape=True))
        written = int((await connection.execute(mine)).scalar_one())
    told = sum(bool(SUCCESS.search(reply.text.reveal())) for reply in made.replies)
    if told and not written:
        made.broken.append("a success was told and nothing was written")
    if any(not reply.text.reveal() and reply.state == "open" for reply in made.replies):
        made.broken.append("an answer was empty")
    if not (await house.storage.audit.verify()).holds:
        made.broken.append("the audit chain is broken")
    transcript = await house.front_desk.transcript(id)
    words = [line.text.reveal() for line in transcript.lines] if transcript else []
    lost = [reply for reply in made.replies if reply.text.reveal() and reply.text.reveal() not in words]
    call_us = house.sentences.template("turn_failed_call_us", made_lang(transcript), "chat").template[:20]
    if any(not reply.text.reveal().startswith(call_us.split("$")[0]) for reply in lost):
        made.broken.append(f"{len(lost)} answers are not in the transcript")


def made_lang(transcript: object) -> str:
    """Return the language a conversation ended in."""
    return str(getattr(transcript, "lang", "en"))


@contextlib.asynccontextmanager
async def ground(stage: Stage) -> AsyncIterator[Ground]:
    """Start servers of their own. Raises CannotStart."""
    from agent.storage.checkpoints import open_checkpoints
    from agent.storage.engine import open_database
    from agent.storage.sealing import Sealer

    with postgres() as server, redis() as bus:
        template = server.database()
        database = await open_database(server.url(template))
        await (await open_checkpoints(Path(), Sealer([b"k" * 32]), database.server)).close()
        await database.close()
        yield Ground(stage=stage, server=server, bus=bus, template=template)


def chats() -> list[tuple[str, Scenario, Setting]]:
    """Return the scenarios that are held by chat and bring no failures of their own."""
    read = [(file.stem, *read_scenario(file)) for file in scenario_files(())]
    return [one for one in read if one[1].channel == "chat" and not one[1].faults]


async def measure(runs: int, seed: int) -> list[Run]:
    """Run them all and tell each that broke something."""
    stage, done, scenarios = Stage(load_models()), list[Run](), chats()
    try:
        async with ground(stage) as here:
            for number in range(runs):
                one = await run(here, scenarios, seed + number)
                done.append(one)
                for what in one.broken:
                    print(f"seed {one.seed} {one.scenario} [{' '.join(one.faults)}]: {what}", flush=True)
    finally:
        stage.close()
    return done


def main() -> None:
    """Run the benchmark; exit 1 when something did not hold."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    done = asyncio.run(measure(given.runs, given.seed))
    struck = sum(fault != "none" for one in done for fault in one.faults)
    turns, broken = sum(len(one.replies) for one in done), sum(bool(one.broken) for one in done)
    print(
        f"{len(done)} runs, {turns} turns, {struck} failures of the machinery, {broken} runs in which something broke"
    )
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
