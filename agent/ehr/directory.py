"""All patients, decrypted in memory, kept in step with the database by a version number.

Reading the version costs one small query; only rows that changed since are read and decrypted again. The same tuple
is handed out until something changed, so that the matcher can keep what it computed about it.
"""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.patients import Patient
from agent.ehr.patient_rows import open_patient, seal_patient
from agent.ehr.tables import patients
from agent.storage.counters import following, present
from agent.storage.engine import Database
from agent.storage.sealing import Sealer

_VERSION = "patients"


class Directory:
    """The people of the practice."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer
        self._version = -1
        self._by_id: dict[str, Patient] = {}
        self._people: tuple[Patient, ...] = ()

    async def people(self) -> tuple[Patient, ...]:
        """READ everybody, by id. Raises ServiceError."""
        await self._refresh()
        return self._people

    async def patient(self, id: str) -> Patient | None:
        """READ one chart's demographics. Raises ServiceError."""
        await self._refresh()
        return self._by_id.get(id)

    async def keep(self, connection: AsyncConnection, *kept: Patient) -> None:
        """WRITE patients inside a transaction, replacing those of the same id."""
        if not kept:
            return
        version = await following(connection, _VERSION)
        rows = [{"id": one.id, "version": version, "body": seal_patient(self._sealer, one)} for one in kept]
        for at in range(0, len(kept), 500):
            ids = [one.id for one in kept[at : at + 500]]
            await connection.execute(sa.delete(patients).where(patients.c.id.in_(ids)))
        await connection.execute(sa.insert(patients), rows)

    async def _refresh(self) -> None:
        async with self._database.read() as connection:
            version = await present(connection, _VERSION)
            if version == self._version:
                return
            changed = sa.select(patients).where(patients.c.version > self._version)
            rows = (await connection.execute(changed)).all()
        by_id = self._by_id | {row.id: open_patient(self._sealer, row.id, row.body) for row in rows}
        if version > self._version:
            self._by_id, self._version = by_id, version
            self._people = tuple(by_id[id] for id in sorted(by_id))
