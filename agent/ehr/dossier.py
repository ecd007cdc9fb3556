"""Everything Careline keeps of one patient: found, handed out, or deleted.

Conversations carry no patient's id. They are found by what was written for the patient once it was known who calls
(visits, registrations, tickets), and by words: see `agent.ehr.naming`.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from agent.domain.conversation import Transcript
from agent.domain.handoff import Ticket
from agent.domain.patients import Patient
from agent.domain.privacy import Held
from agent.ehr.directory import Directory
from agent.ehr.naming import About
from agent.ehr.searching import search
from agent.ehr.tables import commits, registrations, visits
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
    unclear: tuple[str, ...]
    """Conversations that only name the patient, or came from the patient's phone: somebody should look at them."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The conversations' ids."""
        return tuple(one.id for one in self.conversations)


async def dossier(storage: Storage, patient_id: str) -> Dossier | None:
    """READ everything of one patient; None when there is no such chart. Decrypts every conversation once."""
    patient = await Directory(storage.database, storage.sealer).patient(patient_id)
    if patient is None:
        return None
    graded = (await search(storage, (patient,)))[patient_id]
    tickets = await storage.tickets.list(limit=_ALL)
    written = await _written_for(storage, patient_id, tickets)
    wanted = written | {id for id, grade in graded.items() if grade is About.SURE}
    said = [one for id in sorted(wanted) if (one := await storage.conversations.transcript(id)) is not None]
    return Dossier(
        patient=patient,
        conversations=tuple(said),
        tickets=tuple(one for one in tickets if _is_of(one, patient_id, wanted)),
        visits=await _visits(storage, patient_id),
        unclear=tuple(sorted(graded.keys() - wanted)),
    )


def _is_of(ticket: Ticket, patient: str, conversations: set[str]) -> bool:
    """Say whether a ticket is a patient's: one for somebody else never is, wherever it was opened."""
    return ticket.patient == patient or (ticket.patient is None and ticket.conversation in conversations)


async def held_records(storage: Storage) -> Held:
    """READ what is under a legal hold. In doubt it is held: whatever may be about a held patient, namesakes too."""
    subjects = {hold.subject for hold in await storage.holds.all()}
    if not subjects:
        return Held()
    directory = Directory(storage.database, storage.sealer)
    patients = [one for id in sorted(subjects) if (one := await directory.patient(id)) is not None]
    tickets = await storage.tickets.list(limit=_ALL)
    held = set(subjects)
    for id, graded in (await search(storage, patients)).items():
        held |= graded.keys() | await _written_for(storage, id, tickets)
    kept = {one.id for one in tickets if one.patient in subjects or one.conversation in held}
    return Held(conversations=frozenset(held), tickets=frozenset(kept))


async def _written_for(storage: Storage, patient_id: str, tickets: Sequence[Ticket]) -> set[str]:
    """Return the conversations, gone ones too, in which something was booked, registered or noted for the patient."""
    async with storage.database.read() as connection:
        new = (
            await connection.execute(sa.select(registrations.c.once).where(registrations.c.patient == patient_id))
        ).all()
        own = (await connection.execute(sa.select(visits.c.id).where(visits.c.patient == patient_id))).all()
        mine = {str(row.id) for row in own}
        found = {str(row.once).partition(":")[0] for row in new}
        found |= {one.conversation for one in tickets if one.patient == patient_id and one.conversation}
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
    """Return a dossier as one document: chart, visits, conversations with their decisions, tickets, and what is unclear."""
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
        "unclear": list(found.unclear),
    }


def left_over(found: Dossier | None) -> list[str]:
    """Return what is still kept of a patient after a deletion, looked for anew: nothing, if it did its work."""
    if found is None:
        return []
    return [f"conversation {id}" for id in found.ids] + [f"ticket {one.id}" for one in found.tickets]
