"""A fresh Careline for a scenario: its world, its faults, a clock, over a passing data folder, or a passing database."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from agent.app import Adapters, Folder, House, Models, open_house, open_knowledge, read_folder
from agent.domain.clock import Clock, SystemClock
from agent.domain.ports import Knowledge
from agent.ehr.open import open_records
from agent.ehr.worlds import Setting, load_world
from agent.phi.redactor import Redactor
from agent.settings import Settings
from agent.storage.engine import open_database
from agent.storage.open import open_storage
from agent.storage.sealing import Sealer
from evals.canaries import with_canaries
from evals.faults import failing
from evals.schema import Scenario
from evals.servers import PostgresServer


class Stage:
    """What scenarios share: loaded models, read practice folders, redactors, indexes, an empty data folder to copy.

    With a `server` every scenario has a database of its own there.
    """

    def __init__(self, models: Models, server: PostgresServer | None = None) -> None:
        self.models, self.server = models, server
        self._like: str | None = None
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

    @asynccontextmanager
    async def database(self) -> AsyncIterator[str | None]:
        """Lend the address of an empty, migrated database, dropped afterwards; None where the data folder has its own."""
        if self.server is None:
            yield None
            return
        if self._like is None:
            from agent.storage.checkpoints import open_checkpoints  # loads LangGraph

            made = await asyncio.to_thread(self.server.database)
            url = self.server.url(made)
            database = await open_database(url)
            await (await open_checkpoints(self._empty, Sealer([b"k" * 32]), database.server)).close()
            await database.close()
            self._like = made
        name = await asyncio.to_thread(self.server.database, self._like, by="FILE_COPY")
        try:
            yield self.server.url(name)
        finally:
            await asyncio.to_thread(self.server.drop, name)

    def close(self) -> None:
        """Remove what was made."""
        shutil.rmtree(self._empty, ignore_errors=True)


@asynccontextmanager
async def house_of(
    scenario: Scenario, setting: Setting, stage: Stage, clock: Clock, *, turn: Callable[[], int]
) -> AsyncIterator[House]:
    """Open a Careline on the scenario's world. `turn` says which turn is under way: faults begin and end with one."""
    folder, redactor, knowledge = stage.practice(setting.folder)
    async with _ground(stage) as settings:
        storage = await open_storage(settings.data_dir, clock=clock, url=settings.database_url)
        records = open_records(storage, folder.practice)
        await load_world(with_canaries(setting.world), records=records, database=storage.database)
        real = Adapters(
            schedule=records.schedule,
            patients=records.patients,
            tickets=storage.tickets,
            knowledge=knowledge,
            understanding=stage.models.understanding,
        )
        wrapped = failing(scenario.faults, real, turn)
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


@asynccontextmanager
async def _ground(stage: Stage) -> AsyncIterator[Settings]:
    """Lay a passing data folder, and a passing database where the stage has a server."""
    with tempfile.TemporaryDirectory(prefix="careline-eval-") as passing:
        folder = Path(passing) / "data"
        async with stage.database() as url:
            if url is None:
                await stage.data(folder)
            else:
                await asyncio.to_thread(folder.mkdir)  # the key stands here
            yield Settings(data_dir=folder, database_url=url)
