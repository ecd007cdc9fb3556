"""The practice's directory of people. Implements `agent.domain.ports.Patients`."""

import asyncio
import secrets
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.clock import Clock
from agent.domain.errors import OutsideRules
from agent.domain.patients import Given, Match, Patient, Person
from agent.ehr.directory import Directory
from agent.ehr.matching import Matcher
from agent.ehr.tables import registrations
from agent.language.names import plain
from agent.storage.engine import Database
from agent.storage.sealing import Sealer


class SqlPatients:
    """Patients in the built-in database: sealed at rest, matched in memory."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._matcher = Matcher()
        self._one_at_a_time = asyncio.Lock()
        self.directory = Directory(database, sealer)

    async def match(self, given: Given) -> Match:
        """READ who this is, with a margin between the first and the second. Raises ServiceError."""
        people, now = await self.directory.people(), self._clock.now()
        async with self._one_at_a_time:  # the matcher keeps notes about the directory
            return await asyncio.to_thread(self._matcher.match, given, people, now=now)

    async def patient(self, patient_id: str) -> Patient | None:
        """READ one chart's demographics. Raises ServiceError."""
        return await self.directory.patient(patient_id)

    async def register(self, person: Person, *, once: str) -> str:
        """WRITE a new patient and return its id; a repeated key returns the first id.

        Raises OutsideRules (born_missing), ServiceError.
        """
        if person.born is None:
            raise OutsideRules("born_missing")
        id = f"P-{secrets.token_hex(6)}"
        new = Patient(id=id, first=person.first, last=person.last, born=person.born, phone=person.phone)
        try:
            return await self._database.write(lambda connection: self._register(connection, new, once))
        except IntegrityError:  # the same key, written at the same moment by another process
            return await self._database.write(lambda connection: self._register(connection, new, once))

    async def charges(self, person: Person, *, by: Literal["guardian", "carer"] = "guardian") -> list[Patient]:
        """READ the patients whose listed guardian, or carer, this person is.

        A guardian listed by patient id is recognised by that chart's name and its birth date or phone; one listed by
        name, by name and, when a phone is listed, by that phone. Raises ServiceError.
        """
        people = await self.directory.people()
        itself = {one.id for one in people if _is_patient(person, one)}
        return [
            one
            for one in people
            if any(_is_listed(person, listed, itself) for listed in (one.guardians if by == "guardian" else one.carers))
        ]

    async def _register(self, connection: AsyncConnection, new: Patient, once: str) -> str:
        done = sa.select(registrations.c.patient).where(registrations.c.once == once)
        found = (await connection.execute(done)).scalar()
        if found is not None:
            return str(found)
        await connection.execute(sa.insert(registrations).values(once=once, patient=new.id))
        await self.directory.keep(connection, new)
        return new.id


def _same_name(one: Person | Patient, other: Person | Patient) -> bool:
    return plain(one.first) == plain(other.first) and plain(one.last) == plain(other.last)


def _is_patient(person: Person, patient: Patient) -> bool:
    known = person.phone is not None and person.phone == patient.phone
    return (known or person.born == patient.born) and _same_name(person, patient)


def _is_listed(person: Person, listed: str | Person, itself: set[str]) -> bool:
    if isinstance(listed, str):
        return listed in itself
    return _same_name(person, listed) and (listed.phone is None or listed.phone == person.phone)
