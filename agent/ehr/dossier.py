"""Everything Careline keeps of one patient: found, handed out, or deleted.

Conversations carry no patient's id. They are found by what was written for the patient (visits, registrations,
tickets) and by words: a conversation in which the patient's whole name, phone or birth date was said or heard.
"""

import json
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from agent.domain.conversation import Transcript
from agent.domain.handoff import Ticket
from agent.domain.patients import Patient
from agent.ehr.directory import Directory
from agent.ehr.tables import commits, registrations, visits
from agent.language.names import plain
from agent.language.say import say_date
from agent.storage.open import Storage

Json = dict[str, Any]
_ALL = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """What belongs to one patient."""

    patient: Patient
    conversations: tuple[Transcript, ...]
    tickets: tuple[Ticket, ...]
    visits: tuple[Json, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The conversations' ids."""
        return tuple(one.id for one in self.conversations)


async def dossier(storage: Storage, patient_id: str) -> Dossier | None:
    """READ everything of one patient; None when there is no such chart. Decrypts every conversation once."""
    patient = await Directory(storage.database, storage.sealer).patient(patient_id)
    if patient is None:
        return None
    tickets = await storage.tickets.list(limit=_ALL)
    written = await _written_for(storage, patient_id) | {
        one.conversation for one in tickets if one.patient == patient_id and one.conversation
    }
    said = tuple([one async for one in storage.conversations.every() if one.id in written or is_about(one, patient)])
    ids = {one.id for one in said}
    mine = tuple(one for one in tickets if one.patient == patient_id or one.conversation in ids)
    return Dossier(patient=patient, conversations=said, tickets=mine, visits=await _visits(storage, patient_id))


async def held_conversations(storage: Storage) -> set[str]:
    """READ the conversations under a legal hold, those of held patients included."""
    held: set[str] = set()
    for hold in await storage.holds.all():
        found = await dossier(storage, hold.subject)
        held |= {hold.subject} if found is None else set(found.ids)
    return held


def is_about(transcript: Transcript, patient: Patient) -> bool:
    """Say whether a conversation names a patient: first and last name near each other, the phone, or the birth date."""
    words = " ".join(plain(line.text.reveal()) for line in transcript.lines)
    name = re.compile(rf"\b{re.escape(plain(patient.first))}\b.{{0,40}}\b{re.escape(plain(patient.last))}\b")
    if name.search(words):
        return True
    digits = re.sub(r"\D", "", patient.phone or "")[-10:]
    if len(digits) == 10 and digits in re.sub(r"[\s().-]", "", words):
        return True
    return plain(patient.last) in words.split() and any(form in words for form in _born(patient.born))


def _born(born: date) -> tuple[str, ...]:
    written = (f"{born.month}/{born.day}/{born.year}", born.strftime("%m/%d/%Y"), born.isoformat())
    return (*written, *(plain(say_date(born, lang, weekday=False, year=True)) for lang in ("en", "es")))


async def _written_for(storage: Storage, patient_id: str) -> set[str]:
    """Return the conversations in which something was booked, moved, cancelled or registered for the patient."""
    async with storage.database.read() as connection:
        new = (
            await connection.execute(sa.select(registrations.c.once).where(registrations.c.patient == patient_id))
        ).all()
        own = (await connection.execute(sa.select(visits.c.id).where(visits.c.patient == patient_id))).all()
        mine = {str(row.id) for row in own}
        found = {str(row.once).partition(":")[0] for row in new}
        async for row in await connection.stream(sa.select(commits.c.once, commits.c.receipts)):
            if any(f'"{visit}"' in row.receipts for visit in mine):
                found.add(str(row.once).partition(":")[0])
    return found


async def _visits(storage: Storage, patient_id: str) -> tuple[Json, ...]:
    wanted = sa.select(visits).where(visits.c.patient == patient_id).order_by(visits.c.start, visits.c.id)
    async with storage.database.read() as connection:
        rows = (await connection.execute(wanted)).all()
    return tuple({**dict(row._mapping), "start": row.start.isoformat()} for row in rows)


async def as_json(storage: Storage, found: Dossier) -> Json:
    """Return a dossier as one document: chart, visits, conversations with their decisions, tickets."""
    decided = {id: await storage.decisions.of(id) for id in found.ids}
    return {
        "patient": json.loads(json.dumps(asdict(found.patient), default=str)),
        "visits": list(found.visits),
        "conversations": [
            {
                "id": one.id,
                "lines": [
                    {"who": line.who, "at": line.at.isoformat(), "text": line.text.reveal()} for line in one.lines
                ],
                "decisions": [{"at": record.at.isoformat(), **record.body} for record in decided[one.id]],
            }
            for one in found.conversations
        ],
        "tickets": [json.loads(json.dumps(asdict(one), default=str)) for one in found.tickets],
    }


def left_over(everything: Collection[Transcript], tickets: Collection[Ticket], patient: Patient) -> list[str]:
    """Return where a patient is still named after a deletion: nowhere, if it did its work."""
    found = [f"conversation {one.id}" for one in everything if is_about(one, patient)]
    return found + [f"ticket {one.id}" for one in tickets if one.patient == patient.id]
