"""Everything Careline keeps of one patient: found, handed out, or deleted.

Conversations carry no patient's id. They are found by what was done in them (a chart opened, a visit booked, a
ticket written, see `agent.ehr.traces`), and by words (see `agent.ehr.naming`). What also holds somebody else's data,
or may be somebody else's, is only named: it is taken along when the operator, who looked at it, says so.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from agent.domain.conversation import Transcript
from agent.domain.errors import ConfigError
from agent.domain.handoff import Ticket
from agent.domain.patients import Patient
from agent.domain.privacy import Held
from agent.domain.text import ClearText
from agent.ehr.directory import Directory
from agent.ehr.naming import About, about, same_person
from agent.ehr.searching import search, sure_of_others
from agent.ehr.tables import visits
from agent.ehr.traces import Traces, traces
from agent.storage.open import Storage

Json = dict[str, Any]
_ALL = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """What belongs to one patient, and by id what somebody should look at."""

    patient: Patient
    conversations: tuple[Transcript, ...]
    tickets: tuple[Ticket, ...]
    visits: tuple[Json, ...]
    calls: tuple[Json, ...]
    shared: tuple[str, ...]
    """Conversations that are the patient's, and another patient's as well."""
    unclear: tuple[str, ...]
    """Conversations that may be the patient's: by name alone, the phone, or a birth date with a name much alike."""
    unclear_tickets: tuple[str, ...]
    unclear_calls: tuple[str, ...]
    """Calls from the patient's phone that belong to none of the conversations above."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The conversations' ids."""
        return tuple(one.id for one in self.conversations)

    @property
    def to_look_at(self) -> dict[str, list[str]]:
        """What is neither handed out nor deleted unasked, by kind; kinds with nothing left out."""
        kinds = {
            "shared_with_another_patient": self.shared, "unclear": self.unclear,
            "unclear_tickets": self.unclear_tickets, "unclear_calls": self.unclear_calls,
        }  # fmt: skip
        return {kind: list(ids) for kind, ids in kinds.items() if ids}


async def dossier(storage: Storage, patient_id: str, *, include: Collection[str] = ()) -> Dossier | None:
    """READ everything of one patient; None when there is no such chart. Decrypts every conversation once.

    `include` are shared or unclear conversations and tickets that somebody looked at and found to be the patient's.
    Raises ConfigError for one that is neither, ServiceError.
    """
    people = {one.id: one for one in await Directory(storage.database, storage.sealer).people()}
    patient = people.get(patient_id)
    if patient is None:
        return None
    tickets = await storage.tickets.list(limit=_ALL)
    done = await traces(storage, tickets)
    graded = (await search(storage, (patient,)))[patient_id]
    mine = {id for id, whose in done.items() if patient_id in whose}
    mine |= {id for id, grade in graded.items() if grade is About.SURE}
    shared = await _shared(storage, mine, patient, people, done)
    unclear = graded.keys() - mine
    own = (mine - shared) | ((shared | unclear) & set(include))
    of_tickets = {one.id: _graded(one, patient, own, people, storage) for one in tickets}
    doubtful = {id for id, grade in of_tickets.items() if grade is About.NAMED}
    calls = await _calls(storage, patient)
    stray = {one["id"] for one in calls if one["conversation"] not in mine | unclear}
    _require_known(include, shared | unclear | doubtful | stray)
    said = [one for id in sorted(own) if (one := await storage.conversations.transcript(id)) is not None]
    return Dossier(
        patient=patient,
        conversations=tuple(said),
        tickets=tuple(one for one in tickets if of_tickets[one.id] is About.SURE or one.id in include),
        visits=await _visits(storage, patient_id),
        calls=tuple(one for one in calls if one["conversation"] in own or one["id"] in include),
        shared=tuple(sorted(shared - own)),
        unclear=tuple(sorted(unclear - own)),
        unclear_tickets=tuple(sorted(doubtful - set(include))),
        unclear_calls=tuple(sorted(stray - set(include))),
    )


def _require_known(include: Iterable[str], offered: set[str]) -> None:
    for id in include:
        if id not in offered:
            raise ConfigError(f"{id!r} is none of what is shared or unclear", key="--include")


async def _shared(
    storage: Storage, mine: set[str], patient: Patient, people: Mapping[str, Patient], done: Traces
) -> set[str]:
    """Return which of the patient's conversations are another patient's too; those who speak for the patient are none."""
    speak_for = {
        one.id
        for one in people.values()
        for listed in (*patient.guardians, *patient.carers)
        if listed == one.id or (not isinstance(listed, str) and same_person(listed, one))
    }
    others = [one for one in people.values() if one.id != patient.id and one.id not in speak_for]
    found = {id for id in mine if done.get(id, set()) & {one.id for one in others}}
    return found | await sure_of_others(storage, sorted(mine - found), others)


def _graded(ticket: Ticket, patient: Patient, own: set[str], people: Mapping[str, Patient], storage: Storage) -> About:
    """Say whether a ticket is the patient's: one for another chart never is, wherever it was opened."""
    if ticket.patient in people:
        return About.SURE if ticket.patient == patient.id else About.NO
    if ticket.conversation in own:
        return About.SURE
    return _named(ticket, patient, storage)


def _named(ticket: Ticket, patient: Patient, storage: Storage) -> About:
    said = (ticket.patient or "", ticket.summary, *ticket.details.values())
    return about(said, None, patient, now=storage.clock.now())


async def held_records(storage: Storage) -> Held:
    """READ what is under a legal hold. In doubt it is held: whatever may be about a held patient, namesakes too."""
    subjects = {hold.subject for hold in await storage.holds.all()}
    if not subjects:
        return Held()
    directory = Directory(storage.database, storage.sealer)
    patients = [one for id in sorted(subjects) if (one := await directory.patient(id)) is not None]
    tickets = await storage.tickets.list(limit=_ALL)
    held = set(subjects) | {id for id, whose in (await traces(storage, tickets)).items() if whose & subjects}
    for graded in (await search(storage, patients)).values():
        held |= graded.keys()
    kept = {
        one.id
        for one in tickets
        if one.patient in subjects
        or one.conversation in held
        or any(_named(one, patient, storage) is not About.NO for patient in patients)
    }
    rung = [call["id"] for patient in patients for call in await _calls(storage, patient)]
    return Held(conversations=frozenset(held), tickets=frozenset(kept), calls=frozenset(rung))


async def _visits(storage: Storage, patient_id: str) -> tuple[Json, ...]:
    wanted = sa.select(visits).where(visits.c.patient == patient_id).order_by(visits.c.start, visits.c.id)
    async with storage.database.read() as connection:
        rows = (await connection.execute(wanted)).all()
    return tuple({**dict(row._mapping), "start": row.start.isoformat()} for row in rows)


async def _calls(storage: Storage, patient: Patient) -> list[Json]:
    """READ the calls that came from the patient's phone."""
    if not patient.phone:
        return []
    found = await storage.calls.from_number(ClearText(patient.phone))
    return [
        {"id": one.id, "started": one.started.isoformat(), "status": one.status, "conversation": one.conversation}
        for one in found
    ]


def left_over(found: Dossier | None) -> Sequence[str]:
    """Return what is still found of a patient after a deletion, looked for anew: nothing, if it did its work."""
    if found is None:
        return []
    return [f"conversation {id}" for id in found.ids] + [f"ticket {one.id}" for one in found.tickets]
