"""Visits as rows, and receipts as JSON."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from agent.domain.scheduling import Receipt, Visit


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
