"""Which conversations are about a patient: sure by name with birth date or phone, never by one common word."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agent.domain.conversation import Reply
from agent.domain.handoff import Draft
from agent.domain.patients import Patient, Person
from agent.domain.text import ClearText
from agent.ehr.dossier import dossier, left_over
from agent.ehr.naming import About, about
from agent.ehr.patients import SqlPatients
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

    found = await dossier(storage, mine)
    assert found is not None
    await storage.retention.forget(found.ids, [one.id for one in found.tickets])

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
