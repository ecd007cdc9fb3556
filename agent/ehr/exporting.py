"""`careline export`: what is in the schedule and in the staff queue, as rows of plain JSON types."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import datetime
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from agent.domain.conversation import Transcript
from agent.domain.handoff import Ticket
from agent.ehr.tables import visits
from agent.storage.open import Storage
from agent.storage.tickets import EXPORTS

ExportKind = Literal["appointments", "handoffs", "messages", "callbacks", "conversations"]
KINDS: tuple[ExportKind, ...] = get_args(ExportKind)

Row = dict[str, object]


async def export_rows(kind: ExportKind, *, storage: Storage, zone: ZoneInfo) -> AsyncIterator[Row]:
    """READ the rows of one kind, oldest first; times carry the practice's offset. Raises ServiceError.

    Appointments have the shape that worlds and imports read.
    """
    if kind == "appointments":
        rows = _appointments(storage, zone)
    elif kind == "conversations":
        rows = _conversations(storage, zone)
    else:
        rows = _tickets(storage, zone, kind)
    async for row in rows:
        yield row


async def _appointments(storage: Storage, zone: ZoneInfo) -> AsyncIterator[Row]:
    async with storage.database.read() as connection:
        found = await connection.stream(sa.select(visits).order_by(visits.c.start, visits.c.id))
        async for row in found:
            yield {
                "id": row.id,
                "patient": row.patient,
                "provider": row.provider,
                "location": row.location,
                "visit_type": row.visit_type,
                "start": _time(row.start, zone),
                "status": row.status,
            }


async def _tickets(storage: Storage, zone: ZoneInfo, kind: str) -> AsyncIterator[Row]:
    found = await storage.tickets.list(kinds=EXPORTS[kind], limit=1_000_000)
    for ticket in reversed(found):
        yield ticket_row(ticket, zone)


async def _conversations(storage: Storage, zone: ZoneInfo) -> AsyncIterator[Row]:
    async for transcript in storage.conversations.every():
        yield conversation_row(transcript, zone)


def ticket_row(ticket: Ticket, zone: ZoneInfo) -> Row:
    """Return a ticket as plain JSON types."""
    return {key: _time(value, zone) if isinstance(value, datetime) else value for key, value in asdict(ticket).items()}


def conversation_row(transcript: Transcript, zone: ZoneInfo) -> Row:
    """Return a conversation as plain JSON types, in the words the patient saw."""
    lines = [
        {"who": line.who, "name": line.name, "text": line.text.reveal(), "at": _time(line.at, zone)}
        for line in transcript.lines
    ]
    return {
        "id": transcript.id,
        "channel": transcript.channel,
        "lang": transcript.lang,
        "state": transcript.state,
        "lines": lines,
    }


def _time(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat()
