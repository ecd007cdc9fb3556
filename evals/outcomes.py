"""What came of a conversation: everything a check may look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.app import House
from agent.domain.model_calls import ModelCall, Spent
from agent.ehr.exporting import export_rows

Rows = list[dict[str, object]]


@dataclass(frozen=True, kw_only=True)
class Said:
    """One exchange."""

    caller: str
    agent: str
    asks: str | None
    sources: tuple[str, ...]
    ms: float


@dataclass(kw_only=True)
class Outcome:
    """Everything a check may look at."""

    turns: list[Said] = field(default_factory=list)
    opening: str = ""
    state: str = "open"
    connect: str | None = None
    before: Rows = field(default_factory=list)
    after: Rows = field(default_factory=list)
    tickets: Rows = field(default_factory=list)
    ticket_turns: dict[str, int] = field(default_factory=dict)
    flags: list[tuple[int, str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    broken: str | None = None
    model_calls: list[ModelCall] = field(default_factory=list)
    spent: Spent = field(default_factory=Spent)


async def rows_of(house: House, kind: Any) -> Rows:
    """Return what `careline export` would print."""
    zone = house.folder.practice.zone
    return [row async for row in export_rows(kind, storage=house.storage, zone=zone)]


async def note_tickets(house: House, outcome: Outcome) -> None:
    """Write down which tickets there are, and in which turn each was first seen."""
    outcome.tickets = [row for kind in ("handoffs", "messages", "callbacks") for row in await rows_of(house, kind)]
    for ticket in outcome.tickets:
        outcome.ticket_turns.setdefault(str(ticket["id"]), len(outcome.turns))


async def note_decisions(house: House, id: str, outcome: Outcome) -> None:
    """Write down which alarms were raised, and what was proposed."""
    for record in await house.storage.decisions.of(id):
        body: Mapping[str, Any] = record.body
        if body.get("flag"):
            outcome.flags.append((record.seq, str(body["flag"]["level"])))
        for call in (body.get("understood") or {}).get("calls", []):
            name = call["args"].get("intent")
            outcome.calls.append(f"{call['tool']}:{name}" if name else str(call["tool"]))


async def note_model_calls(house: House, id: str, outcome: Outcome) -> None:
    """Write down what was asked of language models, and what it cost."""
    kept = house.storage.model_calls
    await kept.settle()
    outcome.model_calls, outcome.spent = await kept.of(id), await kept.spent(id)
