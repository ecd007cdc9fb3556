"""A legal hold keeps what placeholders meant and the dialogue's state as well, also when it is set while somebody talks."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.domain.conversation import Reply
from agent.domain.patients import Person
from agent.domain.text import ClearText
from agent.ehr.patients import SqlPatients
from agent.ehr.standing_holds import StandingHolds
from agent.phi.vault_rows import VaultRow
from agent.storage.holds import Hold
from agent.storage.open import Storage
from tests.practice_of_two import NOW, Office, office


@pytest.fixture
async def kept(tmp_path: Path, database_url: str | None) -> AsyncIterator[Office]:
    async with office(tmp_path, url=database_url) as opened:
        yield opened


async def _ended(storage: Storage, words: str) -> str:
    """Leave an ended conversation with a vault and a state."""
    at = storage.clock.now()
    id = await storage.conversations.create(channel="chat", lang="en", at=at)
    said = Reply(id="r", text=ClearText("Goodbye."), state="ended")
    row = VaultRow(placeholder="<PERSON_1>", body=b"Ana")
    await storage.vault_rows(VaultRow).save(id, [row], expires=at + timedelta(days=1))
    await storage.conversations.record(id, heard=ClearText(words), reply=said, at=at)
    return id


async def _hold(storage: Storage, subject: str) -> None:
    await storage.holds.put(Hold(subject=subject, reason="suit", by="counsel", at=storage.clock.now()))


async def test_a_held_vault_outlives_its_conversation_and_goes_once_it_is_released(kept: Office) -> None:
    storage, holds = kept.storage, StandingHolds(kept.storage)
    rows = storage.vault_rows(VaultRow)
    held, other = await _ended(storage, "hello"), await _ended(storage, "hello")
    await _hold(storage, held)
    kept.clock.forward(hours=2)

    swept = await rows.sweep(holds.among)
    there = [bool(await rows.load(id)) for id in (held, other)]
    await storage.holds.release(held)

    assert (swept, there) == (1, [True, False])
    assert await rows.sweep(holds.among) == 1
    assert await rows.load(held) == []


async def test_a_hold_on_a_patient_keeps_the_vaults_of_conversations_about_the_patient(kept: Office) -> None:
    storage, holds = kept.storage, StandingHolds(kept.storage)
    person = Person(first="Zebediah", last="Quartermain", born=NOW.date().replace(year=1951), phone=None)
    chart = await SqlPatients(storage.database, storage.sealer, storage.clock).register(person, once="1")
    about, other = await _ended(storage, "this is Zebediah Quartermain"), await _ended(storage, "hello")
    await _hold(storage, chart)
    kept.clock.forward(hours=2)

    await storage.vault_rows(VaultRow).sweep(holds.among)

    assert await storage.vault_rows(VaultRow).load(about) != []
    assert await storage.vault_rows(VaultRow).load(other) == []


async def test_a_hold_set_between_two_sweeps_counts_at_the_second(kept: Office) -> None:
    storage, holds = kept.storage, StandingHolds(kept.storage)
    first, second = await _ended(storage, "hello"), await _ended(storage, "hello")
    await _hold(storage, first)
    kept.clock.forward(minutes=20)
    before = await storage.vault_rows(VaultRow).sweep(holds.among)

    await _hold(storage, second)
    kept.clock.forward(hours=1)

    assert before == 0
    assert await storage.vault_rows(VaultRow).sweep(holds.among) == 0


async def test_an_expired_vault_that_was_held_does_not_come_back_to_life(kept: Office) -> None:
    rows, storage = kept.storage.vault_rows(VaultRow), kept.storage
    id = await storage.conversations.create(channel="chat", lang="en", at=NOW)
    await rows.save(id, [VaultRow(placeholder="<PATIENT_1>", body=b"P-7")], expires=NOW + timedelta(days=1))
    await _hold(storage, id)
    kept.clock.forward(days=2)

    await rows.sweep(StandingHolds(storage).among)
    again = kept.clock.now() + timedelta(days=1)
    await rows.save(id, [VaultRow(placeholder="<PERSON_1>", body=b"Leo")], expires=again)

    assert [row.placeholder for row in await rows.load(id)] == ["<PERSON_1>"]


async def test_a_hold_set_while_somebody_talks_keeps_vault_and_state_of_a_whole_conversation(desk: Any) -> None:
    line = await desk()
    house, call = line.house, await line.call()
    await call.say("Hi, my name is Ana Ruiz and I'd like a follow-up")

    await _hold(house.storage, call.id)
    await call.say("my birthday is May 17 1984")
    await house.storage.conversations.set_state(call.id, "ended", at=line.clock.now())
    line.clock.set(line.clock.now() + timedelta(days=3))
    await house.sweep()
    threads = await house.checkpoints.threads()
    await house.storage.holds.release(call.id)
    await house.sweep()

    assert threads == [call.id]
    assert await house.checkpoints.threads() == []
