"""What was done for whom in which conversation: whose chart was opened, booked for, registered or noted."""

from collections.abc import Iterable

import sqlalchemy as sa

from agent.domain.handoff import Ticket
from agent.ehr.tables import commits, registrations
from agent.ehr.visit_rows import receipts_from_json
from agent.storage.open import Storage

Traces = dict[str, set[str]]
"""By conversation, gone ones too, the patients for whom something was done in it."""


async def traces(storage: Storage, tickets: Iterable[Ticket]) -> Traces:
    """READ all of them in one pass. Raises ServiceError."""
    found = await storage.audit.charts_opened()
    for ticket in tickets:
        if ticket.patient and ticket.conversation:
            found.setdefault(ticket.conversation, set()).add(ticket.patient)
    async with storage.database.read() as connection:
        for row in await connection.execute(sa.select(registrations.c.once, registrations.c.patient)):
            found.setdefault(_conversation(row.once), set()).add(row.patient)
        async for row in await connection.stream(sa.select(commits.c.once, commits.c.receipts)):
            whose = {receipt.visit.patient for receipt in receipts_from_json(row.receipts)}
            found.setdefault(_conversation(row.once), set()).update(whose)
    return found


def _conversation(once: str) -> str:
    """Return the conversation a once-key was made in; some word for what no conversation did."""
    return once.partition(":")[0]
