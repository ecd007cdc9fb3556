"""The proof by command finds what it is to find, and nothing where nothing is."""

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agent.domain.hushed import LOUD, hush
from evals.flow.__main__ import prove
from evals.flow.canaries import CANARIES
from evals.flow.disguise import disguised
from evals.flow.sinks import STRETCH, Sinks
from evals.schema import read_scenario

SCENARIO = Path(__file__).parents[1] / "evals/scenarios/happy/one-visit-is-cancelled.yaml"


async def test_a_scenario_and_a_failing_service_leave_no_canary(tmp_path: Path, stage: Any) -> None:
    proof = await prove([SCENARIO], kinds=1, canaries=1, faults=2, temporary=tmp_path, stage=stage, indexed=False)

    assert proof.held == 4
    assert proof.turns > 6
    assert proof.sinks.clean, "\n".join(proof.sinks.lines())
    assert set(proof.sinks.scanned) >= {
        "database, WAL and shared memory", "checkpoints and their WAL", "logs at DEBUG, all libraries",
        "what models were given", "process title and command line", "error pages and headers",
        "requests to a language model", "careline why, export appointments", "reports of careline eval",
    }  # fmt: skip


def test_a_canary_in_any_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "careline.sqlite-wal").write_bytes(b"\x00" + CANARIES[0].last.encode() + b"\x00")
    sinks = Sinks()

    sinks.folder(tmp_path, "here")

    assert not sinks.clean
    assert "database, WAL and shared memory, here" in sinks.found[0]


def test_a_sink_that_was_never_scanned_is_no_proof() -> None:
    sinks = Sinks()
    sinks.texts("what models were given", ["nothing"], "here")

    sinks.require("any", "postgresql")

    assert not Sinks().clean
    assert "never scanned: PostgreSQL's WAL" in sinks.found
    assert "never scanned: what models were given" not in sinks.found


@pytest.mark.parametrize("before", [0, STRETCH - 7, STRETCH * 2 - 3])
def test_what_was_searched_before_hides_nothing_that_is_new_beside_it(tmp_path: Path, before: int) -> None:
    file, sinks = tmp_path / "data", Sinks()
    file.write_bytes(b"." * STRETCH * 3)
    sinks.folder(tmp_path, "first")
    clean = sinks.clean

    file.write_bytes(b"." * before + CANARIES[1].last.encode() + b"." * STRETCH * 3)
    sinks.folder(tmp_path, "then")

    assert clean
    assert any("then" in hit for hit in sinks.found)


def test_a_canary_is_found_in_every_file_of_a_server_and_in_hex(postgres_server: Any) -> None:
    name = postgres_server.database()
    sinks, word = Sinks(), CANARIES[0].last
    postgres_server.sql(f"CREATE TABLE t AS SELECT '{word}' AS words", at=name)
    postgres_server.sql("CHECKPOINT")

    sinks.server(postgres_server.folder, "here")
    sinks.texts("PostgreSQL's dump", [f"\\x00{word.encode().hex()}00"], "there")
    postgres_server.drop(name)

    assert {hit.partition(",")[0] for hit in sinks.found} == {
        "PostgreSQL's data directory", "PostgreSQL's WAL", "PostgreSQL's dump",
    }  # fmt: skip


def test_a_report_names_no_other_patient_of_its_world(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("<p>Ana Ruiz, and Quillon Zebrowitz</p>")
    sinks = Sinks()

    sinks.report(tmp_path, "here")

    assert sinks.found == ["reports of careline eval, here: Quillon", "reports of careline eval, here: Zebrowitz"]


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
