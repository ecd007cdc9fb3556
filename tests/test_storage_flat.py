"""What is asked at every turn is found by an index, however many visits a practice gathers."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from evals.benchmarks.bookers import open_desk
from evals.benchmarks.flatness import _fill

HELD = "SELECT provider, granule FROM granules WHERE holder IS NOT NULL AND until > 5 AND provider IN ('kim')"
MINE = "DELETE FROM granules WHERE holder = 'c-1'"


@pytest.mark.parametrize(("asked", "index"), [(HELD, "granules_held"), (MINE, "granules_by_holder")])
async def test_holds_are_found_without_reading_the_time_of_visits(
    tmp_path: Path, database_url: str | None, asked: str, index: str
) -> None:
    storage, _, _ = await open_desk(tmp_path, database_url)
    await _fill(storage, 0, 4_000)

    explain = "EXPLAIN QUERY PLAN" if database_url is None else "EXPLAIN"
    async with storage.database.engine.connect() as connection:
        plan = " ".join(str(row) for row in (await connection.execute(sa.text(f"{explain} {asked}"))).all())
    await storage.close()

    assert index in plan
