"""Imports say what became of every row, may be repeated, and exports give back what is there."""

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from agent.domain.conversation import Reply
from agent.domain.errors import ConfigError, OutsideRules
from agent.domain.handoff import Draft
from agent.domain.patients import Given, Patient, Person
from agent.domain.text import ClearText
from agent.ehr.exporting import ExportKind, export_rows
from agent.ehr.importing import ImportKind, ImportReport, import_file
from tests.practice_of_two import NOW, PRACTICE, Office, every_byte_in, office, slot

PATIENTS = """\
id,first,last,born,phone,guardians
P-1,Ana,Ruiz,1984-05-17,(212) 555-0117,
P-2,Leo,Ruiz,2020-01-02,,P-1; Eva Ruiz Gomez +1 212 555 0118
P-3,,Nobody,1990-01-01,,
P-4,Bad,Date,17.05.1984,,
P-5,Bad,Phone,1990-01-01,12,
P-1,Twice,There,1990-01-01,,
"""
START = "2026-03-02T10:00:00-05:00"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path / "data") as opened:
        yield opened


async def load(desk: Office, kind: ImportKind, file: Path, text: str) -> ImportReport:
    _write(file, text)
    return await import_file(kind, file, records=desk.records, database=desk.storage.database)


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


async def rows(desk: Office, kind: ExportKind) -> list[dict[str, object]]:
    found = [row async for row in export_rows(kind, storage=desk.storage, zone=PRACTICE.zone)]
    return [json.loads(json.dumps(row)) for row in found]


def appointment(**changed: object) -> dict[str, object]:
    row = {"id": "A-1", "patient": "P-1", "provider": "kim", "location": "main", "visit_type": "follow_up"}
    return row | {"start": START, "status": "booked"} | changed


def jsonl(*items: object) -> str:
    return "\n".join(json.dumps(item) for item in items) + "\n"


async def test_good_rows_are_taken_and_bad_ones_named_by_line_and_column(desk: Office, tmp_path: Path) -> None:
    report = await load(desk, "patients", tmp_path / "p.csv", PATIENTS)

    assert report.lines() == [
        "line 4, first: this is missing",
        "line 5, born: a date is written 1984-05-17",
        'line 6, phone: a phone number is written with country code, "+12125550117"',
        "line 7, id: the same id stands on line 2 already",
        "patients: 2 added, 0 changed, 0 unchanged, 4 left out",
    ]
    assert await desk.records.patients.patient("P-2") == Patient(
        id="P-2",
        first="Leo",
        last="Ruiz",
        born=date(2020, 1, 2),
        guardians=("P-1", Person(first="Eva", last="Ruiz Gomez", phone="+12125550118")),
    )


async def test_an_import_may_be_repeated_and_corrected(desk: Office, tmp_path: Path) -> None:
    await load(desk, "patients", tmp_path / "p.csv", PATIENTS)

    again = await load(desk, "patients", tmp_path / "p.csv", PATIENTS)
    corrected = await load(desk, "patients", tmp_path / "p.csv", PATIENTS.replace("Ana", "Anna"))

    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert (corrected.added, corrected.changed, corrected.unchanged) == (0, 1, 1)


async def test_json_lines_are_read_like_csv(desk: Office, tmp_path: Path) -> None:
    one = {
        "id": "P-1",
        "first": "Ana",
        "last": "Ruiz",
        "born": "1984-05-17",
        "guardians": ["P-2", {"first": "E", "last": "R"}],
    }
    text = jsonl(one, [1]) + "{broken\n\n" + jsonl({**one, "id": "P-2", "color": "red"})

    report = await load(desk, "patients", tmp_path / "p.jsonl", text)

    assert report.lines()[:-1] == [
        "line 2: one JSON object a line is expected",
        "line 3: this is not valid JSON",
        "line 5, color: this column is not known",
    ]
    assert report.added == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("p.csv", b"id,first,nickname\n", "the column 'nickname' is not known"),
        ("p.csv", b"", "the file is empty"),
        ("p.csv", b"id,first\n\xff\xfe\n", "UTF-8"),
        ("missing.csv", None, "cannot be read"),
    ],
)
async def test_a_file_that_cannot_be_used_is_one_sentence(
    desk: Office, tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    if content is not None:
        _write_bytes(tmp_path / name, content)

    with pytest.raises(ConfigError, match=sentence):
        await import_file("patients", tmp_path / name, records=desk.records, database=desk.storage.database)


def _write_bytes(file: Path, content: bytes) -> None:
    file.write_bytes(content)


async def test_appointments_are_checked_against_practice_patients_and_each_other(desk: Office, tmp_path: Path) -> None:
    await load(desk, "patients", tmp_path / "p.csv", PATIENTS)
    text = jsonl(
        appointment(),
        appointment(id="A-2", start="2026-03-02T10:10:00-05:00", patient="P-2"),
        appointment(id="A-3", provider="nobody"),
        appointment(id="A-4", patient="P-99"),
        appointment(id="A-5", start="2026-03-02T10:00:00"),
        appointment(id="A-6", start="2020-03-02T05:00:00-05:00"),
    )

    report = await load(desk, "appointments", tmp_path / "a.jsonl", text)

    assert report.lines() == [
        "line 2, start: the provider has another visit at that time",
        "line 3, provider: the practice has no provider 'nobody'",
        "line 4, patient: there is no such patient",
        "line 5, start: a time needs its offset, as in 2026-03-02T09:00:00-05:00",
        "appointments: 2 added, 0 changed, 0 unchanged, 4 left out",
    ]


async def test_what_is_exported_can_be_imported_again(desk: Office, tmp_path: Path) -> None:
    await load(desk, "patients", tmp_path / "p.csv", PATIENTS)
    await load(desk, "appointments", tmp_path / "a.jsonl", jsonl(appointment()))

    exported = await rows(desk, "appointments")
    again = await load(desk, "appointments", tmp_path / "b.jsonl", jsonl(*exported))

    assert exported == [appointment()]
    assert (again.unchanged, again.bad) == (1, [])


async def test_an_appointment_that_changed_moves_and_one_that_is_cancelled_frees_its_time(
    desk: Office, tmp_path: Path
) -> None:
    await load(desk, "patients", tmp_path / "p.csv", PATIENTS)
    await load(desk, "appointments", tmp_path / "a.jsonl", jsonl(appointment()))
    ten = slot(NOW + timedelta(hours=2))

    moved = await load(
        desk, "appointments", tmp_path / "a.jsonl", jsonl(appointment(start="2026-03-02T11:00:00-05:00"))
    )
    assert (moved.changed, moved.added) == (1, 0)
    assert await desk.book("P-2", ten)

    await load(desk, "appointments", tmp_path / "a.jsonl", jsonl(appointment(status="cancelled")))
    assert await desk.book("P-1", slot(NOW + timedelta(hours=3)))


async def test_an_imported_appointment_pushes_a_callers_hold_aside(desk: Office, tmp_path: Path) -> None:
    await load(desk, "patients", tmp_path / "p.csv", PATIENTS)
    ten = slot(NOW + timedelta(hours=2))
    await desk.records.schedule.hold([ten], holder="call-1", until=NOW + timedelta(minutes=10))

    report = await load(desk, "appointments", tmp_path / "a.jsonl", jsonl(appointment()))

    assert report.added == 1
    assert ten not in await desk.open(days=0.2)


async def test_blocks_stop_bookings_and_are_taken_once(desk: Office, tmp_path: Path) -> None:
    block = {"provider": "kim", "start": "2026-03-02T09:00:00-05:00", "end": "2026-03-02T12:00:00-05:00"}

    first = await load(desk, "blocks", tmp_path / "b.jsonl", jsonl(block, {**block, "end": block["start"]}))
    again = await load(desk, "blocks", tmp_path / "b.jsonl", jsonl(block))

    assert (first.added, len(first.bad), again.unchanged) == (1, 1, 1)
    with pytest.raises(OutsideRules, match="blocked"):
        await desk.book("P-1", slot(NOW + timedelta(hours=2)))


async def test_tickets_are_exported_by_what_they_ask_for(desk: Office) -> None:
    for kind in ("emergency", "refill_request", "callback"):
        draft = Draft(kind=kind, summary="Ana", details={"a": "b"}, due=NOW, rule="r")  # type: ignore[arg-type]
        await desk.storage.tickets.open(draft, conversation="c", once=kind)

    exported = {kind: await rows(desk, kind) for kind in ("handoffs", "messages", "callbacks")}  # type: ignore[arg-type]

    assert {kind: [row["kind"] for row in found] for kind, found in exported.items()} == {
        "handoffs": ["emergency"],
        "messages": ["refill_request"],
        "callbacks": ["callback"],
    }
    assert exported["handoffs"][0]["due"] == "2026-03-02T08:00:00-05:00"


async def test_conversations_are_exported_in_the_words_the_patient_saw(desk: Office) -> None:
    id = await desk.storage.conversations.create(channel="chat", lang="en", at=NOW)
    reply = Reply(id="r", text=ClearText("Hello"), state="open")
    await desk.storage.conversations.record(id, heard=ClearText("hi"), reply=reply, at=NOW)

    exported = await rows(desk, "conversations")

    assert exported[0]["id"] == id
    assert [(line["who"], line["text"]) for line in exported[0]["lines"]] == [("caller", "hi"), ("agent", "Hello")]  # type: ignore[attr-defined]


async def test_an_export_runs_beside_a_server_that_writes(desk: Office, tmp_path: Path) -> None:
    await desk.book("P-1", slot(NOW + timedelta(hours=2)))

    async with office(tmp_path / "data") as beside:
        first = export_rows("appointments", storage=beside.storage, zone=PRACTICE.zone)
        await anext(first)
        await desk.book("P-2", slot(NOW + timedelta(hours=3)))
        await first.aclose()
        assert len(await rows(beside, "appointments")) == 2


async def test_the_directory_knows_new_patients_at_once_in_every_process(desk: Office, tmp_path: Path) -> None:
    async with office(tmp_path / "data") as beside:
        given = Given(name=("ana ruiz",), born=("may 17 1984",))
        assert (await beside.records.patients.match(given)).outcome == "none"
        person = Person(first="Ana", last="Ruiz", born=date(1984, 5, 17))

        first = await desk.records.patients.register(person, once="k")
        again = await desk.records.patients.register(person, once="k")

        assert first == again
        assert (await beside.records.patients.match(given)).patient == first


async def test_guardians_are_known_by_chart_or_by_name_and_listed_phone(desk: Office, tmp_path: Path) -> None:
    await load(desk, "patients", tmp_path / "p.csv", PATIENTS)
    charges = desk.records.patients.charges

    assert [p.id for p in await charges(Person(first="ana", last="RUIZ", born=date(1984, 5, 17)))] == ["P-2"]
    assert [p.id for p in await charges(Person(first="Eva", last="Ruiz Gómez", phone="+12125550118"))] == ["P-2"]
    assert await charges(Person(first="Ana", last="Ruiz", born=date(1984, 5, 18))) == []
    assert await charges(Person(first="Eva", last="Ruiz Gomez")) == []
    assert await charges(Person(first="Eva", last="Ruiz Gomez", phone="+12125550119")) == []


async def test_no_patient_stands_in_the_files_in_clear(desk: Office, tmp_path: Path) -> None:
    await load(desk, "patients", tmp_path / "p.csv", PATIENTS.replace("Ana", "Zebediah"))

    _remove(tmp_path / "p.csv")

    found = every_byte_in(tmp_path)
    assert b"Zebediah" not in found
    assert b"1984-05-17" not in found
    assert b"2125550117" not in found


def _remove(file: Path) -> None:
    file.unlink()
