"""Puts what the practice itself states into schedule and directory: facts, not requests.

A stated appointment may lie in the past or outside working hours, and pushes a caller's hold aside; only another
visit of the same provider at the same time stands in its way.
"""

from collections.abc import Sequence
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.scheduling import Visit
from agent.ehr.openings import granules_of
from agent.ehr.ownership import Owned, patient_time, provider_time
from agent.ehr.rows import BlockRow
from agent.ehr.tables import blocks, granules, visits
from agent.ehr.visit_rows import end_of, keep_visit, visit_of

What = Literal["added", "changed", "unchanged"]
"""What became of a row."""


class Overlaps(Exception):
    """Another visit of the same provider has that time."""


async def state_visit(connection: AsyncConnection, visit: Visit) -> What:
    """WRITE a visit as stated. Raises Overlaps, having written nothing."""
    row = (await connection.execute(sa.select(visits).where(visits.c.id == visit.id).with_for_update())).first()
    if row is not None and visit_of(row) == visit:
        return "unchanged"
    numbers = granules_of(visit.start, end_of(visit)) if visit.status == "booked" else range(0)
    mine: Owned = {(visit.provider, number): visit.id for number in numbers}
    if await provider_time.others(connection, mine):
        raise Overlaps
    await _push_holds_aside(connection, visit.provider, numbers)
    await provider_time.change(connection, await provider_time.of(connection, {visit.id}), mine)
    theirs: Owned = {(visit.patient, number): visit.id for number in numbers}
    shared = await patient_time.others(connection, theirs)
    theirs = {key: owner for key, owner in theirs.items() if key not in shared}
    await patient_time.change(connection, await patient_time.of(connection, {visit.id}), theirs)
    await keep_visit(connection, visit, unverified=bool(row.unverified) if row else False, is_new=row is None)
    return "added" if row is None else "changed"


async def state_block(connection: AsyncConnection, block: BlockRow) -> What:
    """WRITE a block."""
    row = {"provider": block.provider, "start": block.start, "end": block.end}
    there = sa.select(blocks.c.provider).where(*(blocks.c[name] == value for name, value in row.items()))
    if (await connection.execute(there)).first() is not None:
        return "unchanged"
    await connection.execute(sa.insert(blocks).values(**row))
    return "added"


async def _push_holds_aside(connection: AsyncConnection, provider: str, numbers: Sequence[int]) -> None:
    held = sa.delete(granules).where(
        granules.c.provider == provider, granules.c.granule.in_(numbers), granules.c.holder.is_not(None)
    )
    await connection.execute(held)
