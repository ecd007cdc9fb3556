"""Vault rows and checkpoints: sealed, bounded in time, gone when wiped."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypedDict

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph

from agent.domain.errors import ConfigError, ServiceDown
from agent.domain.text import ClearText
from agent.phi.vault_rows import VaultRow, VaultRows
from agent.storage.checkpoints import Checkpoints, bound_to, open_checkpoints
from agent.storage.sealing import Sealer
from agent.storage.sqlite_checkpoints import FILE
from tests.practice_of_two import NOW, Office, every_byte_in, office

ROW = VaultRow(placeholder="<PERSON_1>", body=b'{"words": "Zebediah"}')
LATER = NOW + timedelta(hours=2)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as opened:
        yield opened


@pytest.fixture
def rows(desk: Office) -> VaultRows:
    return desk.storage.vault_rows(VaultRow)


@pytest.fixture
async def talk(desk: Office) -> str:
    return await desk.storage.conversations.create(channel="phone", lang="en", at=NOW)


async def test_vault_rows_come_back_and_are_replaced_by_placeholder(rows: VaultRows, talk: str) -> None:
    other = VaultRow(placeholder="<PHONE_1>", body=b"1")
    await rows.save(talk, [ROW, other], expires=LATER)

    await rows.save(talk, [VaultRow(placeholder="<PERSON_1>", body=b"2")], expires=LATER)

    assert {row.placeholder: row.body for row in await rows.load(talk)} == {"<PERSON_1>": b"2", "<PHONE_1>": b"1"}
    assert await rows.load("d") == []


async def test_a_vault_is_sealed_and_wiped(rows: VaultRows, talk: str, tmp_path: Path) -> None:
    await rows.save(talk, [ROW], expires=LATER)
    assert b"Zebediah" not in every_byte_in(tmp_path)

    await rows.wipe(talk)

    assert await rows.load(talk) == []


async def test_an_expired_vault_is_not_read_and_is_swept_away(desk: Office, talk: str) -> None:
    rows = desk.storage.vault_rows(VaultRow)
    await rows.save(talk, [ROW], expires=LATER)

    desk.clock.forward(hours=2)

    assert await rows.load(talk) == []
    assert await rows.sweep() == 1


async def test_a_conversation_that_is_deleted_gets_no_vault_any_more(desk: Office, talk: str) -> None:
    rows = desk.storage.vault_rows(VaultRow)
    await desk.storage.retention.forget([talk], [])

    with pytest.raises(KeyError):
        await rows.save(talk, [ROW], expires=LATER)

    assert await desk.storage.retention.left([talk]) == []


async def test_a_vault_outlives_its_conversation_by_half_an_hour(desk: Office) -> None:
    rows = desk.storage.vault_rows(VaultRow)
    id = await desk.storage.conversations.create(channel="phone", lang="en", at=NOW)
    await rows.save(id, [ROW], expires=NOW + timedelta(days=2))
    await desk.storage.conversations.set_state(id, "ended", at=NOW)

    desk.clock.forward(minutes=30)
    assert await rows.sweep() == 0
    desk.clock.forward(minutes=1)

    assert await rows.sweep() == 1
    assert await rows.load(id) == []


class State(TypedDict):
    words: list[str]


async def speak(state: State) -> State:
    return {"words": [*state["words"], "Zebediah"]}


def graph(saver: Checkpoints):
    built = StateGraph(State)
    built.add_node("speak", speak)
    built.add_edge(START, "speak")
    built.add_edge("speak", END)
    return built.compile(checkpointer=saver)


THREAD: RunnableConfig = {"configurable": {"thread_id": "c"}}


async def turns(saver: Checkpoints, count: int) -> list[str]:
    talk, words = graph(saver), list[str]()
    for _ in range(count):
        words = (await talk.ainvoke({"words": words}, THREAD, durability="exit"))["words"]
    return words


async def test_the_state_survives_a_restart_sealed(tmp_path: Path) -> None:
    saver = await open_checkpoints(tmp_path, Sealer([b"k" * 32]))
    await turns(saver, 3)
    await saver.close()

    again = await open_checkpoints(tmp_path, Sealer([b"k" * 32]))

    assert (await graph(again).aget_state(THREAD)).values["words"] == ["Zebediah"] * 3
    assert b"Zebediah" not in every_byte_in(tmp_path)
    await again.close()


async def test_only_the_newest_checkpoint_is_kept_however_long_the_conversation(tmp_path: Path) -> None:
    saver = await open_checkpoints(tmp_path, Sealer([b"k" * 32]))

    await turns(saver, 12)

    for table in ("checkpoints", "writes"):
        row = await (await saver.conn.execute(f"SELECT count(*) FROM {table}")).fetchone()
        assert row is not None
        assert row[0] <= 1
    await saver.close()


async def test_a_deleted_thread_is_gone(tmp_path: Path) -> None:
    saver = await open_checkpoints(tmp_path, Sealer([b"k" * 32]))
    await turns(saver, 2)

    await saver.adelete_thread("c")

    assert (await graph(saver).aget_state(THREAD)).values == {}
    await saver.close()


async def test_the_state_of_a_conversation_that_is_over_is_forgotten(desk: Office) -> None:
    saver = await desk.storage.checkpoints()
    talks = desk.storage.conversations
    ended, alive, quiet = [await talks.create(channel="chat", lang="en", at=NOW) for _ in range(3)]
    for id in (ended, alive, quiet, "unknown"):
        await graph(saver).ainvoke({"words": []}, _thread(id), durability="exit")
    await talks.set_state(ended, "ended", at=NOW)

    assert await saver.sweep(talks, now=NOW + timedelta(minutes=29)) == 1
    assert await saver.sweep(talks, now=NOW + timedelta(minutes=31)) == 1
    await talks.staff_line(alive, name="Ann", text=ClearText("hello"), at=NOW + timedelta(hours=20))
    assert await saver.sweep(talks, now=NOW + timedelta(hours=25)) == 1

    left = [id for id in (ended, alive, quiet) if (await graph(saver).aget_state(_thread(id))).values]
    assert left == [alive]
    await saver.close()


def _thread(id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": id}}


async def test_checkpoints_of_another_key_or_unsealed_ones_are_refused(tmp_path: Path) -> None:
    saver = await open_checkpoints(tmp_path, Sealer([b"k" * 32]))
    await turns(saver, 1)
    await saver.close()

    stranger = await open_checkpoints(tmp_path, Sealer([b"x" * 32]))

    with pytest.raises(ServiceDown, match="key that is not here"):
        await graph(stranger).aget_state(THREAD)
    await stranger.close()


@dataclass
class Rich:
    words: str


async def test_nothing_but_plain_types_comes_back_out(tmp_path: Path) -> None:
    saver = await open_checkpoints(tmp_path, Sealer([b"k" * 32]))

    with bound_to(THREAD):
        kind, sealed = saver.serde.dumps_typed({"a": Rich("x"), "b": [1, None, "y"]})
        back = saver.serde.loads_typed((kind, sealed))

    assert back["b"] == [1, None, "y"]
    assert not isinstance(back["a"], Rich)
    await saver.close()


async def test_a_damaged_checkpoint_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database, though long enough to be taken for one" * 50)

    with pytest.raises(ConfigError, match="this file is not a database"):
        await open_checkpoints(tmp_path, Sealer([b"k" * 32]))
