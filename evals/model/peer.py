"""A competent model to talk to: it reads a request as it came over the wire and answers as the local understanding would.

It sees nothing but the request, so whatever a model needs must be in there.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from agent.dialogue.understanding.openai.schema import SURE, tools
from agent.dialogue.understanding.tools import Args, Understanding, Understood, Utterance
from agent.domain.practice import Practice
from agent.domain.scheduling import Slot
from agent.domain.text import SafeText
from evals.model.deeds import Asked, Deed, Says

CERTAIN, LIKELY = 0.85, 0.5
"""From which confidence of the local understanding the peer calls itself certain, or likely."""


class Peer:
    """Answers for the practices it knows, told apart by their names in the prompt."""

    def __init__(self, understanding: Understanding, practices: Sequence[Practice]) -> None:
        self._understanding = understanding
        self.practices = list(practices)

    async def __call__(self, asked: Asked) -> Deed:
        """Answer a request."""
        return Says(text=json.dumps(await self.proposals(asked)))

    async def proposals(self, asked: Asked) -> dict[str, Any]:
        """Return the answer as JSON."""
        return answer_json(await self._understanding.understand(self.utterance(asked)))

    def utterance(self, asked: Asked) -> Utterance:
        """Return what a request says of a turn."""
        system, user = asked.json["messages"][:2]
        practice = max((one for one in self.practices if one.name in system["content"]), key=lambda one: len(one.name))
        turn = json.loads(user["content"])
        now = datetime.strptime(turn["today"].partition(",")[0], "%Y-%m-%d %H:%M").replace(tzinfo=practice.zone)
        return Utterance(
            text=SafeText(turn["words"]), now=now, practice=practice, lang=turn["language"], asked=turn["asked"],
            prev=SafeText(turn["said_before"]) if turn["said_before"] else None, task=turn["task"],
            offered=tuple(_slot(offer, practice) for offer in turn["offered"]),
            alternatives=tuple(SafeText(other) for other in turn["other_readings"]),
        )  # fmt: skip


def answer_json(understood: Understood) -> dict[str, Any]:
    """Return an understanding in the form the schema asks for."""
    sure = "certain" if understood.confidence >= CERTAIN else "likely" if understood.confidence >= LIKELY else "unsure"
    if sure not in SURE:
        raise ValueError("the schema knows other words")
    return {
        "intent": understood.intent, "next": understood.next, "sure": sure, "concern": understood.concern,
        "calls": [call_json(call) for call in understood.calls],
    }  # fmt: skip


def call_json(call: Args) -> dict[str, Any]:
    """Return a call with everything that was not said as null."""
    if type(call) not in tools():
        raise ValueError("not on the closed list")
    return call.model_dump(mode="json")


def _slot(offer: dict[str, Any], practice: Practice) -> Slot:
    start = datetime.strptime(offer["start"], "%Y-%m-%d %H:%M").replace(tzinfo=practice.zone).astimezone(UTC)
    return Slot(
        start=start, minutes=20, provider=offer["provider"], location=practice.locations[0].id,
        visit_type=practice.visit_types[0].id,
    )  # fmt: skip
