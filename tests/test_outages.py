"""Conversations while the machinery fails (the long form: `python -m evals.outages`)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evals.outages.judging import Run, judge
from evals.outages.plans import KINDS, ON_A_SERVER, before_change, plan
from tests.practice_of_two import NOW

BOOKED = {"id": "R-1", "kind": "book", "visit": {"id": "V-1", "status": "booked", "start": NOW.isoformat()}}


def _run(**seen: Any) -> Run:
    whole: dict[str, Any] = {
        "whole": True, "audit": "", "chain": True, "commits": [[BOOKED]], "tickets": [], "state": "open",
        "visits": {"V-1": {"status": "booked", "start": NOW.isoformat(), "patient": "P-7"}},
        "decided": [["R-1"]], "said": ["It is booked for Tuesday."], "heard": ["yes"],
    }  # fmt: skip
    told = {
        "reply": "r1", "text": "It is booked for Tuesday.", "state": "open", "asks": None, "alarm": False,
        "answers": True, "connect": None, "kind": None, "sources": 0, "seconds": 0.1,
    }  # fmt: skip
    return Run(seed=1, scenario="s", engine="sqlite", model=False, replies=[told], seen={**whole, **seen})


def test_a_conversation_in_which_all_holds_breaks_nothing() -> None:
    assert judge(_run(), _run()) == []


@pytest.mark.parametrize(
    ("seen", "broken"),
    [
        ({"commits": [], "decided": [[]]}, "1 successes were told, 0 are written"),
        ({"commits": [[BOOKED], [BOOKED]]}, "a receipt is there twice"),
        ({"decided": [["R-1"], ["R-2"]]}, "a receipt that was acknowledged is not there"),
        ({"visits": {}}, "visit V-1 is not as its receipt says"),
        ({"whole": False}, "the schedule is not whole"),
        ({"chain": False}, "the audit chain is broken"),
    ],
)
def test_a_promise_that_is_broken_is_told(seen: dict[str, Any], broken: str) -> None:
    assert any(one.startswith(broken) for one in judge(_run(**seen), None))


def test_an_answer_that_nobody_kept_is_told() -> None:
    run = _run()
    run.replies.append({**run.replies[0], "reply": "r2", "text": "We open at eight."})

    assert judge(run, None) == ["1 answers are not in the transcript"]


def test_a_conversation_that_asked_for_a_person_and_got_none_is_told() -> None:
    run = _run(commits=[], decided=[[]], visits={}, said=["Where?"])
    run.replies, run.finished = [{**run.replies[0], "text": "Where?"}], True

    assert judge(run, None) == ["no receipt, no person and no message, though a person was asked for"]


def test_a_second_visit_that_nobody_asked_for_is_told() -> None:
    other = {**BOOKED, "id": "R-2", "visit": {**BOOKED["visit"], "id": "V-2"}}  # type: ignore[dict-item]
    twice = _run(commits=[[BOOKED], [other]])
    twice.seen["visits"]["V-2"] = twice.seen["visits"]["V-1"]

    assert "2 visits were booked, 1 without failures" in judge(twice, _run())


def test_a_seed_draws_the_same_failures_and_many_seeds_draw_all_kinds() -> None:
    drawn = [plan(seed, 90) for seed in range(500)]

    assert drawn == [plan(seed, 90) for seed in range(500)]
    assert {fault.kind for one in drawn for turn in one.turns for fault in turn} == set(KINDS)
    assert {one.scenario for one in drawn} == set(range(90))
    assert not any(
        fault.kind in ON_A_SERVER for one in drawn if one.engine == "sqlite" for turn in one.turns for fault in turn
    )


@pytest.mark.parametrize("autumn", [False, True])
def test_the_next_change_of_clocks_is_found(autumn: bool) -> None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("America/New_York")

    moment = before_change(NOW, zone, autumn=autumn)

    assert moment.astimezone(zone).strftime("%m-%d %H:%M:%S") == ("11-01 01:59:55" if autumn else "03-08 01:59:55")


@pytest.mark.timeout(400)
@pytest.mark.slow
def test_while_the_machinery_fails_nothing_is_lost_and_no_success_is_made_up(tmp_path: Path) -> None:
    log = tmp_path / "runs.jsonl"
    call = [sys.executable, "-m", "evals.outages", "evals/scenarios/escalation", "--runs", "4", "--seed", "41"]

    done = subprocess.run(
        [*call, "--log", str(log)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )

    if "no servers for this" in done.stderr:
        pytest.skip(done.stderr.strip().splitlines()[-1])
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    assert [row["broken"] for row in rows] == [[]] * 4, done.stdout
    assert {row["engine"] for row in rows} == {"sqlite", "postgresql"}
    assert any(fault != "-" for row in rows for fault in row["faults"])
