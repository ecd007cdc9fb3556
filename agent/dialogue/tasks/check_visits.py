"""Telling a verified patient about their coming visits."""

from agent.dialogue.state import Frame, visit_json
from agent.dialogue.tasks.chart import coming_visits
from agent.dialogue.tasks.filling import fill
from agent.dialogue.turn import Turn

TASK = "check_visits"


async def advance(turn: Turn, frame: Frame) -> None:
    """Say which visits are coming, or that there are none."""
    fill(turn, frame)
    visits = await coming_visits(turn, frame)
    if visits is None:
        return
    turn.say("your_visits" if visits else "no_visits", visits=[visit_json(visit) for visit in visits])
    turn.finish(frame)
    turn.asks = "anything_else"
    turn.say("anything_else")
