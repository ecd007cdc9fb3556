"""The data key changes twice while whole conversations run: no turn fails, no row is unreadable, no old key is needed.

    python -m evals.benchmarks.keys [--engine sqlite|postgresql] [--talks 12] [--changes 2]

Conversations of several kinds, by chat and by phone, go on side by side, each with many turns. Meanwhile what the
documents tell an operator is done: every server gets the new key behind the old one, then before it, everything is
sealed anew, then the old key is taken away. A server that is replaced ends the turns it began. Exits 1 when a turn
failed or something could not be read with the last key alone.
"""

import argparse
import asyncio
import base64
import contextlib
import logging
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from pydantic import SecretStr

from agent.app import Adapters, House, load_models, open_house
from agent.domain.clock import StillClock
from agent.domain.conversation import Channel, Heard
from agent.domain.text import ClearText
from agent.ehr.sealed_columns import OWN as SCHEDULE
from agent.ehr.worlds import load_world
from agent.practice_folder import demo_folder
from agent.settings import Settings
from agent.storage.open import Storage
from agent.storage.rotation import reseal
from agent.storage.sealed_columns import OWN
from evals.flow.canaries import CANARIES
from evals.flow.conversations import MONDAY, conversations, setting_of
from evals.houses import Stage
from evals.servers import on

KINDS = ("message", "book", "cancel", "member", "refill")
CHANNELS: tuple[Channel, ...] = ("chat", "phone")


@dataclass
class Outcome:
    """What came of it."""

    turns: int = 0
    failed: list[str] = field(default_factory=list)
    resealed: int = 0
    unreadable: list[str] = field(default_factory=list)
    read: int = 0

    @property
    def holds(self) -> bool:
        """Whether everything went on and everything can be read."""
        return bool(self.turns and self.read and self.resealed) and not self.failed and not self.unreadable


def key(number: int) -> str:
    """Return the key of one age."""
    return base64.b64encode(bytes([65 + number]) * 32).decode()


class Office:
    """The servers of one practice, one after another: whoever begins a turn is answered by the newest."""

    def __init__(self, stage: Stage, folder: Path, url: str | None) -> None:
        self._stage, self._folder, self._url = stage, folder, url
        self.clock = StillClock(MONDAY)
        self.house: House | None = None
        self._answering: dict[int, int] = {}
        self._over = asyncio.Condition()

    async def restart(self, *keys: str) -> None:
        """Begin a server with these keys, the first to seal with; the one before ends its turns and is gone."""
        before, self.house = self.house, await self._opened(keys)
        if before is not None:
            async with self._over:
                await self._over.wait_for(lambda: not self._answering.get(id(before)))
            await before.close()

    @contextlib.asynccontextmanager
    async def server(self) -> AsyncIterator[House]:
        """Lend the newest server for one turn."""
        house = self.house
        assert house is not None
        self._answering[id(house)] = self._answering.get(id(house), 0) + 1
        try:
            yield house
        finally:
            self._answering[id(house)] -= 1
            async with self._over:
                self._over.notify_all()

    async def _opened(self, keys: tuple[str, ...]) -> House:
        folder, redactor, knowledge = self._stage.practice(demo_folder())
        settings = Settings(
            data_dir=self._folder, data_key=SecretStr(",".join(keys)), database_url=self._url, turn_seconds=60
        )
        adapters = Adapters(knowledge=knowledge)
        return await open_house(
            settings, folder, self._stage.models, clock=self.clock, adapters=adapters, redactor=redactor
        )


async def change_keys(stage: Stage, folder: Path, url: str | None, *, talks: int, changes: int) -> Outcome:
    """Change the key so many times while so many conversations go on; they begin anew until the last change is over."""
    office, outcome, over = Office(stage, folder, url), Outcome(), asyncio.Event()
    await office.restart(key(0))
    assert office.house is not None
    await load_world(setting_of().world, records=office.house.records, database=office.house.storage.database)
    talking = [asyncio.create_task(_talks(office, number, outcome, over)) for number in range(talks)]
    try:
        for number in range(changes):
            await _change(office, key(number), key(number + 1), outcome)
    finally:
        over.set()
        await asyncio.gather(*talking)
    await _read_all(office.house.storage, outcome)
    await office.house.close()
    return outcome


async def _change(office: Office, old: str, new: str, outcome: Outcome) -> None:
    """Do what an operator does; conversations go on between the steps."""
    for keys in ((old, new), (new, old)):
        await office.restart(*keys)
        await _until(outcome, outcome.turns + 5)
    async with office.server() as house:
        storage = house.storage
        done = await reseal(storage.database, storage.sealer, storage.audit, (*OWN, *SCHEDULE))
        counted, closed = await house.checkpoints.reseal(storage.sealer)
    outcome.resealed += done.total + counted
    outcome.unreadable += [*done.unreadable, *["a state"] * closed]
    await office.restart(new)
    await _until(outcome, outcome.turns + 5)


async def _until(outcome: Outcome, turns: int) -> None:
    while outcome.turns < turns:  # noqa: ASYNC110 - a few turns, which take seconds
        await asyncio.sleep(0.05)


async def _talks(office: Office, number: int, outcome: Outcome, over: asyncio.Event) -> None:
    """Hold conversations until the keys have changed, each to its end."""
    channel = CHANNELS[number % len(CHANNELS)]
    for at in cycle(range(len(KINDS))):
        canary, kind = CANARIES[(number + at) % 2], KINDS[(number + at) % len(KINDS)]
        try:
            await _talk(office, channel, conversations(canary)[kind], outcome)
        except Exception as failed:  # whatever it was, a caller was not answered
            outcome.failed.append(f"{channel}, {kind}: {failed!r}")
        if over.is_set():
            return


async def _talk(office: Office, channel: Channel, lines: tuple[str, ...], outcome: Outcome) -> None:
    async with office.server() as house:
        conversation, reply = await house.front_desk.open(channel=channel, lang=None)
    for line in lines:
        if reply.state == "ended" or reply.connect is not None:
            return
        async with office.server() as house:
            reply = await house.front_desk.turn(conversation, Heard(best=ClearText(line)))
        outcome.turns += 1


class Failures(logging.Handler):
    """Counts what a server logs when a turn, or anything sealed, fails under it."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(logging.WARNING)
        self._outcome = outcome

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the event's name."""
        self._outcome.failed.append(record.getMessage())


async def _read_all(storage: Storage, outcome: Outcome) -> None:
    """Read every sealed value with the last key alone; what does not open is named."""
    for column in (*OWN, *SCHEDULE):
        async with storage.database.read() as connection:
            rows = (await connection.execute(column.table.select().where(column.column.is_not(None)))).all()
        for row in rows:
            try:
                storage.sealer.open(row._mapping[column.name], column.place(row))
            except Exception as closed:
                outcome.unreadable.append(f"{column.table.name}: {type(closed).__name__}")
            outcome.read += 1
    saver = await storage.checkpoints()
    for thread in await saver.threads():
        try:
            await saver.aget_tuple({"configurable": {"thread_id": thread, "checkpoint_ns": ""}})
        except Exception as closed:
            outcome.unreadable.append(f"state: {type(closed).__name__}")
        outcome.read += 1
    await saver.close()
    if not (await storage.audit.verify()).holds:
        outcome.unreadable.append("audit")


async def watched(stage: Stage, folder: Path, url: str | None, *, talks: int, changes: int) -> Outcome:
    """Do all of it, and count as a failed turn whatever a server warns of meanwhile."""
    noted = Outcome()
    ears, log = Failures(noted), logging.getLogger("careline")
    log.addHandler(ears)
    try:
        outcome = await change_keys(stage, folder, url, talks=talks, changes=changes)
    finally:
        log.removeHandler(ears)
    outcome.failed += noted.failed
    return outcome


def main() -> int:
    """Run it on one engine, and print what came of it."""
    read = argparse.ArgumentParser(prog="python -m evals.benchmarks.keys", description=__doc__)
    read.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    read.add_argument("--talks", type=int, default=12, help="conversations at a time")
    read.add_argument("--changes", type=int, default=2, help="how often the key changes")
    asked = read.parse_args()
    stage = Stage(load_models())
    with on(asked.engine) as url, tempfile.TemporaryDirectory(prefix="careline-keys-") as folder:
        outcome = asyncio.run(watched(stage, Path(folder) / "data", url, talks=asked.talks, changes=asked.changes))
    stage.close()
    print(
        f"{asked.engine}: {asked.changes} changes, {outcome.turns} turns, {len(outcome.failed)} failed, "
        f"{outcome.resealed} values sealed anew, {outcome.read} read with the last key, {len(outcome.unreadable)} unreadable"
    )
    print("\n".join((*outcome.failed[:20], *outcome.unreadable[:20])))
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(main())
