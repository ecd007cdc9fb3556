"""PostgreSQL keeps what SQLite keeps: the same tables, sealed the same, and the graph's state with them."""

import asyncio
from pathlib import Path
from typing import Any, TypedDict

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph

from agent.domain.conversation import Reply
from agent.domain.errors import ConfigError
from agent.domain.text import ClearText
from agent.storage import migrate
from agent.storage.addresses import address_of, libpq
from agent.storage.checkpoints import open_checkpoints
from agent.storage.engine import open_database
from agent.storage.sealing import Sealer
from agent.storage.tables import metadata
from tests.practice_of_two import NOW, office

SAVERS = ("checkpoint_blobs", "checkpoint_migrations", "checkpoint_writes", "checkpoints")
THREAD: RunnableConfig = {"configurable": {"thread_id": "c"}}


class State(TypedDict):
    words: list[str]
    last: str


async def speak(state: State) -> State:
    return {"words": [*state["words"], "Zebediah"], "last": "Zebediah"}


def graph(saver: Any) -> Any:
    built = StateGraph(State)
    built.add_node("speak", speak)
    built.add_edge(START, "speak")
    built.add_edge("speak", END)
    return built.compile(checkpointer=saver)


async def test_the_steps_lead_to_the_tables_the_code_knows_and_back_to_nothing(postgres_url: str) -> None:
    database = await open_database(postgres_url)

    def walk(connection: sa.Connection) -> tuple[Any, ...]:
        def ours(_object: Any, name: str, kind: str, *_rest: Any) -> bool:
            return not (kind in ("table", "index") and name.startswith("checkpoint"))

        context = MigrationContext.configure(connection, opts={"include_object": ours})
        there = compare_metadata(context, metadata)
        migrate.downgrade(connection)
        left = [name for name in sa.inspect(connection).get_table_names() if name not in SAVERS]
        migrate.upgrade(connection)
        return there, left, migrate.current(connection)

    differences, left, current = await database.write(lambda connection: connection.run_sync(walk))

    assert differences == []
    assert left == ["alembic_version"]
    assert current == migrate.HEAD
    await database.close()


async def test_several_processes_may_start_on_an_empty_database_at_once(postgres_server: Any, tmp_path: Path) -> None:
    url = postgres_server.url(postgres_server.database())

    async def start() -> None:
        async with office(tmp_path, url=url) as desk:
            await (await desk.storage.checkpoints()).close()

    await asyncio.gather(*(start() for _ in range(3)))

    async with office(tmp_path, url=url) as desk:
        assert await desk.storage.conversations.create(channel="chat", lang="en", at=NOW)


async def test_the_graphs_state_is_one_sealed_value_and_only_the_newest_is_kept(
    postgres_server: Any, postgres_url: str
) -> None:
    saver = await open_checkpoints(Path(), Sealer([b"k" * 32]), address_of(postgres_url))
    talk, words = graph(saver), list[str]()
    for _ in range(5):
        words = (await talk.ainvoke({"words": words}, THREAD, durability="exit"))["words"]
    await talk.aupdate_state(THREAD, {"last": "Obadiah"})
    await saver.close()

    dump = postgres_server.tool("pg_dump", "--inserts", "-d", postgres_url.rpartition("/")[2])
    again = await open_checkpoints(Path(), Sealer([b"k" * 32]), address_of(postgres_url))
    values = (await graph(again).aget_state(THREAD)).values

    assert values == {"words": ["Zebediah"] * 5, "last": "Obadiah"}
    for name in ("Zebediah", "Obadiah"):
        assert name not in dump
        assert name.encode().hex() not in dump
    assert [dump.count(f"INSERT INTO public.{table} ") for table in ("checkpoints", "checkpoint_blobs")] == [1, 1]
    await again.close()


async def test_the_graphs_state_is_sealed_anew_with_another_key(postgres_url: str) -> None:
    old, both = Sealer([b"k" * 32]), Sealer([b"n" * 32, b"k" * 32])
    saver = await open_checkpoints(Path(), old, address_of(postgres_url))
    await graph(saver).ainvoke({"words": []}, THREAD, durability="exit")

    done, unreadable = await saver.reseal(both)
    again = await saver.reseal(both)
    await saver.close()

    fresh = await open_checkpoints(Path(), Sealer([b"n" * 32]), address_of(postgres_url))
    assert (done > 0, unreadable, again) == (True, 0, (0, 0))
    assert (await graph(fresh).aget_state(THREAD)).values["words"] == ["Zebediah"]
    await fresh.close()


async def test_what_patients_say_is_sealed_on_a_server_too(
    tmp_path: Path, postgres_server: Any, postgres_url: str
) -> None:
    async with office(tmp_path, url=postgres_url) as desk:
        id = await desk.storage.conversations.create(channel="chat", lang="en", at=NOW)
        reply = Reply(id="r", text=ClearText("Hello Zebediah"), state="open")
        await desk.storage.conversations.record(id, heard=ClearText("I am Zebediah"), reply=reply, at=NOW)

    dump = postgres_server.tool("pg_dump", "--inserts", "-d", postgres_url.rpartition("/")[2])

    assert id in dump
    assert "Zebediah" not in dump
    assert b"Zebediah".hex() not in dump


async def test_a_backup_is_restored_whole_into_an_empty_database(
    tmp_path: Path, postgres_server: Any, postgres_url: str
) -> None:
    async with office(tmp_path, url=postgres_url) as desk:
        id = await desk.storage.conversations.create(channel="chat", lang="en", at=NOW)
        await desk.storage.audit.record(actor="ana", action="look", subject=id)
    name, file = postgres_url.rpartition("/")[2], tmp_path / "careline.dump"

    postgres_server.tool("pg_dump", "-Fc", "-f", str(file), "-d", name)
    empty = postgres_server.database()
    postgres_server.tool("pg_restore", "--exit-on-error", "-d", empty, str(file))

    async with office(tmp_path, url=postgres_server.url(empty)) as restored:
        assert await restored.storage.conversations.state_of(id) == "open"
        assert (await restored.storage.audit.verify()).holds


async def test_reads_after_every_connection_was_cut_go_by_new_ones(postgres_server: Any, postgres_url: str) -> None:
    database = await open_database(postgres_url)
    name = postgres_url.rpartition("/")[2]
    statement = sa.select(metadata.tables["switches"])

    async def read() -> int:
        async with database.read() as connection:
            return len((await connection.execute(statement)).all())

    for _ in range(3):
        await asyncio.gather(*(read() for _ in range(5)), *(database.rows(statement) for _ in range(5)))
        await asyncio.to_thread(
            postgres_server.sql,
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
        )

        assert await read() == 0
        assert list(await database.rows(statement)) == []
    await database.close()


@pytest.mark.parametrize(
    ("given", "driver", "for_tools"),
    [
        ("postgresql://u:p@h/n", "postgresql+asyncpg", "postgresql://u:p@h/n"),
        ("postgres://u@h:1/n?sslmode=require", "postgresql+asyncpg", "postgresql://u@h:1/n?sslmode=require"),
        ("postgresql+asyncpg://u@h/n?ssl=require", "postgresql+asyncpg", "postgresql://u@h/n?sslmode=require"),
    ],
)
def test_an_address_suits_both_drivers(given: str, driver: str, for_tools: str) -> None:
    url = address_of(given)

    assert url.drivername == driver
    assert libpq(url) == for_tools
    assert "sslmode" not in url.query


async def test_a_server_that_is_not_there_is_one_sentence_without_the_password() -> None:
    with pytest.raises(ConfigError) as refused:
        await open_database("postgresql://me:pw-hush@127.0.0.1:1/x")

    assert "the server is not there" in str(refused.value)
    assert "CARELINE_DATABASE_URL" in str(refused.value)
    assert "hush" not in str(refused.value)
