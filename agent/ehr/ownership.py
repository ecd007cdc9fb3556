"""Rows of (who, granule) -> visit: whose time is whose. The primary key refuses a second owner."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.ehr.tables import granules, patient_granules

Owned = dict[tuple[str, int], str]
"""(provider or patient, granule) -> visit."""


class Ownership:
    """The time of providers, or of patients."""

    def __init__(self, table: sa.Table, who: sa.Column[str]) -> None:
        self._table = table
        self._who = who

    async def of(self, connection: AsyncConnection, visits: set[str]) -> Owned:
        """READ what these visits own."""
        if not visits:
            return {}
        columns = sa.select(self._who, self._table.c.granule, self._table.c.visit)
        rows = (await connection.execute(columns.where(self._table.c.visit.in_(visits)))).all()
        return {(row[0], row[1]): row[2] for row in rows}

    async def others(self, connection: AsyncConnection, wanted: Owned) -> set[tuple[str, int]]:
        """READ which of these granules another visit owns."""
        taken: set[tuple[str, int]] = set()
        for who in {key[0] for key in wanted}:
            numbers = [number for name, number in wanted if name == who]
            columns = sa.select(self._table.c.granule, self._table.c.visit).where(self._who == who)
            rows = (await connection.execute(columns.where(self._table.c.granule.in_(numbers)))).all()
            taken |= {(who, row[0]) for row in rows if row[1] is not None and row[1] != wanted[(who, row[0])]}
        return taken

    async def change(self, connection: AsyncConnection, before: Owned, after: Owned) -> None:
        """WRITE: take what is new, hand over what stays, then free what is left. IntegrityError when it is taken."""
        new = [
            {self._who.name: who, "granule": number, "visit": visit}
            for (who, number), visit in sorted(after.items())
            if (who, number) not in before
        ]
        if new:
            await connection.execute(sa.insert(self._table), new)
        for key in sorted(before.keys() & after.keys()):
            if before[key] != after[key]:
                await connection.execute(sa.update(self._table).where(self._row(key)).values(visit=after[key]))
        for key in sorted(before.keys() - after.keys()):
            await connection.execute(sa.delete(self._table).where(self._row(key)))

    def _row(self, key: tuple[str, int]) -> sa.ColumnElement[bool]:
        return sa.and_(self._who == key[0], self._table.c.granule == key[1])


provider_time = Ownership(granules, granules.c.provider)
patient_time = Ownership(patient_granules, patient_granules.c.patient)
