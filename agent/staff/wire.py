"""What the console's pages get to see, as JSON."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from agent.domain.conversation import Line, Transcript
from agent.domain.handoff import Ticket, TicketKind
from agent.staff.urgency import Group, Urgency, group, overdue, urgency
from agent.storage.switches import Switch, SwitchName


class TicketOut(BaseModel):
    """A ticket. `reason` is the red-flag or hand-over rule that opened it, if one did."""

    id: str
    kind: TicketKind
    group: Group
    urgency: Urgency
    status: Literal["open", "resolved"]
    reason: str | None
    summary: str
    details: dict[str, str]
    patient: str | None
    conversation: str | None
    opened: datetime
    due: datetime | None
    overdue: bool
    owner: str | None
    resolved_by: str | None
    resolved_at: datetime | None


class LineOut(BaseModel):
    """One line of a conversation."""

    seq: int
    who: Literal["caller", "agent", "staff"]
    name: str | None
    text: str
    at: datetime


class TranscriptOut(BaseModel):
    """A conversation as the patient saw it."""

    channel: str
    lang: str
    state: str
    lines: list[LineOut]


class OwnerIn(BaseModel):
    """Who looks after a ticket from now on: an account's name, or null for nobody."""

    owner: str | None


class SwitchOut(BaseModel):
    """A switch: None when nobody has turned it and the rules decide."""

    name: SwitchName
    on: bool | None = None
    by: str | None = None
    at: datetime | None = None


class SwitchIn(BaseModel):
    """Turn a switch; null lets the rules decide again."""

    name: SwitchName = "everything_to_people"
    on: bool | None


def ticket_out(ticket: Ticket, *, now: datetime) -> TicketOut:
    """Put a ticket on the wire."""
    return TicketOut(
        id=ticket.id, kind=ticket.kind, group=group(ticket), urgency=urgency(ticket), status=ticket.status,
        reason=ticket.rule, summary=ticket.summary, details=ticket.details, patient=ticket.patient,
        conversation=ticket.conversation, opened=ticket.opened, due=ticket.due, overdue=overdue(ticket, now=now),
        owner=ticket.owner, resolved_by=ticket.resolved_by, resolved_at=ticket.resolved_at,
    )  # fmt: skip


def line_out(line: Line) -> LineOut:
    """Put a line on the wire."""
    return LineOut(seq=line.seq, who=line.who, name=line.name, text=line.text.reveal(), at=line.at)


def transcript_out(transcript: Transcript) -> TranscriptOut:
    """Put a transcript on the wire."""
    lines = [line_out(line) for line in transcript.lines]
    return TranscriptOut(channel=transcript.channel, lang=transcript.lang, state=transcript.state, lines=lines)


def switch_out(name: SwitchName, turned: Switch | None) -> SwitchOut:
    """Put a switch on the wire."""
    return SwitchOut(name=name) if turned is None else SwitchOut(name=name, on=turned.on, by=turned.by, at=turned.at)
