"""The data key changes while Careline writes: no row is unreadable at any time, and afterwards the old key is not needed."""

import asyncio
import base64
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.domain.clock import SystemClock
from agent.domain.conversation import Reply
from agent.domain.errors import ConfigError
from agent.domain.handoff import Draft
from agent.domain.text import ClearText
from agent.ehr.sealed_columns import OWN as EHR
from agent.phi.vault_rows import VaultRow
from agent.storage.audit import Audit
from agent.storage.checkpoints import Checkpoints
from agent.storage.open import Storage, open_storage
from agent.storage.rotation import reseal
from agent.storage.sealed_columns import OWN
from agent.storage.sealing import KeyMissing, Sealer
from agent.storage.tables import metadata

OLD, NEW = (base64.b64encode(letter * 32).decode() for letter in (b"o", b"n"))
CLOCK = SystemClock()
TURNS = 40


async def _opened(folder: Path, *keys: str) -> Storage:
    return await open_storage(folder, data_key=",".join(keys), clock=CLOCK)


async def _talk(storage: Storage, number: int) -> str:
    """Leave a value in every table that holds sealed ones."""
    at = CLOCK.now()
    id = await storage.conversations.create(channel="phone", lang="en", at=at, caller_hint=ClearText("+12125550117"))
    said = Reply(id="r", text=ClearText(f"Thank you {number}"), state="open")
    await storage.conversations.record(id, heard=ClearText(f"Ana {number}"), reply=said, at=at, client_id="k")
    await storage.vault_rows(VaultRow).save(
        id, [VaultRow(placeholder="<PERSON_1>", body=b"Ana")], expires=at.replace(year=at.year + 1)
    )
    await storage.tickets.open(Draft(kind="message", summary=f"Ana {number}"), conversation=id, once=f"{id}:{number}")
    await storage.decisions.note(id, {"heard": "<PERSON_1>"}, at=at)
    await storage.calls.ring(f"CA{number}-{id}", kind="twilio", caller=ClearText("+12125550117"))
    await storage.audit.note(id, "reply", ("PERSON",))
    return id


async def _read(storage: Storage, ids: list[str]) -> int:
    """Read every sealed value of some conversations; an unreadable one raises."""
    for id in ids:
        transcript = await storage.conversations.transcript(id)
        assert transcript is not None
        assert transcript.lines[0].text.reveal().startswith("Ana")
        assert [row.body for row in await storage.vault_rows(VaultRow).load(id)] == [b"Ana"]
        assert (await storage.decisions.of(id))[0].body == {"heard": "<PERSON_1>"}
    return len(ids)


async def test_keys_change_under_load_without_one_unreadable_row(tmp_path: Path) -> None:
    before = await _opened(tmp_path, OLD)
    ids = [await _talk(before, number) for number in range(TURNS)]
    await before.close()
    serving, changing = await _opened(tmp_path, NEW, OLD), await _opened(tmp_path, NEW, OLD)
    over = asyncio.Event()

    async def serve() -> int:
        read = 0
        while not over.is_set():
            ids.append(await _talk(serving, len(ids)))
            read += await _read(serving, ids[::7])
        return read

    load = asyncio.create_task(serve())
    done = await reseal(changing.database, changing.sealer, changing.audit, (*OWN, *EHR))
    over.set()
    read = await load
    await serving.close()
    await changing.close()
    after = await _opened(tmp_path, NEW)

    assert done.unreadable == []
    assert done.total >= TURNS * 7
    assert read > 0
    assert await _read(after, ids) > TURNS
    assert (await after.audit.verify()).holds
    assert len(await after.tickets.list(kinds=("message",), limit=10_000)) == len(ids)
    assert await after.calls.dropped_from(ClearText("+12125550117"), CLOCK.now()) is None
    await after.close()


async def test_the_old_key_is_refused_once_everything_is_sealed_with_the_new_one(tmp_path: Path) -> None:
    storage = await _opened(tmp_path, OLD)
    await _talk(storage, 1)
    await storage.close()
    storage = await _opened(tmp_path, NEW, OLD)
    await reseal(storage.database, storage.sealer, storage.audit, (*OWN, *EHR))
    await storage.close()

    with pytest.raises(ConfigError, match="another key"):
        await _opened(tmp_path, OLD)


async def test_a_server_without_the_new_key_cannot_judge_the_audit_and_spoils_nothing_in_it(tmp_path: Path) -> None:
    unaware = await _opened(tmp_path, OLD)
    await unaware.audit.note("c", "reply", ("PERSON",))
    changing = await _opened(tmp_path, NEW, OLD)
    await reseal(changing.database, changing.sealer, changing.audit, (*OWN, *EHR))
    await changing.audit.note("c", "reply", ("PERSON",))

    for ask in (unaware.audit.verify, _with_another(unaware).keep_older_keys):
        with pytest.raises(KeyMissing):
            await ask()

    assert (await changing.audit.verify()).holds
    await unaware.close()
    await changing.close()


def _with_another(storage: Storage) -> Audit:
    """Return the audit of a process that has the old key and one more, but not the new one."""
    keys = [letter * 32 for letter in (b"x", b"o")]
    return Audit(storage.database, Sealer(keys), CLOCK)


async def test_a_second_run_has_nothing_left_to_do(tmp_path: Path) -> None:
    storage = await _opened(tmp_path, OLD)
    await _talk(storage, 1)
    await storage.close()
    storage = await _opened(tmp_path, NEW, OLD)
    await reseal(storage.database, storage.sealer, storage.audit, (*OWN, *EHR))

    again = await reseal(storage.database, storage.sealer, storage.audit, (*OWN, *EHR))

    await storage.close()
    assert again.total == 0


async def test_a_row_that_no_key_opens_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    storage = await _opened(tmp_path, OLD)
    ids = [await _talk(storage, number) for number in range(3)]
    spoilt = sa.text("UPDATE decisions SET body = x'0101020304050607080910111213141516' WHERE conversation = :id")
    await storage.database.write(lambda connection: connection.execute(spoilt, {"id": ids[0]}))
    await storage.close()
    storage = await _opened(tmp_path, NEW, OLD)

    done = await reseal(storage.database, storage.sealer, storage.audit, (*OWN, *EHR))

    await storage.close()
    assert done.unreadable == [f"decisions {ids[0]}/1"]
    assert done.counts["decisions"] == 2


def test_every_binary_column_is_known_to_the_change_of_keys() -> None:
    binary = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.LargeBinary)
    }

    assert binary == {(one.table.name, one.name) for one in (*OWN, *EHR)}


async def test_checkpoints_are_sealed_anew_too(tmp_path: Path) -> None:
    storage = await _opened(tmp_path, OLD)
    saver = await storage.checkpoints()
    await _checkpoint(saver)
    await saver.close()
    await storage.close()
    storage = await _opened(tmp_path, NEW, OLD)
    saver = await storage.checkpoints()

    counted = await saver.reseal(storage.sealer)
    await reseal(storage.database, storage.sealer, storage.audit, (*OWN, *EHR))
    await saver.close()
    await storage.close()

    after = await _opened(tmp_path, NEW)
    saver = await after.checkpoints()
    kept = await saver.aget_tuple({"configurable": {"thread_id": "c1", "checkpoint_ns": ""}})
    await saver.close()
    await after.close()
    assert counted == (2, 0)
    assert kept is not None
    assert kept.checkpoint["channel_values"] == {"said": "<PERSON_1>"}


async def _checkpoint(saver: Checkpoints) -> None:
    from langgraph.checkpoint.base import empty_checkpoint

    checkpoint = {**empty_checkpoint(), "channel_values": {"said": "<PERSON_1>"}}
    place = {"configurable": {"thread_id": "c1", "checkpoint_ns": ""}}
    kept = await saver.aput(place, checkpoint, {}, {})  # type: ignore[arg-type]
    await saver.aput_writes(kept, [("said", "<PERSON_1>")], "task")
