"""Which conversations are about a patient: sure by name with birth date or phone, never by one common word."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agent.domain.conversation import Reply
from agent.domain.errors import ConfigError
from agent.domain.handoff import Draft
from agent.domain.patients import Patient, Person
from agent.domain.text import ClearText
from agent.ehr.dossier import dossier, left_over
from agent.ehr.naming import About, about
from agent.ehr.patients import SqlPatients
from agent.storage.open import Storage
from tests.practice_of_two import Office, office

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
ANA = Patient(id="P-1", first="Ana", last="Ruiz", born=date(1984, 5, 17), phone="+12125550142")
WILL = Patient(id="P-2", first="Will", last="Day", born=date(1984, 5, 17), phone="+12125550143")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    "said",
    [
        ("my last name is Ruiz, first name Ana", "May 17th 1984"),
        ("Ruiz, Ana", "17 May 1984"),
        ("Ana Ruiz", "five seventeen eighty four"),
        ("Soy Ana Ruiz, nací el diecisiete de mayo de mil novecientos ochenta y cuatro",),
        ("Ana Ruiz", "05/17/1984"),
        ("I'm Ana R U I Z", "05-17-1984"),
        ("Ana Ruiz", "you can reach me at (212) 555-0142"),
    ],
)
def test_full_name_with_birth_date_or_phone_is_sure_in_every_form(said: tuple[str, ...]) -> None:
    assert about(said, None, ANA, now=NOW) is About.SURE


@pytest.mark.parametrize(
    ("said", "number"),
    [
        (("Will you be open on Christmas day?", "5/17/1985"), None),
        (("Will Day", "June 2nd 1990"), None),
        (("Will Day, born June 2nd 1990",), "+12125550143"),
        (("when do you open?",), "+12125550143"),
    ],
)
def test_a_common_word_a_namesake_or_a_shared_phone_is_not_sure(said: tuple[str, ...], number: str | None) -> None:
    assert about(said, number, WILL, now=NOW) is About.NAMED


def test_a_last_name_with_the_birth_date_is_for_somebody_to_look_at() -> None:
    assert about(("Mrs. Ruiz, born May 17th 1984",), None, ANA, now=NOW) is About.NAMED
    assert about(("Mrs. Ruiz",), None, ANA, now=NOW) is About.NO


def test_the_number_a_call_came_from_counts_as_the_phone() -> None:
    assert about(("This is Ana Ruiz",), "+12125550142", ANA, now=NOW) is About.SURE
    assert about(("This is Ana",), "+12125550199", ANA, now=NOW) is About.NO


async def test_a_namesakes_conversation_and_open_ticket_outlive_the_others_request(desk: Office) -> None:
    storage, at = desk.storage, desk.storage.clock.now()
    charts = SqlPatients(storage.database, storage.sealer, storage.clock)
    mine = await charts.register(Person(first="Ana", last="Ruiz", born=ANA.born, phone=None), once="1")
    other = await charts.register(Person(first="Ana", last="Ruiz", born=date(1990, 6, 2), phone=None), once="2")
    ids = []
    for words in ("Ana Ruiz, May 17th 1984", "Ana Ruiz, June 2nd 1990"):
        ids.append(await storage.conversations.create(channel="chat", lang="en", at=at))
        said = Reply(id="r", text=ClearText("Thank you."), state="open")
        await storage.conversations.record(ids[-1], heard=ClearText(words), reply=said, at=at)
    urgent = Draft(kind="message", summary="call", patient=other)
    kept = await storage.tickets.open(urgent, conversation=ids[0], once="t")

    unasked = await dossier(storage, mine)
    found = await dossier(storage, mine, include=(ids[0],))
    assert found is not None
    await storage.retention.forget(found.ids, [one.id for one in found.tickets])

    assert unasked is not None
    assert unasked.ids == ()
    assert unasked.shared == (ids[0],)
    assert found.ids == (ids[0],)
    assert found.unclear == (ids[1],)
    assert [one.id for one in await storage.tickets.list(status="open")] == [kept.id]
    assert left_over(await dossier(storage, mine)) == []


async def test_a_call_is_found_by_the_sealed_number_it_came_from(desk: Office) -> None:
    storage, at = desk.storage, desk.storage.clock.now()
    charts = SqlPatients(storage.database, storage.sealer, storage.clock)
    mine = await charts.register(Person(first="Ana", last="Ruiz", born=ANA.born, phone=ANA.phone), once="1")
    id = await storage.conversations.create(channel="phone", lang="en", at=at, caller_hint=ClearText("+12125550142"))
    said = Reply(id="r", text=ClearText("Thank you."), state="open")
    await storage.conversations.record(id, heard=ClearText("it's Ana Ruiz"), reply=said, at=at)

    found = await dossier(storage, mine)

    assert found is not None
    assert found.ids == (id,)


async def _desk_of_two(desk: Office) -> tuple[Storage, str, str]:
    """Ana and her namesake's storage, and the ids of Ana and of Leo, another patient."""
    storage = desk.storage
    charts = SqlPatients(storage.database, storage.sealer, storage.clock)
    mine = await charts.register(Person(first="Ana", last="Ruiz", born=ANA.born, phone=ANA.phone), once="1")
    leo = await charts.register(Person(first="Leo", last="Stone", born=date(2015, 6, 2), phone=None), once="2")
    return storage, mine, leo


async def _talk(storage: Storage, *words: str, caller: str | None = None) -> str:
    at, hint = storage.clock.now(), ClearText(caller) if caller else None
    id = await storage.conversations.create(channel="phone", lang="en", at=at, caller_hint=hint)
    for number, one in enumerate(words):
        said = Reply(id=f"r{number}", text=ClearText("Thank you."), state="ended")
        await storage.conversations.record(id, heard=ClearText(one), reply=said, at=at)
    return id


async def test_a_conversation_in_which_the_chart_was_opened_is_the_patients_whatever_was_heard(desk: Office) -> None:
    storage, mine, _ = await _desk_of_two(desk)
    id = await _talk(storage, "this is a moo ease", "when do i come")
    await storage.audit.note(id, "identity.chart", ("PATIENT",), charts=(mine,))

    found = await dossier(storage, mine)

    assert found is not None
    assert found.ids == (id,)


@pytest.mark.parametrize("opened", ["by name", "by chart"])
async def test_what_is_another_patients_as_well_is_listed_and_taken_only_when_asked_for(
    desk: Office, opened: str
) -> None:
    storage, mine, leo = await _desk_of_two(desk)
    id = await _talk(storage, "Ana Ruiz, May 17 1984", "and Leo Stone, June 2nd 2015" if opened == "by name" else "ok")
    if opened == "by chart":
        await storage.audit.note(id, "schedule.visits", ("PATIENT",), charts=(leo,))

    unasked, asked = await dossier(storage, mine), await dossier(storage, mine, include=(id,))

    assert unasked is not None
    assert asked is not None
    assert (unasked.ids, unasked.shared) == ((), (id,))
    assert (asked.ids, asked.shared) == ((id,), ())


async def test_who_speaks_for_the_patient_makes_a_conversation_nobody_elses(desk: Office) -> None:
    storage, mine, _ = await _desk_of_two(desk)
    directory = SqlPatients(storage.database, storage.sealer, storage.clock).directory
    eva = Patient(id="P-9", first="Eva", last="Ruiz", born=date(1960, 1, 2), phone="+12125550118")
    ana = await directory.patient(mine)
    assert ana is not None
    with_guardian = replace(ana, guardians=("P-9",))
    await storage.database.write(lambda connection: directory.keep(connection, eva, with_guardian))
    id = await _talk(storage, "Ana Ruiz, May 17 1984", "I'm her mother Eva Ruiz, 212 555 0118")

    hers, the_mothers = await dossier(storage, mine), await dossier(storage, "P-9")

    assert hers is not None
    assert the_mothers is not None
    assert hers.ids == (id,)
    assert the_mothers.unclear == (id,)


async def test_a_misheard_name_with_the_birth_date_and_a_call_from_the_phone_are_for_somebody_to_look_at(
    desk: Office,
) -> None:
    storage, mine, _ = await _desk_of_two(desk)
    misheard = await _talk(storage, "Anna Ruis", "May 17th 1984")
    call = await storage.calls.ring("CA1", kind="twilio", caller=ClearText("+12125550142"))
    assert call is not None

    found = await dossier(storage, mine)

    assert found is not None
    assert found.ids == ()
    assert found.unclear == (misheard,)
    assert len(found.unclear_calls) == 1


async def test_a_ticket_in_the_patients_words_is_theirs_by_birth_date_and_unclear_by_name_alone(desk: Office) -> None:
    storage, mine, leo = await _desk_of_two(desk)
    words = [
        Draft(kind="message", summary="call back", details={"born": "May 17, 1984"}, patient="Ana Ruiz"),
        Draft(kind="message", summary="call back", patient="Ana Ruiz"),
        Draft(kind="message", summary="for Ana Ruiz, May 17, 1984", patient=leo),
    ]
    ids = [(await storage.tickets.open(draft, conversation=None, once=str(at))).id for at, draft in enumerate(words)]

    found = await dossier(storage, mine)

    assert found is not None
    assert [one.id for one in found.tickets] == [ids[0]]
    assert found.unclear_tickets == (ids[1],)


async def test_what_is_neither_shared_nor_unclear_cannot_be_asked_for(desk: Office) -> None:
    storage, mine, _ = await _desk_of_two(desk)
    other = await _talk(storage, "when do you open?")

    with pytest.raises(ConfigError, match="none of what is"):
        await dossier(storage, mine, include=(other,))
