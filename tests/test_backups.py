"""Backup and restore on both engines, while turns go on: what was acknowledged is there, and a conversation goes on."""

import asyncio
import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from agent.storage.tables import metadata
from tests.talking import Desk, Talk, open_desk

BACKUP = Path(__file__).parents[1] / "deploy" / "backup.py"
TO_THE_READ_BACK = (
    "I need a follow-up with Dr. Kim on Tuesday March 3rd at 9:40 am",
    "Ana Ruiz",
    "May 17th 1984",
)
KINDS = ("appointments", "conversations", "messages", "handoffs", "callbacks")
Restores = Callable[[str], Awaitable[Desk]]


def backed_up(data: Path, copy: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(BACKUP), str(data), str(copy), *more], capture_output=True, text=True, check=False
    )


@pytest.fixture
async def restores(stage: Any, tmp_path: Path, database_url: str | None, request: Any) -> Any:
    """Back up the practice in tmp_path/data as the guide says, and open a fresh house on the copy."""
    opened: list[Desk] = []
    server = request.getfixturevalue("postgres_server") if database_url else None

    async def one(name: str) -> Desk:
        copy, url = tmp_path / name, None
        if server is None or database_url is None:
            done = await asyncio.to_thread(backed_up, tmp_path / "data", copy, "--with-key")
            assert done.returncode == 0, done.stderr
        else:
            file, kept = str(tmp_path / f"{name}.dump"), database_url.rpartition("/")[2]
            await asyncio.to_thread(server.tool, "pg_dump", "-Fc", "-f", file, "-d", kept)
            empty = server.database()
            await asyncio.to_thread(server.tool, "pg_restore", "--exit-on-error", "-d", empty, file)
            copy.mkdir(mode=0o700)
            (copy / "data.key").write_bytes((tmp_path / "data" / "data.key").read_bytes())
            (copy / "data.key").chmod(0o600)
            url = server.url(empty)
        opened.append(await open_desk(stage, copy, url=url))
        return opened[-1]

    yield one
    for desk in opened:
        await desk.close()


async def everything(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of ours."""
    async with desk.house.storage.database.read() as connection:
        return {
            table.name: sorted((tuple(row) for row in (await connection.execute(sa.select(table))).all()), key=repr)
            for table in metadata.sorted_tables
        }


async def chatter(desk: Desk, stop: asyncio.Event) -> list[str]:
    """Hold conversations until told to stop; return their ids."""
    ids = list[str]()
    while not stop.is_set():
        call = await desk.call()
        ids.append(call.id)
        await call.say("What are your hours on Friday?")
    return ids


async def test_a_backup_made_while_turns_go_on_restores_into_a_house_that_goes_on(
    stage: Any, tmp_path: Path, database_url: str | None, restores: Restores
) -> None:
    desk = await open_desk(stage, tmp_path / "data", url=database_url)
    booked = await desk.call()
    await booked.say_all(*TO_THE_READ_BACK, "yes please")
    open_one = await desk.call()
    await open_one.say_all("a follow-up with Dr. Kim on Thursday March 5th at 10 am", "Tunde Adeyemi", "11/3/1979")
    before, stop = {kind: await desk.rows(kind) for kind in KINDS}, asyncio.Event()
    others = asyncio.create_task(chatter(desk, stop))

    restored = await restores("copy")
    stop.set()
    ids = await others
    there = Talk(desk=restored, id=open_one.id, reply=open_one.reply)
    told = await there.say("yes please")

    for kind, rows in before.items():
        after = {row["id"]: row for row in await restored.rows(kind)}
        missing = [row["id"] for row in rows if row["id"] not in after]
        assert not missing, kind
    assert "is booked" in told
    assert {row["patient"] for row in await restored.booked()} == {"P-7", "P-9"}
    assert (await restored.house.storage.audit.verify()).holds
    for id in ids:
        transcript = await restored.house.front_desk.transcript(id)
        who = [line.who for line in transcript.lines] if transcript else []
        assert who in ([], ["agent"], ["agent", "caller", "agent"])
    await desk.close()


async def test_a_restored_house_holds_the_very_same_rows(
    stage: Any, tmp_path: Path, database_url: str | None, restores: Restores
) -> None:
    desk = await open_desk(stage, tmp_path / "data", url=database_url)
    await (await desk.call()).say_all(*TO_THE_READ_BACK, "yes please")
    kept = await everything(desk)

    restored = await restores("copy")

    assert await everything(restored) == kept
    await desk.close()


def test_a_copy_is_for_its_owner_alone_and_comes_without_the_key_unless_asked(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name in ("careline.sqlite", "checkpoints.sqlite"):
        with contextlib.closing(sqlite3.connect(data / name)) as made:
            made.execute("CREATE TABLE one (id)")
    (data / "data.key").write_text("secret")

    done = backed_up(data, tmp_path / "copy")

    assert done.returncode == 0
    assert sorted(file.name for file in (tmp_path / "copy").iterdir()) == ["careline.sqlite", "checkpoints.sqlite"]
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "copy").iterdir()} == {0o600}
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o700


def test_what_cannot_be_backed_up_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()

    nothing = backed_up(tmp_path, tmp_path / "copy")
    full = backed_up(tmp_path, tmp_path / "full")

    assert nothing.returncode == full.returncode == 1
    assert "no data folder of Careline" in nothing.stderr
    assert "Traceback" not in nothing.stderr + full.stderr
