"""Killing a model at every turn takes long: it is shared among runs, and a run goes on where it was broken off."""

from pathlib import Path

import pytest

from evals.model.__main__ import Log, part_of, told
from evals.model.killing import WAYS, Killed

HELD = [
    Killed(scenario="happy/one", at=0, way="lives", problems=(), slowest=0.0),
    Killed(scenario="happy/one", at=1, way="hangs", problems=("silent for 2600 ms",), slowest=2_600.0, waited=1_800.0),
]


def test_parts_share_the_scenarios_and_miss_none() -> None:
    files = [Path(f"{number}.yaml") for number in range(7)]

    parts = [part_of(files, f"{number}/3") for number in (1, 2, 3)]

    assert sorted(file for part in parts for file in part) == files
    assert sum(len(part) for part in parts) == len(files)
    with pytest.raises(SystemExit):
        part_of(files, "4/3")


def test_a_run_that_was_broken_off_knows_what_it_has_held(tmp_path: Path) -> None:
    log = Log(file=tmp_path / "runs.jsonl", ways=("hangs",), every=1)

    before = log.done()
    log.add(HELD)

    assert before == {}
    assert log.done() == {"happy/one": HELD}


@pytest.mark.parametrize("other", [{"ways": ("cut",)}, {"every": 2}])
def test_what_was_held_otherwise_does_not_count(tmp_path: Path, other: dict[str, object]) -> None:
    file = tmp_path / "runs.jsonl"
    Log(file=file, ways=("hangs",), every=1).add(HELD)

    log = Log(**{"file": file, "ways": ("hangs",), "every": 1, **other})  # type: ignore[arg-type]

    assert log.done() == {}


def test_what_was_said_in_the_end_counts_silences_and_ways() -> None:
    words = told(HELD, seconds=1)

    assert "1 conversations whose model died (hangs 1): 1 did not hold, 1 with a silence" in words


def test_every_mood_of_a_server_is_a_way_to_fail() -> None:
    assert {"hangs", "cut", "gone", "slow-first-byte", "rate-limited", "broken", "broken-json"} <= set(WAYS)
    assert "competent" not in WAYS
