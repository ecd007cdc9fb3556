"""The proof by command finds what it is to find, and nothing where nothing is."""

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from agent.domain.hushed import LOUD, hush
from evals.flow.__main__ import prove
from evals.flow.canaries import CANARIES
from evals.flow.disguise import disguised
from evals.flow.sinks import Sinks
from evals.schema import read_scenario

SCENARIO = Path(__file__).parents[1] / "evals/scenarios/happy/one-visit-is-cancelled.yaml"


async def test_a_scenario_and_a_failing_service_leave_no_canary(tmp_path: Path, stage: Any) -> None:
    proof = await prove([SCENARIO], kinds=1, canaries=1, services=2, temporary=tmp_path, stage=stage, indexed=False)

    assert proof.held == 4
    assert proof.turns > 6
    assert proof.sinks.clean, "\n".join(proof.sinks.lines())
    assert set(proof.sinks.scanned) >= {
        "database, WAL and shared memory", "checkpoints and their WAL", "logs at DEBUG, all libraries",
        "what models were given", "process title and command line", "error pages and headers",
        "requests to a language model", "careline why, export appointments",
    }  # fmt: skip


def test_a_canary_in_any_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "careline.sqlite-wal").write_bytes(b"\x00" + CANARIES[0].last.encode() + b"\x00")
    sinks = Sinks()

    sinks.folder(tmp_path, "here")

    assert not sinks.clean
    assert "database, WAL and shared memory, here" in sinks.found[0]


def test_a_sink_that_was_never_scanned_is_no_proof() -> None:
    assert not Sinks().clean


def test_a_disguised_scenario_speaks_of_canaries_only() -> None:
    scenario, setting = read_scenario(SCENARIO, None)
    names = {word for patient in setting.world.patients[:3] for word in (patient.first, patient.last)}

    hidden, world = disguised(scenario, setting)

    told = hidden.caller.model_dump_json() + world.world.model_dump_json()
    assert not any(f'"{name}"' in told or f" {name} " in told for name in names)
    assert CANARIES[0].last in told


def test_libraries_that_log_payloads_stay_quiet_whatever_the_root_says() -> None:
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    try:
        hush()
        assert not any(logging.getLogger(name).isEnabledFor(logging.DEBUG) for name in LOUD)
    finally:
        root.setLevel(before)


def test_a_switch_of_the_environment_does_not_make_the_model_library_speak() -> None:
    tried = "import agent, logging, openai; print(logging.getLogger('openai').level)"

    done = subprocess.run(
        [sys.executable, "-c", tried], env={**os.environ, "OPENAI_LOG": "debug"}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip

    assert done.stdout.strip() == str(logging.WARNING)
