"""Tickets for people: hand-overs, messages, promised calls."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

HandoffKind = Literal["human_request", "emergency", "crisis", "urgent", "proxy_verification"]
MessageKind = Literal["message", "refill_request", "results_callback", "records", "billing", "waitlist"]
TicketKind = Literal[HandoffKind, MessageKind, "callback"]

HANDOFFS: tuple[HandoffKind, ...] = ("human_request", "emergency", "crisis", "urgent", "proxy_verification")
MESSAGES: tuple[MessageKind, ...] = ("message", "refill_request", "results_callback", "records", "billing", "waitlist")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A ticket to be opened, in the words of its side of the boundary.

    In the dialogue every text holds pseudonyms; phi's gateway unmasks them when the ticket is created. `details` are
    named facts for staff ("drug", "pharmacy", "callback_number", "wish"). `rule` is the red-flag or hand-over rule.
    """

    kind: TicketKind
    summary: str
    details: dict[str, str] = field(default_factory=dict)
    patient: str | None = None
    rule: str | None = None
    due: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TicketReceipt:
    """Proof that a ticket is open, with when somebody will act on it at the latest."""

    id: str
    kind: TicketKind
    due: datetime | None


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A ticket as staff sees it. Clear text."""

    id: str
    kind: TicketKind
    conversation: str | None
    opened: datetime
    due: datetime | None
    status: Literal["open", "resolved"]
    summary: str
    details: dict[str, str]
    patient: str | None = None
    rule: str | None = None
    owner: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None
