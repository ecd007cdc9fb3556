"""The data key changes twice while whole conversations run, by chat and by phone: nobody notices, nothing is unreadable."""

from pathlib import Path
from typing import Any

import pytest

from evals.benchmarks.keys import watched


@pytest.mark.timeout(400)
async def test_no_turn_fails_and_no_row_is_unreadable_while_the_key_changes_twice(
    stage: Any, tmp_path: Path, database_url: str | None
) -> None:
    outcome = await watched(stage, tmp_path / "data", database_url, talks=4, changes=2)

    assert outcome.failed == []
    assert outcome.unreadable == []
    assert outcome.turns >= 30
    assert outcome.resealed > 50
    assert outcome.read > 50
