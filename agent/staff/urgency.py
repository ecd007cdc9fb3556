"""How pressing a ticket is, and the order of the queue."""

from datetime import datetime
from typing import Literal

from agent.domain.handoff import HANDOFFS, Ticket

Urgency = Literal["now", "today", "waiting", "routine"]
"""now: a life may be at stake. today: a nurse the same day. waiting: a patient waits for a person. routine: by due time."""
Group = Literal["handoff", "message", "callback"]
_ORDER: tuple[Urgency, ...] = ("now", "today", "waiting", "routine")
_BY_KIND: dict[str, Urgency] = {
    "emergency": "now", "crisis": "now", "urgent": "today", "human_request": "waiting", "proxy_verification": "waiting",
}  # fmt: skip


def urgency(ticket: Ticket) -> Urgency:
    """Say how pressing a ticket is by its kind."""
    return _BY_KIND.get(ticket.kind, "routine")


def group(ticket: Ticket) -> Group:
    """Say in which list a ticket stands."""
    if ticket.kind in HANDOFFS:
        return "handoff"
    return "callback" if ticket.kind == "callback" else "message"


def overdue(ticket: Ticket, *, now: datetime) -> bool:
    """Say whether an open ticket should have been dealt with by now."""
    return ticket.status == "open" and ticket.due is not None and ticket.due < now


def in_order(tickets: list[Ticket], *, now: datetime) -> list[Ticket]:
    """Put the most pressing first: by urgency, then overdue, then due time, then waiting longest."""

    def key(ticket: Ticket) -> tuple[int, bool, float, float]:
        due = ticket.due.timestamp() if ticket.due else float("inf")
        return (_ORDER.index(urgency(ticket)), not overdue(ticket, now=now), due, ticket.opened.timestamp())

    return sorted(tickets, key=key)
