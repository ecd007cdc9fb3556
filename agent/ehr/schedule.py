"""The built-in schedule: slots, holds, visits, blocks. Implements `agent.domain.ports.Schedule` in SQL.

Who owns a provider's time is decided by the primary key of `granules`, not by looking first. Every write is one
transaction; a hang-up does not cut it in half.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.clock import Clock
from agent.domain.errors import OutsideRules, SlotTaken
from agent.domain.practice import Practice
from agent.domain.scheduling import Receipt, Slot, SlotQuery, Visit, Write
from agent.ehr import commits, occupancy
from agent.ehr.openings import granules_of, openings
from agent.ehr.tables import granules, visits
from agent.ehr.visit_rows import visit_of
from agent.storage.engine import Database

_CHUNK = timedelta(days=4)
"""How much of the schedule is read first while looking for open slots; each further stretch is twice as long."""
_LONGEST_CHUNK = timedelta(days=32)


class SqlSchedule:
    """The schedule of one practice."""

    def __init__(self, database: Database, practice: Practice, clock: Clock) -> None:
        self._database = database
        self._practice = practice
        self._clock = clock

    async def open_slots(self, query: SlotQuery, *, holder: str | None = None) -> list[Slot]:
        """READ the free slots that fit, earliest first; `holder`'s own holds count as free. Raises ServiceError."""
        now = self._clock.now()
        providers = tuple(person.id for person in self._practice.providers if query.visit_type in person.visit_types)
        providers = tuple(id for id in providers if not query.providers or id in query.providers)
        at, found = max(query.earliest, now).astimezone(UTC), list[Slot]()
        if not providers:
            return found
        async with self._database.read() as connection:
            for start, end in _stretches(query, at):
                taken = await occupancy.taken(connection, providers, start, end, now=now, holder=holder)
                found += openings(self._practice, query, taken, earliest=start, latest=end)
                if len(found) >= query.limit:
                    break
        return found[: query.limit]

    async def visits(self, patient_id: str, *, after: datetime) -> list[Visit]:
        """READ a patient's booked visits that start at or after a moment, earliest first. Raises ServiceError."""
        mine = sa.select(visits).where(visits.c.patient == patient_id, visits.c.status == "booked")
        wanted = mine.where(visits.c.start >= after).order_by(visits.c.start)
        async with self._database.read() as connection:
            return [visit_of(row) for row in (await connection.execute(wanted)).all()]

    async def hold(self, slots: Sequence[Slot], *, holder: str, until: datetime) -> None:
        """WRITE: keep slots from others for a while; replaces the holder's earlier holds (none: releases them).

        Raises SlotTaken when one of them is gone, ServiceError.
        """
        now = self._clock.now()
        keys = {(slot.provider, number) for slot in slots for number in granules_of(slot.start, slot.end)}

        async def work(connection: AsyncConnection) -> None:
            mine = sa.delete(granules).where(granules.c.holder == holder)
            await connection.execute(mine)
            await occupancy.clear_stale(connection, keys, now=now)
            if keys:
                rows = [{"provider": who, "granule": at, "holder": holder, "until": until} for who, at in sorted(keys)]
                await connection.execute(sa.insert(granules), rows)

        try:
            await self._database.write(work)
        except IntegrityError:
            raise SlotTaken("slot_taken") from None

    async def commit(self, writes: Sequence[Write], *, once: str, holder: str | None = None) -> list[Receipt]:
        """WRITE all or none, once per once-key: a repeated key returns the receipts while what they say still stands.

        Raises SlotTaken, OutsideRules (patient_busy, not_the_patients_visit, not_booked, not_working, past, blocked,
        not_whole), ServiceError.
        """
        desk = commits.Commit(practice=self._practice, now=self._clock.now(), once=once, holder=holder)
        try:
            return await self._database.write(lambda connection: desk.run(connection, writes))
        except (IntegrityError, OutsideRules) as refused:
            # The key was used at the same moment by another process, or the time, or the patient's, is taken.
            done = await self.done(once)
            if done is not None:
                return done
            reason = refused if isinstance(refused, OutsideRules) else await self._why(writes)
        raise reason

    async def done(self, once: str) -> list[Receipt] | None:
        """READ what this once-key wrote; None when nothing, or when it stands no more. Raises ServiceError."""
        async with self._database.read() as connection:
            return await commits.receipts(connection, once)

    async def _why(self, writes: Sequence[Write]) -> SlotTaken | OutsideRules:
        async with self._database.read() as connection:
            busy = await occupancy.patient_is_busy(connection, writes)
        return OutsideRules("patient_busy") if busy else SlotTaken("slot_taken")


def _stretches(query: SlotQuery, at: datetime) -> list[tuple[datetime, datetime]]:
    latest = query.latest.astimezone(UTC)
    if query.starts:
        wanted = sorted(start.astimezone(UTC) for start in query.starts if at <= start < latest)
        return _around(wanted)
    found, length = [], _CHUNK
    while at < latest:
        found.append((at, min(at + length, latest)))
        at, length = at + length, min(2 * length, _LONGEST_CHUNK)
    return found


def _around(starts: list[datetime]) -> list[tuple[datetime, datetime]]:
    """Return stretches that hold these starts, in order, none longer than a chunk."""
    found: list[tuple[datetime, datetime]] = []
    for start in starts:
        if found and start < found[-1][0] + _CHUNK:
            found[-1] = (found[-1][0], start + timedelta(microseconds=1))
        else:
            found.append((start, start + timedelta(microseconds=1)))
    return found
