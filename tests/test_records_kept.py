"""How long records are kept, what is deleted on request and proven, what one patient is handed, what a hold keeps."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from agent.commands import records_export, records_forget, records_hold, records_rotate, records_sweep
from agent.domain.clock import SystemClock
from agent.domain.conversation import Reply
from agent.domain.errors import CarelineError, ConfigError
from agent.domain.handoff import Draft
from agent.domain.patients import Person
from agent.domain.privacy import Held, Keep
from agent.domain.text import ClearText
from agent.ehr.dossier import held_records
from agent.ehr.patients import SqlPatients
from agent.ehr.periods import Periods
from agent.storage.holds import Hold
from agent.storage.keys import FILE
from agent.storage.open import Storage, open_storage
from tests.practice_of_two import Office, every_byte_in, office

ZEB = Person(first="Zebediah", last="Quartermain", born=date(1951, 2, 3), phone="+12125550142")
KEEP = Keep(transcripts=30, tickets=60, decisions=30, calls=30, events=10, audit=90)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as opened:
        yield opened


async def _conversation(storage: Storage, words: str, *, ended: bool = True) -> str:
    at = storage.clock.now()
    id = await storage.conversations.create(channel="chat", lang="en", at=at)
    said = Reply(id="r", text=ClearText("Thank you."), state="ended" if ended else "open")
    await storage.conversations.record(id, heard=ClearText(words), reply=said, at=at)
    await storage.decisions.note(id, {"heard": "<PERSON_1>"}, at=at)
    return id


async def _ids(storage: Storage) -> set[str]:
    return {one.id async for one in storage.conversations.every()}


async def test_what_has_outlived_its_period_is_deleted_and_what_is_open_stays(desk: Office) -> None:
    storage = desk.storage
    old, still_open = await _conversation(storage, "hello"), await _conversation(storage, "hello", ended=False)
    dropped = await _conversation(storage, "hello", ended=False)
    await storage.tickets.open(Draft(kind="message", summary="z"), conversation=still_open, once="3")
    ticket = await storage.tickets.open(Draft(kind="message", summary="x"), conversation=None, once="1")
    waiting = await storage.tickets.open(Draft(kind="message", summary="y"), conversation=None, once="2")
    await storage.tickets.resolve(ticket.id, by="mia", at=storage.clock.now())
    desk.clock.forward(days=61)
    young = await _conversation(storage, "hello")

    done = await storage.retention.sweep(KEEP, held=Held(), now=storage.clock.now())

    assert await _ids(storage) == {still_open, young}
    assert await storage.decisions.of(old) == []
    assert dropped not in await _ids(storage)
    assert waiting.id in {one.id for one in await storage.tickets.list(status="open")}
    assert len(await storage.tickets.list()) == 2
    assert done.counts["conversations"] == 2
    assert done.counts["tickets"] == 1


async def test_a_hold_outlasts_every_period_and_ends_when_it_is_released(desk: Office) -> None:
    storage = desk.storage
    kept = await _conversation(storage, "hello")
    await storage.holds.put(Hold(subject=kept, reason="letter of March 2", by="counsel", at=storage.clock.now()))
    desk.clock.forward(days=400)

    await storage.retention.sweep(KEEP, held=await held_records(storage), now=storage.clock.now())
    while_held = await _ids(storage)
    await storage.holds.release(kept)
    await storage.retention.sweep(KEEP, held=await held_records(storage), now=storage.clock.now())

    assert while_held == {kept}
    assert await _ids(storage) == set()


async def test_a_hold_on_a_patient_keeps_the_conversations_about_the_patient(desk: Office) -> None:
    storage = desk.storage
    id = await SqlPatients(storage.database, storage.sealer, storage.clock).register(ZEB, once="import")
    about, other = await _conversation(storage, "this is Zebediah Quartermain"), await _conversation(storage, "hello")
    await storage.holds.put(Hold(subject=id, reason="suit", by="counsel", at=storage.clock.now()))
    desk.clock.forward(days=400)

    await storage.retention.sweep(KEEP, held=await held_records(storage), now=storage.clock.now())

    assert await _ids(storage) == {about}
    assert other not in await _ids(storage)


async def test_a_hold_set_late_keeps_the_tickets_of_a_patient_whose_conversations_are_gone(desk: Office) -> None:
    storage, at = desk.storage, desk.storage.clock.now()
    id = await SqlPatients(storage.database, storage.sealer, storage.clock).register(ZEB, once="import")
    gone = [await _conversation(storage, "hello") for _ in range(2)]
    for_zeb, without_patient = Draft(kind="message", summary="x", patient=id), Draft(kind="message", summary="y")
    for once, (draft, where) in enumerate([(for_zeb, None), (for_zeb, gone[0]), (without_patient, gone[1])]):
        ticket = await storage.tickets.open(draft, conversation=where, once=str(once))
        await storage.tickets.resolve(ticket.id, by="mia", at=at)
    desk.clock.forward(days=40)
    await storage.retention.sweep(KEEP, held=await held_records(storage), now=storage.clock.now())
    await storage.holds.put(Hold(subject=id, reason="suit", by="counsel", at=at))
    await storage.holds.put(Hold(subject=gone[1], reason="suit", by="counsel", at=at))
    desk.clock.forward(days=400)

    await storage.retention.sweep(KEEP, held=await held_records(storage), now=storage.clock.now())

    assert await _ids(storage) == set()
    assert len(await storage.tickets.list()) == 3


async def test_the_audit_still_verifies_after_its_oldest_rows_are_gone(desk: Office) -> None:
    audit = desk.storage.audit
    for _ in range(3):
        await audit.record(actor="agent", action="a", subject="s")
    desk.clock.forward(days=100)

    cut = await audit.cut(before=desk.clock.now() - timedelta(days=90))
    alone = await audit.verify()
    await audit.record(actor="agent", action="b", subject="s")

    assert cut == 3
    assert alone.holds
    assert (await audit.verify()).holds
    assert len(await audit.entries()) == 1


async def _office_of_zeb(folder: Path) -> tuple[str, str, str]:
    """A data folder as the commands find it: one patient, a conversation about them, one about somebody else."""
    storage = await open_storage(folder, clock=SystemClock())
    patient = await SqlPatients(storage.database, storage.sealer, storage.clock).register(ZEB, once="import")
    about = await _conversation(storage, "it's Zebediah Quartermain, 212-555-0142")
    other = await _conversation(storage, "when do you open?")
    await storage.tickets.open(Draft(kind="message", summary="call back", patient=patient), conversation=None, once="1")
    await storage.close()
    return patient, about, other


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, str, str, str]:
    return tmp_path / "data", *asyncio.run(_office_of_zeb(tmp_path / "data"))


def test_one_patients_data_is_handed_out_whole(
    kept: tuple[Path, str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, patient, about, _ = kept

    code = records_export.run(None, folder, patient)
    told = json.loads(capsys.readouterr().out)

    assert code == 0
    assert told["patient"]["last"] == "Quartermain"
    assert [one["id"] for one in told["conversations"]] == [about]
    assert told["conversations"][0]["lines"][0]["text"] == "it's Zebediah Quartermain, 212-555-0142"
    assert len(told["tickets"]) == 1


def test_forgetting_says_first_what_would_go_and_then_proves_that_it_went(
    kept: tuple[Path, str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, patient, about, _ = kept

    records_forget.run(None, folder, patient, by="privacy officer", yes=False)
    planned = json.loads(capsys.readouterr().out)
    code = records_forget.run(None, folder, patient, by="privacy officer", yes=True)
    proof = json.loads(capsys.readouterr().out)
    records_export.run(None, folder, patient)
    after = json.loads(capsys.readouterr().out)

    assert planned["would_delete"]["conversations"] == [about]
    assert code == 0
    assert proof["left"] == []
    assert proof["audit_holds"] is True
    assert proof["rows"]["tickets"] == 1
    assert after["conversations"] == after["tickets"] == []


def test_who_is_under_a_legal_hold_is_not_forgotten(
    kept: tuple[Path, str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, patient, _, _ = kept
    records_hold.run(None, folder, patient, by="counsel", reason="suit")

    with pytest.raises(ConfigError, match="legal hold"):
        records_forget.run(None, folder, patient, by="privacy officer", yes=True)

    records_hold.run(None, folder, patient, by="counsel", reason=None)
    assert records_forget.run(None, folder, patient, by="privacy officer", yes=True) == 0


def test_the_key_file_changes_by_command_and_the_old_key_goes(
    kept: tuple[Path, str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, patient, _, _ = kept
    before = (folder / FILE).read_text().strip()

    records_rotate.run(None, folder, new_key=True, drop_old_keys=False)
    both = (folder / FILE).read_text().split()
    code = records_rotate.run(None, folder, new_key=False, drop_old_keys=True)
    out = capsys.readouterr().out
    records_export.run(None, folder, patient)

    assert both[1] == before
    assert code == 0
    assert "0 unreadable" in out
    assert (folder / FILE).read_text().split() == both[:1]
    assert (folder / FILE).stat().st_mode & 0o077 == 0
    assert b"Quartermain" not in every_byte_in(folder)


async def test_an_old_key_stays_while_a_server_that_was_not_restarted_seals_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    server = await open_storage(folder, clock=SystemClock())
    await asyncio.to_thread(records_rotate.run, None, folder, True, False)

    with pytest.raises(CarelineError, match="restart every server") as refused:
        await asyncio.to_thread(records_rotate.run, None, folder, False, True)
    written = await _conversation(server, "sealed with the old key")
    kept = (folder / FILE).read_text().split()
    await server.close()
    restarted = await open_storage(folder, clock=SystemClock())
    code = await asyncio.to_thread(records_rotate.run, None, folder, False, True)
    after = (folder / FILE).read_text().split()
    read = await restarted.conversations.transcript(written)
    await restarted.close()
    reopened = await open_storage(folder, clock=SystemClock())
    again = await reopened.conversations.transcript(written)
    await reopened.close()

    assert not isinstance(refused.value, ConfigError)  # exit 1, not wrong use
    assert len(kept) == 2
    assert code == 0
    assert after == kept[:1]
    assert read == again
    assert read is not None


def test_a_hold_without_a_reason_and_both_steps_of_a_change_of_keys_at_once_are_refused(
    kept: tuple[Path, str, str, str],
) -> None:
    folder, patient, _, _ = kept
    before = (folder / FILE).read_text()

    with pytest.raises(ConfigError, match="reason"):
        records_hold.run(None, folder, patient, by="counsel", reason="  ")
    with pytest.raises(ConfigError, match="later run"):
        records_rotate.run(None, folder, new_key=True, drop_old_keys=True)

    assert (folder / FILE).read_text() == before


def test_sweeping_says_every_period_and_that_audio_is_never_kept(
    kept: tuple[Path, str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = records_sweep.run(None, kept[0], dry_run=False)

    told = capsys.readouterr().out
    assert code == 0
    assert "transcripts     kept 90 days" in told
    assert "audio           never kept" in told
    assert "deleted: nothing" in told


async def test_while_careline_runs_the_periods_are_kept_once_a_day(desk: Office) -> None:
    storage, periods = desk.storage, Periods(desk.storage, KEEP)
    await _conversation(storage, "hello")
    desk.clock.forward(days=31)

    first, again = await periods.sweep(), await periods.sweep()
    desk.clock.forward(days=1)
    next_day = await periods.sweep()

    assert (first, again, next_day) == (True, False, True)
    assert await _ids(storage) == set()
    assert (await storage.audit.entries())[0].action == "periods_over"
