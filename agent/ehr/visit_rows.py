"""Visits as rows, and receipts as JSON."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.scheduling import Receipt, Visit
from agent.ehr.tables import visits


def new_visit_id() -> str:
    """Return an id nobody has: 60 random bits."""
    return f"V-{secrets.token_hex(8)[:15]}"


def visit_of(row: Any) -> Visit:
    """Read a visit from its row."""
    return Visit(
        id=row.id,
        patient=row.patient,
        provider=row.provider,
        location=row.location,
        visit_type=row.visit_type,
        start=row.start,
        minutes=row.minutes,
        status=row.status,
    )


def end_of(visit: Visit) -> datetime:
    """Return when a visit is over."""
    return visit.start + timedelta(minutes=visit.minutes)


def visit_row(visit: Visit, *, unverified: bool) -> dict[str, object]:
    """Write a visit as a row."""
    return {
        "id": visit.id,
        "patient": visit.patient,
        "provider": visit.provider,
        "location": visit.location,
        "visit_type": visit.visit_type,
        "start": visit.start,
        "minutes": visit.minutes,
        "status": visit.status,
        "unverified": unverified,
    }


async def keep_visit(connection: AsyncConnection, visit: Visit, *, unverified: bool, is_new: bool) -> None:
    """WRITE a visit; its time is owned elsewhere."""
    row = visit_row(visit, unverified=unverified)
    change = sa.insert(visits) if is_new else sa.update(visits).where(visits.c.id == visit.id)
    await connection.execute(change.values(**row))


def receipts_to_json(receipts: Sequence[Receipt]) -> str:
    """Write receipts out."""
    return json.dumps([asdict(receipt) for receipt in receipts], default=datetime.isoformat)


def receipts_from_json(text: str) -> list[Receipt]:
    """Read receipts back."""
    found: list[dict[str, Any]] = json.loads(text)
    return [
        Receipt(
            id=item["id"],
            kind=item["kind"],
            visit=Visit(**{**item["visit"], "start": datetime.fromisoformat(item["visit"]["start"])}),
        )
        for item in found
    ]
