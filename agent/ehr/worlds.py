"""Worlds: a practice with its patients and appointments at one moment, for evals and for trying things out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.errors import ConfigError
from agent.domain.practice import Practice, Strict
from agent.ehr.loading import Overlaps, state_block, state_visit
from agent.ehr.open import Records
from agent.ehr.openings import granules_of
from agent.ehr.rows import AppointmentRow, Aware, BlockRow, PatientRow
from agent.ehr.tables import patients, visits
from agent.ehr.visit_rows import end_of
from agent.practice_folder import demo_folder, read_practice
from agent.practice_folder.located_yaml import Place, dotted, read_yaml
from agent.practice_folder.strictly import fit
from agent.storage.engine import Database
from agent.storage.tables import conversations


class World(Strict):
    """A world as its file states it. `clock` absent: the machine's clock; `practice` absent: the demo practice."""

    clock: Aware | None = None
    practice: Path | None = None
    patients: tuple[PatientRow, ...] = ()
    appointments: tuple[AppointmentRow, ...] = ()
    blocked: tuple[BlockRow, ...] = ()

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
    """Yield what in a world contradicts itself or its practice: the place in the file, and one sentence."""
    yield from _doubles("patients", [one.id for one in world.patients])
    yield from _doubles("appointments", [one.id for one in world.appointments])
    people = {one.id for one in world.patients}
    for at, patient in enumerate(world.patients):
        for key, listed in (("guardians", patient.guardians), ("carers", patient.carers)):
            for number, one in enumerate(listed):
                if one.patient is not None and one.patient not in people:
                    yield ("patients", at, key, number), f"no patient {one.patient!r} is listed"
    for at, visit in enumerate(world.appointments):
        if visit.patient not in people:
            yield ("appointments", at, "patient"), f"no patient {visit.patient!r} is listed"
    stated: dict[str, tuple[AppointmentRow | BlockRow, ...]] = {
        "appointments": world.appointments,
        "blocked": world.blocked,
    }
    for key, rows in stated.items():
        for at, row in enumerate(rows):
            if problem := row.problem(practice):
                yield (key, at, problem[0]), problem[1]
    yield from _overlaps(world, practice)


def _doubles(key: str, ids: list[str]) -> Iterator[tuple[Place, str]]:
    seen: set[str] = set()
    for at, id in enumerate(ids):
        if id in seen:
            yield (key, at, "id"), f"two of the {key} are called {id!r}"
        seen.add(id)


def _overlaps(world: World, practice: Practice) -> Iterator[tuple[Place, str]]:
    taken: dict[tuple[str, int], str] = {}
    for at, row in enumerate(world.appointments):
        if row.status != "booked" or row.problem(practice):
            continue
        visit = row.visit(practice)
        keys = [(visit.provider, number) for number in granules_of(visit.start, end_of(visit))]
        others = {taken.setdefault(key, visit.id) for key in keys} - {visit.id}
        if others:
            yield ("appointments", at, "start"), f"{visit.provider} has appointment {min(others)} at that time"


def require_empty(folder: Path) -> None:
    """Raise ConfigError unless the data folder is missing or empty, as ``--world`` needs it."""
    try:
        full = folder.exists() and any(folder.iterdir())
    except OSError as unreadable:
        raise ConfigError(f"the data folder cannot be read ({unreadable.strerror})", file=folder) from None
    if full:
        raise ConfigError("--world needs a missing or empty data folder, and this one is not", file=folder)


async def require_empty_database(database: Database) -> None:
    """Raise ConfigError unless a database that lies elsewhere than in the data folder holds nothing yet."""
    async with database.read() as connection:
        for table in (patients, visits, conversations):
            if (await connection.execute(sa.select(table.c.id).limit(1))).first() is not None:
                raise ConfigError("--world needs an empty database, and this one is not", key="CARELINE_DATABASE_URL")


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
