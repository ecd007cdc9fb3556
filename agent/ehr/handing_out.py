"""One patient's data as one document."""

import json
from dataclasses import asdict

from agent.ehr.dossier import Dossier, Json
from agent.storage.open import Storage


async def as_json(storage: Storage, found: Dossier) -> Json:
    """READ a dossier as one document: chart, visits, calls, conversations with their decisions, tickets, what is unclear."""
    decided = {id: await storage.decisions.of(id) for id in found.ids}
    return {
        "patient": json.loads(json.dumps(asdict(found.patient), default=str)),
        "visits": list(found.visits),
        "calls": list(found.calls),
        "conversations": [
            {
                "id": one.id,
                "lines": [
                    {"who": line.who, "at": line.at.isoformat(), "text": line.text.reveal()} for line in one.lines
                ],
                "decisions": [{"at": record.at.isoformat(), **record.body} for record in decided[one.id]],
            }
            for one in found.conversations
        ],
        "tickets": [json.loads(json.dumps(asdict(one), default=str)) for one in found.tickets],
        "to_look_at": found.to_look_at,
    }
