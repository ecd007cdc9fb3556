"""Several workers behind one address: one PostgreSQL, a Redis that only wakes, and conversations that move."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from agent.domain.conversation import Heard
from agent.domain.text import ClearText
from agent.storage.bus import open_bus
from agent.storage.engine import Database, open_database
from agent.storage.events import STAFF
from agent.storage.turns import TurnLocks
from evals.servers import CannotStart, PostgresServer, postgres
from tests.practice_of_two import KEY, NOW, Office, empty_tables, office
from tests.talking import Desk, Talk, open_desk

LINES = (
    "I need a follow-up with Dr. Kim on Tuesday March 3rd at 9:40 am",
    "Ana Ruiz",
    "May 17th 1984",
    "yes please",
)


@pytest.fixture
async def workers(stage: Any, tmp_path: Path, postgres_url: str) -> AsyncIterator[tuple[Desk, Desk]]:
    """Two whole Carelines of one practice."""
    one = await open_desk(stage, tmp_path / "data", url=postgres_url)
    other = await open_desk(stage, tmp_path / "data", url=postgres_url)
    yield one, other
    await one.close()
    await other.close()


async def test_a_conversation_moves_between_workers_from_turn_to_turn(workers: tuple[Desk, Desk]) -> None:
    call = await workers[0].call()

    for number, line in enumerate(LINES):
        call = Talk(desk=workers[(number + 1) % 2], id=call.id, reply=call.reply)
        await call.say(line)

    assert "booked" in call.reply.text.reveal()
    for worker in workers:
        (row,) = await worker.booked()
        assert (row["patient"], row["start"]) == ("P-7", "2026-03-03T09:40:00-05:00")


async def test_a_message_sent_to_both_workers_at_once_is_answered_once(workers: tuple[Desk, Desk]) -> None:
    call = await workers[0].call()
    heard = Heard(best=ClearText("Where can I park?"), client_id="m1")

    answers = await asyncio.gather(*(worker.house.front_desk.turn(call.id, heard) for worker in workers))

    assert answers[0].id == answers[1].id
    transcript = await workers[1].house.front_desk.transcript(call.id)
    assert transcript is not None
    assert [line.who for line in transcript.lines] == ["agent", "caller", "agent"]


async def test_two_messages_at_two_workers_are_answered_one_after_the_other(workers: tuple[Desk, Desk]) -> None:
    call = await workers[0].call()
    lines = ("Where can I park?", "What are your hours on Tuesday?")

    await asyncio.gather(
        *(
            worker.house.front_desk.turn(call.id, Heard(best=ClearText(line)))
            for worker, line in zip(workers, lines, strict=True)
        )
    )

    transcript = await workers[0].house.front_desk.transcript(call.id)
    assert transcript is not None
    assert [line.who for line in transcript.lines] == ["agent", *["caller", "agent"] * 2]


async def test_a_turn_waits_for_another_process_and_not_for_one_that_died(postgres_url: str) -> None:
    databases = [await open_database(postgres_url) for _ in range(2)]
    mine, theirs = (TurnLocks(database) for database in databases)
    entered = asyncio.Event()

    async def enter() -> None:
        async with mine.turn("c"):
            entered.set()

    async with theirs.turn("c"):
        waiting = asyncio.create_task(enter())
        async with mine.turn("another"):
            waited = not entered.is_set()
        await theirs.close()  # as if that process were gone
        await asyncio.wait_for(waiting, 30)

    assert waited
    await mine.close()
    await theirs.close()
    for database in databases:
        await database.close()


async def test_of_several_processes_one_sweeps(postgres_url: str) -> None:
    databases = [await open_database(postgres_url) for _ in range(2)]
    first, second = (TurnLocks(database) for database in databases)

    leads = [await first.leads(), await second.leads(), await first.leads()]
    await first.close()

    assert leads == [True, False, True]
    assert await second.leads()
    await second.close()
    for database in databases:
        await database.close()


async def test_a_mark_on_redis_reaches_other_processes(redis_server: Any) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    ear, mouth = open_bus(redis_server.url, heard.put_nowait), open_bus(redis_server.url, lambda _: None)
    await asyncio.wait_for(ear.listening.wait(), 30)

    mouth.tell("3f2a")

    assert await asyncio.wait_for(heard.get(), 30) == "3f2a"
    await ear.close()
    await mouth.close()


async def test_the_name_of_a_conversation_never_goes_over_redis(tmp_path: Path) -> None:
    told: list[str] = []
    async with office(tmp_path) as desk:
        desk.storage.events.wake_others(told.append)

        id = await desk.storage.conversations.create(channel="chat", lang="en", at=NOW)
        await desk.storage.conversations.set_state(id, "ended", at=NOW)

    assert len(set(told)) == 2
    assert not any(id in mark or "staff" in mark for mark in told)


async def test_without_redis_events_of_other_processes_are_found_by_looking(
    tmp_path: Path, postgres_url: str, redis_server: Any
) -> None:
    gone = "redis://127.0.0.1:1/0"
    async with office(tmp_path, url=postgres_url) as one, office(tmp_path, url=postgres_url) as other:
        bus = open_bus(gone, one.storage.events.heard)
        one.storage.events.wake_others(bus.tell)
        waiting = asyncio.create_task(one.storage.events.wait(STAFF, 0, timeout=60))

        await other.storage.conversations.create(channel="chat", lang="en", at=NOW)
        await one.storage.conversations.create(channel="chat", lang="en", at=NOW)

        assert (await waiting)[0].kind == "conversation_opened"
        await bus.close()


@pytest.fixture(scope="module")
def own_server() -> Any:
    """Start a PostgreSQL that may be restarted."""
    try:
        with postgres("fsync=off") as server:  # what is committed survives the end of its processes
            empty_tables(server.url(server.database()))
            yield server
    except CannotStart as missing:
        pytest.skip(f"no PostgreSQL for this test: {missing}")


@pytest.fixture
async def restartable(own_server: PostgresServer, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path, url=own_server.url("careline_1"), key=KEY) as opened:
        yield opened


async def test_a_restart_of_the_database_is_waited_for(restartable: Office, own_server: PostgresServer) -> None:
    conversations = restartable.storage.conversations
    id = await conversations.create(channel="chat", lang="en", at=NOW)
    saver = await restartable.storage.checkpoints()
    await asyncio.to_thread(own_server.stop, "immediate")

    writing = asyncio.create_task(conversations.set_state(id, "ended", at=NOW))
    reading = asyncio.create_task(conversations.state_of(id))
    threads = asyncio.create_task(saver.threads())
    await asyncio.to_thread(own_server.start)

    await writing
    assert await reading in ("open", "ended")
    assert await threads == []
    assert await conversations.state_of(id) == "ended"
    await saver.close()


@pytest.mark.parametrize("patience", [4.0, 0.0])
async def test_a_write_cut_off_before_its_commit_happens_once(
    restartable: Office, own_server: PostgresServer, patience: float
) -> None:
    database = Database(restartable.storage.database.engine, patience=patience)
    runs = 0

    async def work(connection: Any) -> None:
        nonlocal runs
        runs += 1
        await connection.execute(
            sa.text("INSERT INTO meta (name, body) VALUES (:name, '')"), {"name": f"run {runs} {patience}"}
        )
        if runs == 1:
            known = asyncio.Event()  # a commit that is sent into a closing connection is rightly never sent again
            driver = (await connection.get_raw_connection()).driver_connection
            driver.add_termination_listener(lambda _: known.set())
            await asyncio.to_thread(
                own_server.sql, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state LIKE 'idle in%'"
            )
            await known.wait()

    await database.write(work)

    async with database.read() as connection:
        found = (await connection.execute(sa.text("SELECT name FROM meta WHERE name LIKE 'run%'"))).scalars().all()
    assert [name for name in found if name.endswith(f" {patience}")] == [f"run 2 {patience}"]
