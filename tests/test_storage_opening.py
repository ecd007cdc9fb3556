"""Opening the data folder: tables, key, and one clear sentence for whatever stands in the way."""

import asyncio
import os
import resource
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from agent.domain.errors import ConfigError, ServiceDown
from agent.ehr import tables as schedule_tables
from agent.storage import migrate
from agent.storage.engine import FILE, open_database
from agent.storage.keys import add_key, data_keys, drop_older_keys
from agent.storage.open import open_storage
from agent.storage.tables import metadata
from tests.practice_of_two import KEY, HandClock, office


async def refusal(folder: Path, key: str | None = KEY) -> str:
    with pytest.raises(ConfigError) as refused:
        await open_storage(folder, data_key=key, clock=HandClock())
    return str(refused.value)


def test_the_steps_lead_to_the_tables_the_code_knows_and_back_to_nothing() -> None:
    assert schedule_tables.visits.metadata is metadata
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        migrate.upgrade(connection)

        assert migrate.current(connection) == migrate.HEAD
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        migrate.downgrade(connection)
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
        migrate.upgrade(connection)
        assert "visits" in sa.inspect(connection).get_table_names()


def test_the_newest_step_is_the_one_the_start_asks_for() -> None:
    steps = sorted((migrate.MIGRATIONS / "versions").glob("[0-9]*.py"))

    assert steps[-1].name.startswith(f"{migrate.HEAD}_")


async def test_data_of_a_newer_careline_is_refused(tmp_path: Path) -> None:
    async with office(tmp_path):
        pass
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    assert "newer Careline" in await refusal(tmp_path)


async def test_a_key_file_is_made_once_and_only_the_owner_may_read_it(tmp_path: Path) -> None:
    async with office(tmp_path / "data", key=None):
        first = (tmp_path / "data" / "data.key").read_text()
    async with office(tmp_path / "data", key=None):
        pass

    assert (tmp_path / "data" / "data.key").read_text() == first
    assert stat.S_IMODE((tmp_path / "data" / "data.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data" / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


async def test_another_key_is_refused_in_one_sentence(tmp_path: Path) -> None:
    async with office(tmp_path):
        pass

    assert "sealed with another key" in await refusal(tmp_path, key="ff" * 32)


async def test_a_lost_altered_or_readable_key_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "data.key"
    async with office(tmp_path, key=None):
        key = file.read_text()

    file.write_text(("A" if key[0] != "A" else "B") + key[1:])
    altered = await refusal(tmp_path, key=None)
    file.write_text("nonsense")
    broken = await refusal(tmp_path, key=None)
    file.unlink()
    missing = await refusal(tmp_path, key=None)
    file.write_text(key)
    file.chmod(0o644)
    readable = await refusal(tmp_path, key=None)

    assert "another key" in altered
    assert "not a data key" in broken
    assert "missing" in missing
    assert "chmod 600" in readable
    assert not any(key.strip() in sentence for sentence in (altered, broken, missing, readable))


@pytest.mark.parametrize("key", ["short", "zz" * 32, "=" * 44])
async def test_a_data_key_that_is_none_is_refused_without_being_shown(tmp_path: Path, key: str) -> None:
    sentence = await refusal(tmp_path, key=key)

    assert "32 random bytes" in sentence
    assert key not in sentence


async def test_an_older_key_still_opens_what_it_sealed(tmp_path: Path) -> None:
    async with office(tmp_path):
        pass

    async with office(tmp_path, key=f"{'ff' * 32},{KEY}") as rotated:
        assert rotated.storage.sealer.key_id


async def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")

    assert "cannot be read or written here" in await refusal(tmp_path / "data")


async def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database at all, but long enough to be looked at" * 50)

    assert "this file is not a database" in await refusal(tmp_path)


async def test_a_database_that_another_process_keeps_locked_is_one_sentence(tmp_path: Path) -> None:
    async with office(tmp_path):
        pass
    database = await open_database(tmp_path, busy=0.05)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(ServiceDown, match="another process has been writing for too long"):
        await database.write(lambda connection: connection.execute(sa.text("DELETE FROM counters")))

    other.close()
    await database.close()


async def test_a_full_disk_is_one_sentence_and_leaves_what_was_there(tmp_path: Path) -> None:
    database = await open_database(tmp_path)
    async with database.read() as connection:
        pages = (await connection.execute(sa.text("PRAGMA page_count"))).scalar()

    async def fill(connection: sa.ext.asyncio.AsyncConnection) -> None:
        await connection.execute(sa.text(f"PRAGMA max_page_count = {pages}"))
        await connection.execute(sa.text("INSERT INTO meta VALUES ('big', zeroblob(1000000))"))

    with pytest.raises(ServiceDown, match="the disk is full"):
        await database.write(fill)

    async with database.read() as connection:
        assert (await connection.execute(sa.text("SELECT count(*) FROM meta"))).scalar() == 0
    await database.close()


SMALL_DISK = """
import asyncio, pathlib, signal, sys
from agent.domain.errors import CarelineError
from tests.practice_of_two import NOW, office
from agent.domain.conversation import Reply
from agent.domain.text import ClearText

async def main(folder):
    said = 0
    try:
        async with office(folder) as desk:
            id = await desk.storage.conversations.create(channel="chat", lang="en", at=NOW)
            while True:
                reply = Reply(id="r", text=ClearText("x" * 20_000), state="open")
                await desk.storage.conversations.record(id, heard=ClearText("y"), reply=reply, at=NOW)
                said += 1
    except CarelineError as refused:
        print(id, said, refused)

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
asyncio.run(main(pathlib.Path(sys.argv[1])))
"""


def test_a_disk_that_fills_up_while_serving_loses_nothing_acknowledged(tmp_path: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))

    ran = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, str(tmp_path)],
        capture_output=True, text=True, preexec_fn=limit, check=False, timeout=280,
    )  # fmt: skip

    assert "Traceback" not in ran.stderr
    id, said, sentence = ran.stdout.split(" ", 2)
    assert "database: the disk" in sentence
    assert asyncio.run(lines_of(tmp_path, id)) == 2 * int(said) > 0


async def lines_of(folder: Path, conversation: str) -> int:
    async with office(folder) as desk:
        transcript = await desk.storage.conversations.transcript(conversation)
        return len(transcript.lines) if transcript else -1


async def test_a_folder_where_the_database_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()

    assert "cannot be read or written here" in await refusal(tmp_path)


def test_a_changed_key_file_still_belongs_to_the_servers_user(tmp_path: Path) -> None:
    data_keys(tmp_path, None, sealed_before=False)
    file = tmp_path / "data.key"
    owner = (4242, 4242) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    os.chown(file, *owner)

    add_key(tmp_path)
    added = file.stat()
    drop_older_keys(tmp_path)

    assert (added.st_uid, added.st_gid) == (file.stat().st_uid, file.stat().st_gid) == owner
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.glob("data.key.*")) == []
