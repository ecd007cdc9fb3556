"""`careline import`: patients, appointments and blocks from CSV or JSON lines into the built-in schedule.

Safe to repeat: a row that is there already is left alone, one that changed is brought up to date. A bad row is
reported and left out; the others are taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal, get_args

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.ehr.files import BadRow, RawRow, read_rows
from agent.ehr.loading import Overlaps, What, state_block, state_visit
from agent.ehr.open import Records
from agent.ehr.rows import AppointmentRow, BlockRow, PatientRow
from agent.storage.engine import Database

ImportKind = Literal["patients", "appointments", "blocks"]
KINDS: tuple[ImportKind, ...] = get_args(ImportKind)
_ROWS: dict[ImportKind, type[PatientRow | AppointmentRow | BlockRow]] = {
    "patients": PatientRow,
    "appointments": AppointmentRow,
    "blocks": BlockRow,
}
_WORDS = {
    "missing": "this is missing",
    "extra_forbidden": "this column is not known",
    "string_type": "a text is expected",
    "literal_error": "this is not one of the values it can have",
}
_BATCH = 200
"""Rows a transaction: a running server waits for one at most."""

Row = PatientRow | AppointmentRow | BlockRow
Place = tuple[int, Row]


@dataclass(kw_only=True)
class ImportReport:
    """What an import did."""

    kind: ImportKind
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: list[BadRow] = field(default_factory=list)

    def count(self, what: "What | BadRow") -> None:
        """Count what became of one row."""
        if isinstance(what, BadRow):
            self.bad.append(what)
        else:
            setattr(self, what, getattr(self, what) + 1)

    def lines(self) -> list[str]:
        """Return the report in words: one line a bad row, then the counts."""
        counts = f"{self.added} added, {self.changed} changed, {self.unchanged} unchanged, {len(self.bad)} left out"
        return [*(str(row) for row in self.bad), f"{self.kind}: {counts}"]


async def import_file(kind: ImportKind, file: Path, *, records: Records, database: Database) -> ImportReport:
    """Load a file (``.csv``, or JSON lines whatever its name) and say what became of each row.

    Raises ConfigError for a file that cannot be read or whose columns are not known, ServiceError.
    """
    report = ImportReport(kind=kind)
    rows = _parsed(kind, file, report)
    while batch := list(islice(rows, _BATCH)):
        if kind == "patients":
            await _patients(batch, records, database, report)
        else:
            await _stated(batch, records, database, report)
    report.bad.sort(key=lambda row: row.line)
    return report


def _parsed(kind: ImportKind, file: Path, report: ImportReport) -> Iterator[Place]:
    model = _ROWS[kind]
    seen: dict[str, int] = {}
    for raw in read_rows(file, columns=tuple(model.model_fields)):
        if isinstance(raw, BadRow):
            report.bad.append(raw)
            continue
        try:
            row = model.model_validate(raw.values)
        except ValidationError as wrong:
            report.bad.append(_bad(raw, wrong))
            continue
        id = getattr(row, "id", None)
        if id is not None and seen.setdefault(id, raw.line) != raw.line:
            reason = f"the same id stands on line {seen[id]} already"
            report.bad.append(BadRow(line=raw.line, field="id", reason=reason))
            continue
        yield raw.line, row


def _bad(raw: RawRow, wrong: ValidationError) -> BadRow:
    first = wrong.errors(include_url=False, include_input=False)[0]
    words = _WORDS.get(first["type"]) or first["msg"].removeprefix("Value error, ")
    return BadRow(line=raw.line, field=str(first["loc"][0]) if first["loc"] else None, reason=words)


async def _patients(batch: list[Place], records: Records, database: Database, report: ImportReport) -> None:
    directory = records.patients.directory
    there = {one.id: one for one in await directory.people()}
    kept = []
    for _, row in batch:
        if isinstance(row, PatientRow):
            patient, before = row.patient(), there.get(row.id)
            report.count("added" if before is None else "unchanged" if before == patient else "changed")
            if before != patient:
                kept.append(patient)
    await database.write(lambda connection: directory.keep(connection, *kept))


async def _stated(batch: list[Place], records: Records, database: Database, report: ImportReport) -> None:
    known = {one.id for one in await records.patients.directory.people()}

    async def work(connection: AsyncConnection) -> list[What | BadRow]:
        return [await _state(connection, line, row, records, known) for line, row in batch]

    for what in await database.write(work):
        report.count(what)


async def _state(connection: AsyncConnection, line: int, row: Row, records: Records, known: set[str]) -> What | BadRow:
    if isinstance(row, PatientRow):
        raise TypeError("patients are kept by the directory")
    problem = row.problem(records.practice)
    if problem is not None:
        return BadRow(line=line, field=problem[0], reason=problem[1])
    if isinstance(row, BlockRow):
        return await state_block(connection, row)
    if row.patient not in known:
        return BadRow(line=line, field="patient", reason="there is no such patient")
    try:
        return await state_visit(connection, row.visit(records.practice))
    except Overlaps:
        return BadRow(line=line, field="start", reason="the provider has another visit at that time")
