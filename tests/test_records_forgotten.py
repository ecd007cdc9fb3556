"""One patient forgotten beside a running server: nothing goes while somebody talks, nothing comes back, the proof says what it cannot see."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from agent.commands import records_forget
from agent.conversation import UnknownConversation
from agent.domain.clock import SystemClock
from agent.domain.conversation import Heard, Reply
from agent.domain.errors import CarelineError, ConfigError
from agent.domain.handoff import Draft
from agent.domain.patients import Person
from agent.domain.privacy import Held
from agent.domain.text import ClearText
from agent.ehr.dossier import Dossier, dossier
from agent.ehr.forgetting import CANNOT_SEE, QUIET, forget
from agent.ehr.patients import SqlPatients
from agent.phi.vault_rows import VaultRow
from agent.storage.open import Storage, open_storage
from agent.storage.tables import conversations
from tests.practice_of_two import Office, office
from tests.test_records_kept import KEEP

ANA = Person(first="Ana", last="Ruiz", born=date(1984, 5, 17), phone="+12125550142")


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as opened:
        yield opened


async def _ana(storage: Storage) -> str:
    return await SqlPatients(storage.database, storage.sealer, storage.clock).register(ANA, once="1")


async def _talk(storage: Storage, *, state: Any = "open") -> str:
    at = storage.clock.now()
    id = await storage.conversations.create(channel="chat", lang="en", at=at)
    said = Reply(id="r", text=ClearText("Thank you."), state=state)
    await storage.conversations.record(id, heard=ClearText("Ana Ruiz, May 17 1984"), reply=said, at=at)
    row = VaultRow(placeholder="<PERSON_1>", body=b"Ana Ruiz")
    await storage.vault_rows(VaultRow).save(id, [row], expires=at + timedelta(days=1))
    return id


async def _at_once() -> None:
    """Wait for no turn."""


async def _found(storage: Storage, patient: str) -> Dossier:
    found = await dossier(storage, patient)
    assert found is not None
    return found


async def test_nothing_is_deleted_while_somebody_may_still_talk(two: Office) -> None:
    storage, patient = two.storage, await _ana(two.storage)
    id = await _talk(storage)

    with pytest.raises(CarelineError, match="still talk"):
        await forget(storage, await _found(storage, patient), by="mia", include=(), rest=_at_once)

    assert (await _found(storage, patient)).ids == (id,)
    assert await storage.conversations.state_of(id) == "open"


@pytest.mark.parametrize("what", ["with staff", "on the phone"])
async def test_staff_and_the_phone_count_as_talking_however_quiet(two: Office, what: str) -> None:
    storage, patient = two.storage, await _ana(two.storage)
    id = await _talk(storage)
    if what == "with staff":
        await storage.conversations.set_state(id, "with_staff", at=two.clock.now())
    else:
        await storage.calls.ring("CA1", kind="twilio", caller=None)
        call = await storage.calls.of_sid("CA1")
        assert call is not None
        await storage.calls.live(call, id)
    two.clock.forward(hours=3)

    with pytest.raises(CarelineError, match="still talk"):
        await forget(storage, await _found(storage, patient), by="mia", include=(), rest=_at_once)


async def test_what_nobody_ended_is_ended_first_and_nothing_is_left(two: Office) -> None:
    storage, patient = two.storage, await _ana(two.storage)
    id = await _talk(storage)
    ticket = await storage.tickets.open(Draft(kind="message", summary="x"), conversation=id, once="t")
    two.clock.forward(minutes=QUIET // timedelta(minutes=1) + 1)

    proof = await forget(storage, await _found(storage, patient), by="mia", include=(), rest=_at_once)

    assert proof["ended_first"] == [id]
    assert proof["left"] == []
    assert proof["rows"]["vault"] == 2  # the name, and what tells that the vault holds it
    assert proof["cannot_see"] == list(CANNOT_SEE)
    assert ticket.id not in {one.id for one in await storage.tickets.list()}
    assert await storage.vault_rows(VaultRow).load(id) == []


async def test_a_conversation_that_goes_on_while_its_end_is_waited_for_stays(two: Office) -> None:
    storage, patient = two.storage, await _ana(two.storage)
    id = await _talk(storage)
    two.clock.forward(hours=1)

    async def chest_pain() -> None:
        said = Reply(id="r2", text=ClearText("Call 911."), state="open", alarm=True)
        words = ClearText("chest pain")
        await storage.conversations.record(id, heard=words, reply=said, at=two.clock.now(), alarm=True)

    with pytest.raises(CarelineError, match="still talk"):
        await forget(storage, await _found(storage, patient), by="mia", include=(), rest=chest_pain)
    assert await storage.conversations.state_of(id) == "open"


async def test_a_turn_that_ends_after_its_conversation_was_deleted_keeps_nothing(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    desk_of, kept = line.house.front_desk._parts.boundary, line.house.storage
    mask = desk_of.mask

    async def slowly(*given: Any, **more: Any) -> Any:
        await kept.retention.forget([call.id], [])
        return await mask(*given, **more)

    desk_of.mask = slowly
    with pytest.raises(UnknownConversation):
        await line.house.front_desk.turn(call.id, Heard(best=ClearText("my name is Ana Ruiz")))

    assert await kept.retention.left([call.id]) == []
    assert await kept.tickets.list() == []


async def test_a_vault_whose_conversation_is_gone_is_swept(two: Office) -> None:
    storage = two.storage
    await _talk(storage)
    await storage.database.write(lambda connection: connection.execute(sa.delete(conversations)))

    assert await storage.vault_rows(VaultRow).sweep() == 1


async def test_a_conversation_that_waited_for_staff_goes_when_its_ticket_was_closed(two: Office) -> None:
    storage = two.storage
    closed, waits = [await _talk(storage, state="waiting_for_staff") for _ in range(2)]
    for id in (closed, waits):
        ticket = await storage.tickets.open(Draft(kind="human_request", summary="x"), conversation=id, once=id)
        if id == closed:
            await storage.tickets.resolve(ticket.id, by="mia", at=two.clock.now())
    two.clock.forward(days=40)

    await storage.retention.sweep(KEEP, held=Held(), now=two.clock.now())

    assert {one.id async for one in storage.conversations.every()} == {waits}


def test_the_command_plans_with_what_goes_on_and_refuses_to_delete_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def made() -> tuple[str, str]:
        storage = await open_storage(tmp_path / "data", clock=SystemClock())
        patient = await _ana(storage)
        id = await _talk(storage)
        await storage.close()
        return patient, id

    patient, id = asyncio.run(made())

    code = records_forget.run(None, tmp_path / "data", patient, by="mia", yes=False)
    planned = json.loads(capsys.readouterr().out)

    assert code == 0
    assert planned["would_delete"]["conversations"] == [id]
    assert planned["going_on"] == [id]
    with pytest.raises(CarelineError, match="still talk") as refused:
        records_forget.run(None, tmp_path / "data", patient, by="mia", yes=True)
    assert not isinstance(refused.value, ConfigError)  # exit 1, not wrong use
