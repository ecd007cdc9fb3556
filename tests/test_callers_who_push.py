"""Callers who push at a nearly full practice get what they agree to, and nothing else is written."""

from typing import Any

import pytest

from evals.http_callers.people import read_file
from evals.personas.running import run_person
from evals.personas.table import HERE

CALLERS = {person.id: person for person in read_file(HERE / "frontdesk.yaml").callers}


@pytest.mark.parametrize(
    "name",
    [
        "another-provider-in-the-end",
        "eight-or-nothing",
        "hangs-up-before-the-yes",
        "agrees-then-takes-it-back",
    ],
)
async def test_who_pushes_gets_what_was_agreed_to_and_nothing_else(stage: Any, name: str) -> None:
    trial = await run_person(CALLERS[name], stage, seed=1, world=HERE / "frontdesk_world.yaml")

    assert trial.problems == []
