"""Compares what changed on the schedule and in the queues with what a caller's wish comes to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evals.http_callers.people import Expected, Wanted

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The exported appointments by id, and the kinds of tickets by id."""

    appointments: dict[str, Row]
    tickets: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Grade:
    """What is wrong with an end state; nothing is when both are empty."""

    false_writes: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether the end state is the one the wish comes to."""
        return not self.false_writes and not self.missing


def grade(before: Snapshot, after: Snapshot, expect: Expected, known: frozenset[str]) -> Grade:
    """Grade one conversation by the schedule before and after it."""
    gone = {id for id, row in before.appointments.items() if _left(row, after.appointments.get(id))}
    come = [row for id, row in after.appointments.items() if _arrived(before.appointments.get(id), row)]
    missing = [f"not cancelled: {id}" for id in expect.cancelled if id not in gone]
    allowed = {*expect.cancelled, *(wanted.instead_of for wanted in expect.booked if wanted.instead_of)}
    for wanted in expect.booked:
        match = next((row for row in come if not list(differences(wanted, row, known))), None)
        if match is None:
            why = [", ".join(differences(wanted, row, known)) for row in come]
            missing.append(f"not booked: {wanted.model_dump(exclude_defaults=True, mode='json')}; got {why}")
        else:
            come.remove(match)
        if wanted.instead_of and wanted.instead_of not in gone:
            missing.append(f"not moved: {wanted.instead_of}")
    opened = {kind for id, kind in after.tickets.items() if id not in before.tickets}
    if expect.tickets and not opened & set(expect.tickets):
        missing.append(f"no ticket of {expect.tickets}, opened {sorted(opened)}")
    false = [f"booked {row['visit_type']} {row['provider']} {row['start']}" for row in come]
    false += [f"freed {id}" for id in sorted(gone - allowed)]
    return Grade(false_writes=tuple(false), missing=tuple(missing))


def _left(row: Row, now: Row | None) -> bool:
    return row["status"] == "booked" and (now is None or now["status"] != "booked" or now["start"] != row["start"])


def _arrived(was: Row | None, row: Row) -> bool:
    return row["status"] == "booked" and (was is None or was["status"] != "booked" or was["start"] != row["start"])


def differences(wanted: Wanted, row: Row, known: frozenset[str]) -> Iterator[str]:
    """Yield what differs between a wanted visit and a booked one."""
    start = datetime.fromisoformat(row["start"])
    if (row["patient"] in known) if wanted.patient == "new" else row["patient"] != wanted.patient:
        yield f"patient {row['patient']}"
    if wanted.provider and row["provider"] not in wanted.provider:
        yield f"provider {row['provider']}"
    if wanted.visit_type and row["visit_type"] not in wanted.visit_type:
        yield f"visit type {row['visit_type']}"
    if wanted.days and start.date() not in wanted.days:
        yield f"day {start.date()}"
    if wanted.weekdays and start.weekday() not in wanted.weekdays:
        yield f"weekday of {start.date()}"
    if not wanted.not_before <= start.strftime("%H:%M") < wanted.before:
        yield f"time {start.strftime('%H:%M')}"
