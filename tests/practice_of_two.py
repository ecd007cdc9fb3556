"""A small practice, a clock that is set by hand, and its records in a folder: shared by tests of schedule and storage."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.domain.practice import Practice
from agent.domain.scheduling import Book, Receipt, Slot, SlotQuery
from agent.ehr.open import Records, open_records
from agent.storage.engine import open_database
from agent.storage.open import Storage, open_storage
from agent.storage.sealing import Sealer

KEY = "00" * 31 + "01"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
DAY = {day: ["08:00-12:00", "13:00-17:00"] for day in WEEKDAYS}

FACTS: dict[str, object] = {
    "name": "Two Doctors",
    "timezone": "America/New_York",
    "locations": [
        {"id": "main", "name": "Main", "address": "1 Main Street", "phone": "+12125550100", "hours": DAY},
        {
            "id": "north",
            "name": "North",
            "address": "9 North Road",
            "phone": "+12125550101",
            "hours": {"fri": ["09:00-15:00"]},
        },
    ],
    "holidays": [
        {"date": "2026-07-03", "name": "Independence Day (observed)"},
        {"date": "2026-12-24", "name": "Christmas Eve", "hours": ["08:00-10:00"], "locations": ["main"]},
    ],
    "providers": [
        {
            "id": "kim",
            "name": "Dr. Hana Kim",
            "specialty": "family medicine",
            "visit_types": ["follow_up", "physical"],
            "hours": {"main": DAY},
            "away": [{"from": "2026-04-06", "to": "2026-04-10"}],
        },
        {
            "id": "osei",
            "name": "Dr. Ama Osei",
            "specialty": "pediatrics",
            "visit_types": ["follow_up"],
            "hours": {"main": {"mon": ["08:00-20:00"]}, "north": {"fri": ["08:00-12:00"]}},
        },
    ],
    "visit_types": [
        {"id": "follow_up", "name": "follow-up visit", "minutes": 20},
        {"id": "physical", "name": "physical", "minutes": 45},
    ],
    "phones": {"front_desk": "+12125550100", "nurse": "+12125550102"},
}
PRACTICE = Practice.model_validate(FACTS)
NOW = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
"""A Monday, 8 in the morning in New York."""


@dataclass
class HandClock:
    """A clock that moves when told."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def forward(self, **step: float) -> None:
        self.at += timedelta(**step)


@dataclass(kw_only=True)
class Office:
    """Storage and records, with short words for what tests do."""

    storage: Storage
    records: Records
    clock: HandClock
    used: int = field(default=0)

    async def book(self, patient: str, slot: Slot, *, once: str | None = None, holder: str | None = None) -> Receipt:
        self.used += 1
        key = once or f"key-{self.used}"
        return (await self.records.schedule.commit([Book(patient=patient, slot=slot)], once=key, holder=holder))[0]

    async def open(self, *, days: float = 1, **query: object) -> list[Slot]:
        return await self.records.schedule.open_slots(query_for(self.clock.now(), days=days, **query))


def every_byte_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def query_for(now: datetime, *, days: float = 1, **query: object) -> SlotQuery:
    wanted = {"visit_type": "follow_up", "minutes": 20, "earliest": now, "latest": now + timedelta(days=days)} | query
    return SlotQuery(**wanted)  # type: ignore[arg-type]


def slot(
    start: datetime, *, provider: str = "kim", minutes: int = 20, visit_type: str = "follow_up", location: str = "main"
) -> Slot:
    return Slot(start=start, minutes=minutes, provider=provider, location=location, visit_type=visit_type)


@asynccontextmanager
async def office(
    folder: Path, practice: Practice = PRACTICE, *, key: str | None = KEY, url: str | None = None
) -> AsyncIterator[Office]:
    clock = HandClock()
    storage = await open_storage(folder, data_key=key, clock=clock, url=url)
    try:
        yield Office(storage=storage, records=open_records(storage, practice), clock=clock)
    finally:
        await storage.close()


def empty_tables(url: str) -> None:
    """Make all tables in a database, those of the graph's saver too, and leave them empty."""

    from agent.storage.checkpoints import open_checkpoints

    async def make() -> None:
        database = await open_database(url)
        checkpoints = await open_checkpoints(Path(), Sealer([b"k" * 32]), database.server)
        await checkpoints.close()
        await database.close()

    asyncio.run(make())
