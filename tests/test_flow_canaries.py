"""No canary patient is left in clear anywhere after whole conversations: not on disk, in logs, models' inputs or reports."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.app import Adapters, open_knowledge
from agent.domain.clock import SystemClock
from agent.domain.errors import ServiceDown
from agent.ehr.rows import PatientRow
from agent.settings import Settings, shipped
from evals.command import Result
from evals.faults import Failing
from evals.flow.canaries import CANARIES, Canary, hits, hits_in_folder
from evals.flow.conversations import KNOWN, Listening, adapters_with, all_logs, conversations, hold_all, process_words
from evals.report import write_report
from evals.runner import run_scenario
from evals.schema import Fault, read_scenario
from tests.talking import visit

VISITS = tuple(
    visit(f"A-{number}", patient.id, f"2026-03-{9 + number:02}T10:00:00-04:00")
    for number, patient in enumerate(KNOWN, 1)
)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.first)
async def test_whole_conversations_leave_no_canary_in_clear(
    desk: Any, stage: Any, tmp_path: Path, temporary: Path, canary: Canary
) -> None:
    model = Listening(stage.models.understanding)

    with all_logs() as lines:
        line = await desk(adapters=adapters_with(model), patients=KNOWN, appointments=VISITS)
        answers = await hold_all(line, canary)
        on_disk = hits_in_folder(line.folder)
        await line.house.close()

    assert len(answers) > 30
    assert hits(model.heard) == []
    assert hits(lines) == []
    assert on_disk == []
    assert hits_in_folder(line.folder) == []
    assert hits_in_folder(temporary) == []
    assert hits(process_words()) == []


async def test_what_is_sealed_on_disk_is_really_there(desk: Any, stage: Any) -> None:
    canary = CANARIES[0]
    line = await desk(patients=KNOWN, appointments=VISITS)

    call = await line.call()
    await call.say_all(*conversations(canary)["message"])
    transcript = await line.house.front_desk.transcript(call.id)
    tickets = await line.rows("messages") + await line.rows("callbacks")

    assert any(canary.last in row.text.reveal() for row in transcript.lines)
    assert canary.last in repr(tickets)
    assert hits_in_folder(line.folder) == []


@pytest.mark.parametrize("service", ["schedule", "patients", "tickets", "understanding", "knowledge"])
async def test_failing_parts_tell_no_canary_in_logs_or_exceptions(desk: Any, stage: Any, service: str) -> None:
    canary = CANARIES[0]
    model = Listening(stage.models.understanding)
    faults = (Fault(service=service, how="down"),)
    ports = {
        "schedule": lambda storage, records: Failing(records.schedule, "schedule", faults, lambda: 1),
        "patients": lambda storage, records: Failing(records.patients, "patients", faults, lambda: 1),
        "tickets": lambda storage, records: Failing(storage.tickets, "tickets", faults, lambda: 1),
        "knowledge": lambda storage, records: _Down(),
    }
    broken = {service: ports[service]} if service in ports else {}
    model = _Breaking(model) if service == "understanding" else model

    with all_logs() as lines:
        line = await desk(adapters=adapters_with(model, **broken), patients=KNOWN, appointments=VISITS)
        answers = await hold_all(line, canary, "book", "refill", "wrong identity")

    assert all(answer.strip() for answer in answers)
    assert hits(lines) == []
    assert hits_in_folder(line.folder) == []


async def test_an_unforeseen_exception_that_quotes_the_caller_is_logged_without_its_words(
    desk: Any, stage: Any
) -> None:
    canary = CANARIES[1]
    asked: list[str] = []

    class Quoting:
        async def find(self, question: str, *, lang: str) -> Any:
            asked.append(lang)
            raise RuntimeError(f"cannot find {canary.name} {canary.phone}")

    with all_logs() as lines:
        line = await desk(adapters=lambda storage, records: Adapters(knowledge=Quoting()), patients=KNOWN)
        call = await line.call()
        answer = await call.say("is there somewhere to lock up my bike")

    assert asked == ["en"]
    assert answer.strip()
    assert any("turn_failed" in one for one in lines)
    assert hits(lines) == []


async def test_the_vector_store_holds_the_practices_texts_only(desk: Any, stage: Any, tmp_path: Path) -> None:
    folder, _, _ = stage.practice(shipped("knowledge"))
    settings = Settings(data_dir=tmp_path / "kept")
    knowledge = await asyncio.to_thread(open_knowledge, settings, folder, stage.models.encoders, SystemClock())
    line = await desk(adapters=lambda storage, records: Adapters(knowledge=knowledge), patients=KNOWN)

    call = await line.call()
    for words in conversations(CANARIES[2])["not understood"]:
        await call.say(words)

    assert any((tmp_path / "kept").rglob("*"))
    assert hits_in_folder(tmp_path / "kept") == []


async def test_eval_reports_name_no_other_patient(stage: Any, tmp_path: Path) -> None:
    file = Path(__file__).parents[1] / "evals/scenarios/happy/one-visit-is-cancelled.yaml"
    scenario, setting = read_scenario(file, None)
    others = tuple(
        PatientRow(id=f"C-{number}", first=one.first, last=one.last, born=one.born, phone=f"+1{one.phone}")
        for number, one in enumerate(CANARIES)
    )
    crowded = setting.world.model_copy(update={"patients": (*setting.world.patients, *others)})
    setting = replace(setting, world=crowded)

    outcome = await run_scenario(scenario, setting, stage, seed=1)
    result = Result(name="one", purpose="x", problems=[["said too much"]], outcomes=[outcome])
    write_report(tmp_path / "report", [result], seconds=1, seed=1)

    assert len(outcome.turns) > 2
    assert len(list((tmp_path / "report").iterdir())) == 3
    assert hits_in_folder(tmp_path / "report") == []


class _Down:
    """A knowledge index that is gone."""

    async def find(self, question: str, *, lang: str) -> Any:
        raise ServiceDown("knowledge")


class _Breaking(Listening):
    """An understanding that hears and then fails."""

    def __init__(self, listening: Listening) -> None:
        super().__init__(listening)

    async def understand(self, utterance: Any) -> Any:
        await super().understand(utterance)
        raise ServiceDown("understanding")
