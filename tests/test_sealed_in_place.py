"""What is sealed opens in its own place only: not in another conversation's, not for another kind, and no older one put back."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from agent.domain.conversation import Reply
from agent.domain.errors import ServiceDown
from agent.domain.handoff import Draft
from agent.domain.patients import Person
from agent.domain.text import ClearText
from agent.ehr.directory import Directory
from agent.ehr.patients import SqlPatients
from agent.ehr.sealed_columns import OWN as EHR
from agent.phi.vault_rows import VaultRow
from agent.storage.checkpoints import Checkpoints
from agent.storage.events import conversation_topic
from agent.storage.holds import Hold
from agent.storage.open import Storage
from agent.storage.sealed_columns import OWN, SealedColumn
from tests.practice_of_two import NOW, Office, office

COLUMNS = {f"{one.table.name}.{one.name}": one for one in (*OWN, *EHR)}
REFUSED = "altered or moved"
SAVED = {"sqlite": ("checkpoints", "checkpoint"), "postgresql": ("checkpoint_blobs", "blob")}
"""Where the graph's state stands, by engine."""


@pytest.fixture
async def desk(tmp_path: Path, database_url: str | None) -> AsyncIterator[Office]:
    async with office(tmp_path, url=database_url) as opened:
        yield opened


async def _talk(storage: Storage, name: str) -> tuple[str, str]:
    """Leave a value in every table that holds sealed ones; return the conversation and the chart."""
    hint = ClearText("+12125550117")
    id = await storage.conversations.create(channel="phone", lang="en", at=NOW, caller_hint=hint)
    said = Reply(id="r", text=ClearText(f"Thank you {name}"), state="open")
    await storage.conversations.record(id, heard=ClearText(name), reply=said, at=NOW, client_id="k")
    row = VaultRow(placeholder="<PERSON_1>", body=name.encode())
    await storage.vault_rows(VaultRow).save(id, [row], expires=NOW.replace(year=NOW.year + 1))
    await storage.tickets.open(Draft(kind="message", summary=name), conversation=id, once=id)
    await storage.decisions.note(id, {"heard": name}, at=NOW)
    await storage.calls.ring(f"CA-{id}", kind="twilio", caller=hint)
    await storage.holds.put(Hold(subject=id, reason=name, by="counsel", at=NOW))
    person = Person(first=name, last="Ruiz", born=NOW.date().replace(year=1984), phone=None)
    return id, await SqlPatients(storage.database, storage.sealer, storage.clock).register(person, once=id)


READS: dict[str, Callable[[Storage, str, str], Awaitable[Any]]] = {
    "meta.body": lambda storage, id, chart: storage.holds.all(),
    "conversations.hint": lambda storage, id, chart: storage.conversations.caller_hint(id),
    "lines.body": lambda storage, id, chart: storage.conversations.transcript(id),
    "answers.reply": lambda storage, id, chart: storage.conversations.answered(id, "k"),
    "events.body": lambda storage, id, chart: storage.events.since(conversation_topic(id), 0),
    "tickets.body": lambda storage, id, chart: storage.tickets.list(conversation=id),
    "decisions.body": lambda storage, id, chart: storage.decisions.of(id),
    "vault.body": lambda storage, id, chart: storage.vault_rows(VaultRow).load(id),
    "calls.hint": lambda storage, id, chart: storage.calls.of_sid(f"CA-{id}"),
    "patients.body": lambda storage, id, chart: Directory(storage.database, storage.sealer).patient(chart),
}


async def _rows(storage: Storage, column: SealedColumn) -> list[Any]:
    wanted = sa.select(column.table).where(column.column.is_not(None)).order_by(*column.table.primary_key.columns)
    async with storage.database.read() as connection:
        return list((await connection.execute(wanted)).all())


async def _put(storage: Storage, column: SealedColumn, row: Any, value: bytes) -> None:
    """Write a sealed value into a row, as somebody with the database, and without the key, could."""
    same = [one == row._mapping[one.name] for one in column.table.primary_key.columns]
    change = sa.update(column.table).where(*same).values({column.name: value})
    await storage.database.write(lambda connection: connection.execute(change))


def test_every_sealed_column_is_read_by_a_test_below() -> None:
    assert READS.keys() == COLUMNS.keys()


@pytest.mark.parametrize("name", COLUMNS)
async def test_values_of_two_rows_that_changed_places_are_refused(desk: Office, name: str) -> None:
    storage, column = desk.storage, COLUMNS[name]
    id, chart = await _talk(storage, "Ana")
    await _talk(storage, "Tunde")
    rows = await _rows(storage, column)
    values = [row._mapping[column.name] for row in rows]
    await READS[name](storage, id, chart)

    for row, value in zip(rows, (*values[1:], values[0]), strict=True):
        await _put(storage, column, row, value)

    assert len(rows) > 1
    with pytest.raises(ServiceDown, match=REFUSED):
        await READS[name](storage, id, chart)


@pytest.mark.parametrize("name", COLUMNS)
async def test_a_value_of_another_kind_of_record_is_refused(desk: Office, name: str) -> None:
    storage, column = desk.storage, COLUMNS[name]
    id, chart = await _talk(storage, "Ana")
    other = COLUMNS["lines.body" if name != "lines.body" else "vault.body"]
    foreign = (await _rows(storage, other))[0]._mapping[other.name]

    for row in await _rows(storage, column):
        await _put(storage, column, row, foreign)

    with pytest.raises(ServiceDown, match=REFUSED):
        await READS[name](storage, id, chart)


VAULT = COLUMNS["vault.body"]


async def test_an_older_value_put_back_into_a_vault_is_refused(desk: Office) -> None:
    storage = desk.storage
    id, _ = await _talk(storage, "Maria")
    before = next(row for row in await _rows(storage, VAULT) if row.name == "<PERSON_1>")
    corrected = VaultRow(placeholder="<PERSON_1>", body=b"Maria Gonzales")
    await storage.vault_rows(VaultRow).save(id, [corrected], expires=before.expires)

    await _put(storage, VAULT, before, before.body)

    with pytest.raises(ServiceDown, match=REFUSED):
        await storage.vault_rows(VaultRow).load(id)


@pytest.mark.parametrize("gone", ["<PERSON_1>", "contents"])
async def test_a_vault_of_which_a_row_was_taken_away_is_refused(desk: Office, gone: str) -> None:
    storage = desk.storage
    id, _ = await _talk(storage, "Maria")
    taken = sa.delete(VAULT.table).where(VAULT.table.c.conversation == id, VAULT.table.c.name == gone)

    await storage.database.write(lambda connection: connection.execute(taken))

    with pytest.raises(ServiceDown, match=REFUSED):
        await storage.vault_rows(VaultRow).load(id)


async def test_vaults_saved_side_by_side_know_everything_that_was_saved(desk: Office) -> None:
    import asyncio

    storage = desk.storage
    id, _ = await _talk(storage, "Maria")
    rows = [VaultRow(placeholder=f"<PHONE_{number}>", body=b"2125550117") for number in range(12)]
    keeper, until = storage.vault_rows(VaultRow), NOW.replace(year=NOW.year + 1)

    await asyncio.gather(*(keeper.save(id, [row], expires=until) for row in rows))

    assert {row.placeholder for row in await keeper.load(id)} == {"<PERSON_1>", *(row.placeholder for row in rows)}


async def _keep(saver: Checkpoints, thread: str, number: int) -> Any:
    """Keep a state as a turn does; the newest one of a thread has the highest number."""
    from langgraph.checkpoint.base import empty_checkpoint

    state = {**empty_checkpoint(), "id": f"1f0c-{number:04}", "channel_values": {"said": [thread, number]}}
    place = {"configurable": {"thread_id": thread, "checkpoint_ns": ""}}
    return await saver.aput(place, state, {}, {})  # type: ignore[arg-type]


async def _state(storage: Storage, saver: Checkpoints, change: str | None = None, *given: Any) -> list[Any]:
    """Return the rows of sealed states, oldest first; or change them, as somebody with the database could."""
    table, column = SAVED["postgresql" if storage.database.server else "sqlite"]
    if storage.database.server:
        async with saver.pool.connection() as connection:  # type: ignore[attr-defined]
            done = await connection.execute((change or f"SELECT thread_id, {column} AS state FROM {table} ORDER BY thread_id").replace("?", "%s").format(table=table, column=column), given)  # fmt: skip
            return [] if change else [(row["thread_id"], bytes(row["state"])) for row in await done.fetchall()]
    done = await saver.conn.execute((change or f"SELECT thread_id, {column} FROM {table} ORDER BY thread_id").format(table=table, column=column), given)  # type: ignore[attr-defined]  # fmt: skip
    rows = [] if change else [(row[0], bytes(row[1])) for row in await done.fetchall()]
    await saver.conn.commit()  # type: ignore[attr-defined]
    return rows


def _at(thread: str) -> Any:
    return {"configurable": {"thread_id": thread, "checkpoint_ns": ""}}


PUT = "UPDATE {table} SET {column} = ? WHERE thread_id = ?"


async def test_the_states_of_two_conversations_that_changed_places_are_refused(desk: Office) -> None:
    saver = await desk.storage.checkpoints()
    for thread in ("ana", "tunde"):
        await _keep(saver, thread, 1)
    (_, ana), (_, tunde) = await _state(desk.storage, saver)

    await _state(desk.storage, saver, PUT, tunde, "ana")
    await _state(desk.storage, saver, PUT, ana, "tunde")

    for thread in ("ana", "tunde"):
        with pytest.raises(ServiceDown, match=REFUSED):
            await saver.aget_tuple(_at(thread))
    await saver.close()


async def test_the_state_of_an_earlier_turn_put_back_is_refused(desk: Office) -> None:
    saver = await desk.storage.checkpoints()
    await _keep(saver, "ana", 1)
    (_, before), *_ = await _state(desk.storage, saver)
    await _keep(saver, "ana", 2)
    now = await saver.aget_tuple(_at("ana"))

    await _state(desk.storage, saver, PUT, before, "ana")

    assert now is not None
    assert now.checkpoint["channel_values"]["said"] == ["ana", 2]
    with pytest.raises(ServiceDown, match=REFUSED):
        await saver.aget_tuple(_at("ana"))
    await saver.close()


async def test_states_that_an_earlier_careline_bound_to_the_table_only_are_forgotten_once(desk: Office) -> None:
    saver = await desk.storage.checkpoints()
    await _keep(saver, "ana", 1)
    unmark = "COMMENT ON TABLE checkpoints IS NULL" if desk.storage.database.server else "PRAGMA user_version=0"
    await _state(desk.storage, saver, unmark)
    await saver.close()

    saver = await desk.storage.checkpoints()
    forgotten = await saver.aget_tuple(_at("ana"))
    await _keep(saver, "ana", 2)
    await saver.close()
    saver = await desk.storage.checkpoints()

    assert forgotten is None
    assert await saver.aget_tuple(_at("ana")) is not None
    await saver.close()
