"""Bookers that fight over few slots: shared by the contention and the crash benchmark."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import sqlalchemy as sa

from agent.domain.errors import CallerError
from agent.domain.practice import Practice
from agent.domain.scheduling import Book, Cancel, Move, Slot, SlotQuery, Visit, Write
from agent.ehr.open import open_records
from agent.ehr.schedule import SqlSchedule
from agent.ehr.tables import granules, patient_granules, visits
from agent.ehr.visit_rows import end_of, visit_of
from agent.practice_folder import demo_folder, read_practice
from agent.storage.engine import Database
from agent.storage.open import Storage, open_storage

NOW = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
KEY = "5a" * 32


class StoppedClock:
    """Always the same moment."""

    def now(self) -> datetime:
        """Return it."""
        return NOW


@dataclass(kw_only=True)
class Tally:
    """What the bookers of one process saw."""

    attempts: int = 0
    done: int = 0
    refused: int = 0
    seconds: list[float] = field(default_factory=list)


async def open_desk(folder: Path, url: str | None = None) -> tuple[Storage, SqlSchedule, Practice]:
    """Open the demo practice's schedule in a folder, or in a database by its address."""
    practice = read_practice(demo_folder())
    storage = await open_storage(folder, data_key=KEY, clock=StoppedClock(), url=url)
    return storage, open_records(storage, practice).schedule, practice


async def slots(schedule: SqlSchedule, practice: Practice, *, days: int = 2) -> list[Slot]:
    """Return the times to fight over: every visit type, at odd starts too, so that they overlap in part."""
    found: list[Slot] = []
    for kind in practice.visit_types:
        query = SlotQuery(visit_type=kind.id, minutes=kind.minutes, earliest=NOW, latest=NOW + timedelta(days=days))
        starts = [NOW + timedelta(minutes=5 * n) for n in range(days * 288)]
        found += await schedule.open_slots(SlotQuery(**{**vars(query), "starts": tuple(starts)}))
    return found


async def booker(
    schedule: SqlSchedule, wanted: list[Slot], tally: Tally, *, name: str, attempts: int, seed: int
) -> None:
    """Book, move and cancel at random, `attempts` times; every fourth call is sent twice, as a retry would."""
    chance = random.Random(seed)
    mine: list[Visit] = []
    for number in range(attempts):
        write = _write(chance, wanted, mine, patient=f"P-{chance.randrange(300)}")
        began = time.perf_counter()
        tally.attempts += 1
        try:
            receipt = (await schedule.commit([write], once=f"{name}:{number}"))[0]
        except CallerError:
            tally.refused += 1
        else:
            if chance.random() < 0.25:
                again = (await schedule.commit([write], once=f"{name}:{number}"))[0]
                if again != receipt:
                    raise AssertionError("a repeated once-key got another receipt")
            tally.done += 1
            mine = [visit for visit in mine if visit.id != receipt.visit.id]
            if receipt.visit.status == "booked":
                mine.append(receipt.visit)
        tally.seconds.append(time.perf_counter() - began)
        await asyncio.sleep(0)


def _write(chance: random.Random, wanted: list[Slot], mine: list[Visit], *, patient: str) -> Write:
    what = chance.random()
    if mine and what < 0.25:
        visit = chance.choice(mine)
        return Move(patient=visit.patient, visit=visit.id, slot=chance.choice(wanted))
    if mine and what < 0.4:
        visit = chance.choice(mine)
        return Cancel(patient=visit.patient, visit=visit.id)
    return Book(patient=patient, slot=chance.choice(wanted))


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What a look at the finished schedule says; everything but `booked` must be 0."""

    booked: int
    provider_overlaps: int
    patient_overlaps: int
    half_written: int

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.provider_overlaps or self.patient_overlaps or self.half_written)


async def audit(database: Database) -> Audit:
    """Compare all booked visits pair by pair, and their granules one by one."""
    async with database.read() as connection:
        rows = (await connection.execute(sa.select(visits).where(visits.c.status == "booked"))).all()
        owned = (await connection.execute(sa.select(granules.c.provider, granules.c.granule, granules.c.visit))).all()
        spent = (await connection.execute(sa.select(patient_granules))).all()
    booked = [visit_of(row) for row in rows]
    return Audit(
        booked=len(booked),
        provider_overlaps=_overlaps([(visit.provider, visit) for visit in booked]),
        patient_overlaps=_overlaps([(visit.patient, visit) for visit in booked]),
        half_written=len(_expected(booked, "provider") ^ {tuple(row) for row in owned if row.visit is not None})
        + len(_expected(booked, "patient") ^ {tuple(row) for row in spent}),
    )


def _expected(booked: list[Visit], who: str) -> set[tuple[object, ...]]:
    found: set[tuple[object, ...]] = set()
    for visit in booked:
        at = int(visit.start.timestamp()) // 300
        length = -(-visit.minutes // 5)
        found |= {(getattr(visit, who), number, visit.id) for number in range(at, at + length)}
    return found


def _overlaps(booked: list[tuple[str, Visit]]) -> int:
    ordered = sorted(booked, key=lambda one: (one[0], one[1].start))
    return sum(one == other and later.start < end_of(earlier) for (one, earlier), (other, later) in pairwise(ordered))
