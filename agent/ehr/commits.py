"""Commits one proposal: every write in it, or none.

The new time of all writes is taken before any old time is freed, so at no moment has a patient less than they had;
time that another write of the same proposal gives up may be taken over (two visits can swap).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.errors import OutsideRules
from agent.domain.practice import Practice
from agent.domain.scheduling import Book, Cancel, Receipt, Slot, Visit, Write, whole
from agent.ehr import occupancy
from agent.ehr.openings import granules_of, works
from agent.ehr.ownership import patient_time, provider_time
from agent.ehr.tables import commits, granules, visits
from agent.ehr.visit_rows import end_of, keep_visit, new_visit_id, receipts_from_json, receipts_to_json, visit_of


async def receipts(connection: AsyncConnection, once: str) -> list[Receipt] | None:
    """READ what this once-key did and still stands; None when it did nothing, or that was undone since."""
    return (await _used(connection, once))[0]


async def _used(connection: AsyncConnection, once: str) -> tuple[list[Receipt] | None, str]:
    """READ what still stands of a once-key, or the key under which the same may be done anew.

    Who books a time, cancels it and books it again in one conversation has the very same done twice.
    """
    key, times = once, 1
    while True:
        text = (await connection.execute(sa.select(commits.c.receipts).where(commits.c.once == key))).scalar()
        found = None if text is None else receipts_from_json(text)
        if found is None or await _stand(connection, found):
            return found, key
        times += 1
        key = f"{once}#{times}"


async def _stand(connection: AsyncConnection, found: Sequence[Receipt]) -> bool:
    """Say whether every visit still is as its receipt says."""
    ids = [receipt.visit.id for receipt in found]
    rows = {row.id: row for row in (await connection.execute(sa.select(visits).where(visits.c.id.in_(ids)))).all()}
    return all(
        one.id in rows and (rows[one.id].status, rows[one.id].start) == (one.status, one.start)
        for one in (receipt.visit for receipt in found)
    )


@dataclass(frozen=True, kw_only=True)
class Commit:
    """One commit at one moment."""

    practice: Practice
    now: datetime
    once: str
    holder: str | None

    async def run(self, connection: AsyncConnection, writes: Sequence[Write]) -> list[Receipt]:
        """Do all writes inside this transaction. Raises OutsideRules; IntegrityError when time is taken."""
        done, key = await _used(connection, self.once)
        if done is not None:
            return done
        plan = _Plan()
        for write in writes:
            await self._plan(connection, plan, write)
        await self._own_time(connection, plan)
        for visit, unverified, is_new in plan.changes:
            await keep_visit(connection, visit, unverified=unverified, is_new=is_new)
        found = [
            Receipt(id=f"R-{secrets.token_hex(6)}", kind=w.kind, visit=c[0])
            for w, c in zip(writes, plan.changes, strict=True)
        ]
        row = {"once": key, "at": self.now, "receipts": receipts_to_json(found)}
        await connection.execute(sa.insert(commits).values(**row))
        return found

    async def _plan(self, connection: AsyncConnection, plan: "_Plan", write: Write) -> None:
        if isinstance(write, Book):
            await self._check(connection, write.slot)
            plan.take(
                _at(write.slot, id=new_visit_id(), patient=write.patient), unverified=write.unverified, is_new=True
            )
            return
        row = await self._owned(connection, write.patient, write.visit)
        if write.visit in plan.leaving:
            raise OutsideRules("not_booked")
        plan.leaving.add(write.visit)
        if isinstance(write, Cancel):
            plan.changes.append((replace(visit_of(row), status="cancelled"), row.unverified, False))
            return
        await self._check(connection, write.slot)
        plan.take(_at(write.slot, id=row.id, patient=row.patient), unverified=row.unverified, is_new=False)

    async def _owned(self, connection: AsyncConnection, patient: str, visit: str) -> Any:
        mine = sa.select(visits).where(visits.c.id == visit).with_for_update()  # one write at a time to a visit
        row = (await connection.execute(mine)).first()
        if row is None or row.patient != patient:
            raise OutsideRules("not_the_patients_visit")
        if row.status != "booked":
            raise OutsideRules("not_booked")
        if row.start < self.now:
            raise OutsideRules("past")
        return row

    async def _check(self, connection: AsyncConnection, slot: Slot) -> None:
        """Raise OutsideRules unless the provider works then, later than now, and is not blocked."""
        if slot.start < self.now:
            raise OutsideRules("past")
        if not whole((slot.start,)) or slot.minutes <= 0:
            raise OutsideRules("not_whole")
        if not works(self.practice, slot):
            raise OutsideRules("not_working")
        if await occupancy.blocked(connection, (slot.provider,), slot.start, slot.end):
            raise OutsideRules("blocked")

    async def _own_time(self, connection: AsyncConnection, plan: "_Plan") -> None:
        """Take the new time, then free the old."""
        if self.holder is not None:
            await connection.execute(sa.delete(granules).where(granules.c.holder == self.holder))
        before = await provider_time.of(connection, plan.leaving)
        await occupancy.clear_stale(connection, plan.provider_time.keys() - before.keys(), now=self.now)
        await provider_time.change(connection, before, plan.provider_time)
        await patient_time.change(connection, await patient_time.of(connection, plan.leaving), plan.patient_time)


@dataclass
class _Plan:
    """What the writes come to: visits as they will be, and who will own which granule."""

    changes: list[tuple[Visit, bool, bool]] = field(default_factory=list)
    leaving: set[str] = field(default_factory=set)
    provider_time: dict[tuple[str, int], str] = field(default_factory=dict)
    patient_time: dict[tuple[str, int], str] = field(default_factory=dict)

    def take(self, visit: Visit, *, unverified: bool, is_new: bool) -> None:
        self.changes.append((visit, unverified, is_new))
        for number in granules_of(visit.start, end_of(visit)):
            if (visit.patient, number) in self.patient_time:
                raise OutsideRules("patient_busy")
            if (visit.provider, number) in self.provider_time:
                raise OutsideRules("same_time_twice")
            self.patient_time[(visit.patient, number)] = visit.id
            self.provider_time[(visit.provider, number)] = visit.id


def _at(slot: Slot, *, id: str, patient: str) -> Visit:
    return Visit(
        id=id,
        patient=patient,
        provider=slot.provider,
        location=slot.location,
        visit_type=slot.visit_type,
        start=slot.start,
        minutes=slot.minutes,
    )
