"""Gives the understanding what it needs to see, and keeps what it proposed as plain JSON."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from agent.dialogue.refusals.settling import settled
from agent.dialogue.state import SLOT, Dialogue, Json
from agent.dialogue.understanding.floor import held_to_words
from agent.dialogue.understanding.keys import read_key
from agent.dialogue.understanding.tools import CALL, MOST_CALLS, Args, Understood, Utterance
from agent.domain.text import SafeText

if TYPE_CHECKING:
    from agent.dialogue.desk import Desk


async def read_utterance(state: Dialogue, desk: "Desk") -> Json:
    """Return what was understood of this turn's words: intent, confidence, next, calls, by."""
    frame = state["agenda"][-1] if state.get("agenda") else None
    utterance = Utterance(
        text=SafeText(state["heard"]),
        now=datetime.fromisoformat(state["now"]).astimezone(desk.practice.zone),
        practice=desk.practice,
        lang=state["lang"],
        asked=state.get("asked"),
        prev=SafeText(state["reply"]) if state.get("reply") else None,
        offered=tuple(SLOT.validate_python(slot) for slot in (frame or {}).get("offered", [])),
        task=frame["task"] if frame else None,
        who=frame.get("who") if frame else None,
        channel=state.get("channel", "chat"),
        alternatives=tuple(SafeText(other) for other in state.get("alternatives", [])),
    )
    pressed = read_key(utterance.text, utterance.asked, utterance.offered)
    understood = as_json(pressed or held_to_words(await desk.understanding.understand(utterance), utterance))
    if desk.refusals is not None and not pressed:
        understood |= await asyncio.to_thread(settled, utterance, understood, desk.refusals)
    return understood


def as_json(understood: Understood) -> Json:
    """Return an understanding as plain JSON."""
    return {
        "intent": understood.intent,
        "confidence": round(understood.confidence, 3),
        "next": understood.next,
        "by": understood.by,
        "notes": list(understood.notes),
        "concern": understood.concern,
        "calls": [call_json(call) for call in understood.calls[:MOST_CALLS]],
    }


def call_json(call: Args) -> Json:
    """Return one call as {tool, args}."""
    content = call.model_dump(exclude_none=True)
    return {"tool": content.pop("tool"), "args": content}


def calls_of(understood: Json) -> list[Args]:
    """Validate the calls of an understanding again: what a checkpoint or a model says is never trusted."""
    return [CALL.validate_python({"tool": call["tool"], **call["args"]}) for call in understood.get("calls", [])]
