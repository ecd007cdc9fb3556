"""`--world` on PostgreSQL: into an empty database only. And canaries in a server's own dump."""

from pathlib import Path
from typing import Any

import pytest

from agent.domain.errors import ConfigError
from agent.ehr.worlds import World, load_world, require_empty_database
from evals.flow.canaries import CANARIES, hits
from evals.flow.conversations import KNOWN, conversations
from tests.practice_of_two import office
from tests.talking import open_desk, visit


async def test_a_world_goes_into_an_empty_database_only(tmp_path: Path, database_url: str | None) -> None:
    async with office(tmp_path, url=database_url) as desk:
        await require_empty_database(desk.storage.database)
        await load_world(World(patients=KNOWN[:1]), records=desk.records, database=desk.storage.database)

        with pytest.raises(ConfigError, match="empty database"):
            await require_empty_database(desk.storage.database)


async def test_a_servers_dump_holds_no_canary_after_conversations(
    stage: Any, tmp_path: Path, postgres_server: Any, postgres_url: str
) -> None:
    visits = (visit("A-1", KNOWN[0].id, "2026-03-10T10:00:00-04:00"),)
    desk = await open_desk(stage, tmp_path / "data", url=postgres_url, patients=KNOWN, appointments=visits)

    for name in ("book spelled", "message", "member"):
        call = await desk.call()
        await call.say_all(*conversations(CANARIES[0])[name])
    await desk.close()
    dump = postgres_server.tool("pg_dump", "--inserts", "-d", postgres_url.rpartition("/")[2])

    assert call.id in dump
    assert hits([dump]) == []
    assert CANARIES[0].last.encode().hex() not in dump
