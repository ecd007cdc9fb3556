"""Whose time is taken: reading it, and clearing away holds that no longer count."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.scheduling import GRANULE, Cancel, Write
from agent.ehr.openings import Taken, granules_of
from agent.ehr.tables import blocks, granules, patient_granules, visits

LONGEST = timedelta(hours=8)
"""No visit is longer."""

Keys = Iterable[tuple[str, int]]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def taken(
    connection: AsyncConnection,
    providers: Sequence[str],
    start: datetime,
    end: datetime,
    *,
    now: datetime,
    holder: str | None,
) -> list[Taken]:
    """READ what is booked, blocked, or held by others, for slots that start within a stretch."""
    until = end + LONGEST
    booked = sa.select(visits.c.provider, visits.c.start, visits.c.minutes).where(
        visits.c.provider.in_(providers),
        visits.c.start > start - LONGEST,
        visits.c.start < until,
        visits.c.status == "booked",
    )
    found = [
        Taken(provider=row.provider, start=row.start, end=row.start + timedelta(minutes=row.minutes))
        for row in (await connection.execute(booked)).all()
    ]
    found += await blocked(connection, providers, start, until)
    held = sa.select(granules.c.provider, granules.c.granule).where(
        granules.c.holder.is_not(None), granules.c.until > now, granules.c.provider.in_(providers)
    )
    if holder is not None:
        held = held.where(granules.c.holder != holder)
    for row in (await connection.execute(held)).all():
        at = _EPOCH + row.granule * GRANULE
        found.append(Taken(provider=row.provider, start=at, end=at + GRANULE))
    return found


async def blocked(connection: AsyncConnection, providers: Sequence[str], start: datetime, end: datetime) -> list[Taken]:
    """READ the blocks that overlap a stretch."""
    wanted = sa.select(blocks).where(blocks.c.provider.in_(providers), blocks.c.start < end, blocks.c.end > start)
    rows = (await connection.execute(wanted)).all()
    return [Taken(provider=row.provider, start=row.start, end=row.end) for row in rows]


async def clear_stale(connection: AsyncConnection, keys: Keys, *, now: datetime) -> None:
    """WRITE: take away expired holds on these granules. Rows that still count stay, and will refuse an insert."""
    for provider, numbers in _by_provider(keys).items():
        stale = sa.delete(granules).where(
            granules.c.provider == provider,
            granules.c.granule.in_(numbers),
            granules.c.visit.is_(None),
            granules.c.until <= now,
        )
        await connection.execute(stale)


async def patient_is_busy(connection: AsyncConnection, writes: Sequence[Write]) -> bool:
    """READ whether one of these patients has another visit at the new time, or two of the writes collide."""
    leaving = [write.visit for write in writes if write.kind != "book"]
    seen: set[tuple[str, int]] = set()
    for write in writes:
        if isinstance(write, Cancel):
            continue
        numbers = granules_of(write.slot.start, write.slot.end)
        keys = {(write.patient, number) for number in numbers}
        if keys & seen:
            return True
        seen |= keys
        other = sa.select(patient_granules.c.visit).where(
            patient_granules.c.patient == write.patient,
            patient_granules.c.granule.in_(numbers),
            patient_granules.c.visit.not_in(leaving),
        )
        if (await connection.execute(other.limit(1))).first() is not None:
            return True
    return False


def _by_provider(keys: Keys) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for provider, number in keys:
        found[provider].append(number)
    return found
