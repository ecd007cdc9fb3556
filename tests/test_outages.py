"""Conversations while the machinery fails (the long form: `python -m evals.outages`)."""

from typing import Any

import pytest

from evals.outages import FAULTS, chats, ground, run
from evals.servers import CannotStart


@pytest.mark.timeout(400)
@pytest.mark.slow
async def test_while_the_machinery_fails_nothing_is_lost_and_no_success_is_made_up(stage: Any) -> None:
    done = []
    try:
        async with ground(stage) as here:
            for seed in (1, 2):
                done.append(await run(here, chats(), seed))
    except CannotStart as missing:
        pytest.skip(f"no servers for this test: {missing}")

    assert [one.broken for one in done] == [[], []]
    assert any(fault in FAULTS for one in done for fault in one.faults)
    assert all(one.replies for one in done)
