"""Where runs take place: servers, disks, a model, and workers that are forked when asked for."""

import asyncio
import contextlib
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from agent.domain.clock import StillClock, SystemClock
from agent.ehr.worlds import Setting
from evals.model.deeds import Asked, Deed, Drops, Hangs, Late, Refuses, Says
from evals.model.peer import Peer
from evals.outages.nursery import Nursery
from evals.outages.places import Disk, up
from evals.outages.plans import Plan
from evals.outages.striking import Machinery
from evals.outages.wire import MOST, Wire
from evals.schema import Scenario
from evals.servers import PostgresServer, RedisServer

DEEDS: dict[str, Deed] = {
    "drops": Drops(), "hangs": Hangs(), "cut": Says(text='{"intent": "book", ', cut_after=2),
    "broken": Refuses(status=500), "limited": Refuses(status=429, headers={"retry-after": "2"}),
    "nonsense": Says(text='{"intent": "dance"}'),
}  # fmt: skip


@dataclass(kw_only=True)
class Told:
    """A scenario, and where it stands."""

    file: Path
    name: str
    scenario: Scenario
    setting: Setting


@dataclass(kw_only=True)
class Ground:
    """Where runs take place, one at a time."""

    nursery: Nursery
    disks: dict[str, Disk]
    empty: Path  # an empty, migrated data folder
    server: PostgresServer | None
    template: str
    bus: RedisServer
    peer: Peer
    model: str = ""  # the address of its server
    mood: str = "well"
    address: Path = Path()

    async def decides(self, asked: Asked) -> Deed:
        """Answer as the model does at the moment."""
        if self.mood == "late":
            return Late(seconds=0.9, then=await self.peer(asked))
        return DEEDS[self.mood] if self.mood in DEEDS else await self.peer(asked)

    async def worker(self) -> tuple[Wire, int]:
        """Have one forked; return the wire to it and its process."""
        async with asyncio.timeout(60):
            self.nursery.ask(self.address)
            reader, writer = await self._arrived.get()
            hello = await reader.readline()
        return Wire(reader, writer), int(json.loads(hello)["answer"])

    def __post_init__(self) -> None:
        self._arrived: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()

    @contextlib.asynccontextmanager
    async def listening(self) -> "AsyncIterator[Ground]":
        """Take in workers."""
        with tempfile.TemporaryDirectory(prefix="careline-wire-") as folder:
            self.address = Path(folder) / "wire"
            door = await asyncio.start_unix_server(self._arrive, self.address, limit=MOST)
            try:
                yield self
            finally:
                door.close()

    async def _arrive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._arrived.put((reader, writer))


@contextlib.asynccontextmanager
async def place(ground: Ground, told: Told, plan: Plan) -> AsyncIterator[Machinery]:
    """Lay out what one run stands on; gone afterwards."""
    disk = ground.disks[plan.engine]
    clock, zone = StillClock(told.setting.clock or SystemClock().now()), told.setting.practice.zone
    server = ground.server if plan.engine == "postgresql" else None
    machinery = Machinery(
        disk=disk, data=ground.disks["sqlite"].folder / f"run{plan.seed}", clock=clock, zone=zone, bus=ground.bus
    )
    if server is not None:
        await up(server)
        machinery.server, machinery.name = server, await asyncio.to_thread(server.database, ground.template)
    shutil.copytree(ground.empty, machinery.data)
    try:
        yield machinery
    finally:
        shutil.rmtree(machinery.data, ignore_errors=True)
        if server is not None:
            await up(server)
            await asyncio.to_thread(server.drop, machinery.name)
