"""Callers talk to a served practice over HTTP from its words alone, and are graded on its schedule."""

from pathlib import Path

import pytest

from evals.callers_http import HERE, run_file, summary
from evals.http_callers.grading import Snapshot, grade
from evals.http_callers.people import Callers, Expected, Wanted, read_file

KEPT = ("t-cancel-prenatal", "t-es-mover", "t-only-eight-am", "t-all-at-once")
"""One who cancels, who moves, who refuses everything, and who says all at once."""


@pytest.mark.timeout(420)
def test_callers_of_several_tempers_end_right_on_the_schedule_of_another_practice() -> None:
    file = read_file(HERE / "http_callers" / "third.yaml")
    few = file.model_copy(update={"callers": tuple(one for one in file.callers if one.id in KEPT)})

    results = run_file(few, seed=1)

    assert [line for line in summary(results) if line.startswith("  ")] == []
    assert len(results) == len(KEPT)


def test_every_file_of_callers_is_readable_and_names_everybody_once() -> None:
    files: list[Callers] = [
        read_file(file) for file in sorted((HERE / "http_callers").glob("*.yaml")) if _callers(file)
    ]

    ids = [person.id for file in files for person in file.callers]

    assert len(ids) > 150
    assert len(ids) == len(set(ids))


def _callers(file: Path) -> bool:
    return file.stem not in ("hands", "reading")


def row(id: str, start: str, patient: str = "P-1", status: str = "booked") -> dict[str, str]:
    return {"id": id, "patient": patient, "provider": "x", "visit_type": "v", "start": start, "status": status}


def snapshot(*rows: dict[str, str], tickets: dict[str, str] | None = None) -> Snapshot:
    return Snapshot(appointments={one["id"]: one for one in rows}, tickets=tickets or {})


def test_a_booking_nobody_wished_for_is_false_whatever_else_is_right() -> None:
    after = snapshot(row("A", "2026-10-08T09:00:00-05:00"), row("B", "2026-10-09T09:00:00-05:00"))

    mark = grade(snapshot(), after, Expected(booked=(Wanted(patient="P-1", not_before="09:00"),)), frozenset({"P-1"}))

    assert mark.false_writes
    assert not mark.right


def test_nothing_wished_and_nothing_changed_is_right() -> None:
    same = snapshot(row("A", "2026-10-08T09:00:00-05:00"))

    assert grade(same, same, Expected(), frozenset({"P-1"})).right


def test_a_visit_freed_without_a_wish_is_false() -> None:
    before = snapshot(row("A", "2026-10-08T09:00:00-05:00"))
    after = snapshot(row("A", "2026-10-08T09:00:00-05:00", status="cancelled"))

    assert grade(before, after, Expected(), frozenset()).false_writes == ("freed A",)


def test_a_ticket_that_was_due_and_is_missing_is_told() -> None:
    mark = grade(snapshot(), snapshot(tickets={"T": "message"}), Expected(tickets=("emergency",)), frozenset())

    assert "emergency" in mark.missing[0]
