"""What there is after a conversation: everything a judge needs, as plain JSON."""

import json
from typing import Any

import sqlalchemy as sa

from agent.app import House
from agent.ehr.tables import commits, visits
from evals.benchmarks.bookers import audit
from evals.outcomes import rows_of


async def look(house: House, id: str) -> dict[str, Any]:
    """Return what is kept of a conversation, and whether the whole is whole."""
    found, transcript = await audit(house.storage.database), await house.front_desk.transcript(id)
    async with house.storage.database.read() as connection:
        mine = sa.select(commits.c.receipts).where(commits.c.once.startswith(id, autoescape=True))
        receipts = [json.loads(str(row[0])) for row in (await connection.execute(mine.order_by(commits.c.at))).all()]
        booked = {row.id: row for row in (await connection.execute(sa.select(visits))).all()}
    tickets = [row for kind in ("handoffs", "messages", "callbacks") for row in await rows_of(house, kind)]
    bodies: list[Any] = [record.body for record in await house.storage.decisions.of(id)]
    lines = transcript.lines if transcript else ()
    return {
        "whole": found.clean, "audit": str(found), "chain": (await house.storage.audit.verify()).holds,
        "commits": receipts,
        "visits": {
            key: {"status": row.status, "start": row.start.isoformat(), "patient": row.patient}
            for key, row in booked.items()
        },
        "tickets": [str(row["id"]) for row in tickets], "rules": [str(row.get("rule")) for row in tickets],
        "decided": [[one["id"] for one in body.get("receipts") or []] for body in bodies],
        "said": [line.text.reveal() for line in lines if line.who == "agent"],
        "heard": [line.text.reveal() for line in lines if line.who == "caller"],
        "state": transcript.state if transcript else None,
    }  # fmt: skip
