"""Worlds: a practice with its patients and appointments at one moment, for evals and for trying things out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import model_validator
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.errors import ConfigError
from agent.domain.practice import Practice, Strict
from agent.ehr.loading import Overlaps, state_block, state_visit
from agent.ehr.open import Records
from agent.ehr.openings import granules_of
from agent.ehr.rows import AppointmentRow, Aware, BlockRow, PatientRow
from agent.ehr.visit_rows import end_of
from agent.practice_folder import demo_folder, read_practice
from agent.practice_folder.located_yaml import Place, dotted, read_yaml
from agent.practice_folder.strictly import fit
from agent.storage.engine import Database


class World(Strict):
    """A world as its file states it. `clock` absent: the machine's clock; `practice` absent: the demo practice."""

    clock: Aware | None = None
    practice: Path | None = None
    patients: tuple[PatientRow, ...] = ()
    appointments: tuple[AppointmentRow, ...] = ()
    blocked: tuple[BlockRow, ...] = ()

    @model_validator(mode="after")
    def _references_exist(self) -> "World":
        people = _unique("patient", [one.id for one in self.patients])
        _unique("appointment", [one.id for one in self.appointments])
        for visit in self.appointments:
            if visit.patient not in people:
                raise ValueError(f"appointment {visit.id} names a patient that is not listed: {visit.patient!r}")
        for one in self.patients:
            for guardian in one.guardians:
                if guardian.patient is not None and guardian.patient not in people:
                    raise ValueError(f"patient {one.id} names a guardian that is not listed: {guardian.patient!r}")
        return self

    def folder(self, *, base: Path) -> Path:
        """Return the practice's folder; a relative path counts from `base`, where the world's file stands."""
        return demo_folder() if self.practice is None else base / self.practice


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A world with the practice it is about, checked against each other."""

    world: World
    practice: Practice
    folder: Path

    @property
    def clock(self) -> datetime | None:
        """Where the clock is pinned."""
        return self.world.clock


def read_world(file: Path) -> Setting:
    """Read a world and its practice; ConfigError, with file, line and key, at the first thing that is wrong."""
    located = read_yaml(file)
    world = fit(located, World)
    folder = world.folder(base=file.parent)
    practice = read_practice(folder)
    for place, problem in oddities(world, practice):
        raise ConfigError(problem, file=file, line=located.line(place), key=dotted(place))
    return Setting(world=world, practice=practice, folder=folder)


def oddities(world: World, practice: Practice) -> Iterator[tuple[Place, str]]:
    """Yield what in a world does not fit its practice: the place in the file, and one sentence."""
    taken: dict[tuple[str, int], str] = {}
    for at, row in enumerate(world.appointments):
        problem = row.problem(practice)
        if problem is not None:
            yield ("appointments", at, problem[0]), problem[1]
        elif row.status == "booked":
            visit = row.visit(practice)
            for number in granules_of(visit.start, end_of(visit)):
                other = taken.setdefault((visit.provider, number), visit.id)
                if other != visit.id:
                    yield ("appointments", at, "start"), f"{visit.provider} has appointment {other} at that time"
                    break
    for at, block in enumerate(world.blocked):
        problem = block.problem(practice)
        if problem is not None:
            yield ("blocked", at, problem[0]), problem[1]


def require_empty(folder: Path) -> None:
    """Raise ConfigError unless the data folder is missing or empty, as ``--world`` needs it."""
    try:
        full = folder.exists() and any(folder.iterdir())
    except OSError as unreadable:
        raise ConfigError(f"the data folder cannot be read ({unreadable.strerror})", file=folder) from None
    if full:
        raise ConfigError("--world needs a missing or empty data folder, and this one is not", file=folder)


async def load_world(world: World, *, records: Records, database: Database) -> None:
    """WRITE a world's patients, appointments and blocks, all or nothing. Raises ConfigError, ServiceError."""
    practice = records.practice

    async def work(connection: AsyncConnection) -> None:
        await records.patients.directory.keep(connection, *(row.patient() for row in world.patients))
        for row in world.appointments:
            await state_visit(connection, row.visit(practice))
        for block in world.blocked:
            await state_block(connection, block)

    for place, problem in oddities(world, practice):
        raise ConfigError(problem, key=dotted(place))
    try:
        await database.write(work)
    except Overlaps:
        raise ConfigError("an appointment of this world overlaps one that is there already") from None


def _unique(what: str, ids: list[str]) -> set[str]:
    for id in ids:
        if ids.count(id) > 1:
            raise ValueError(f"two of the {what}s are called {id!r}")
    return set(ids)
