"""Dropping a booking on "cancel": a visit that stands already may be meant; that is clear from the words, or asked."""

import re

from agent.dialogue.state import Frame
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.plain import plain

OWN_VISIT = re.compile(r"\b(?:my|our|his|her|the|mi|la|su) (?:\w+ )?(?:appointment|visit|booking|cita|consulta)\b")
"""A visit that stands already, by the words."""


def drop_booking(turn: Turn) -> bool:
    """Drop the booking under way; True when that ends the turn with a question."""
    frame = turn.agenda[-1]
    turn.finish(frame)
    turn.take_said("deny", "affirm")
    if not OWN_VISIT.search(plain(turn.state["heard"])):
        turn.say("stopped")
        turn.calls.clear()
        turn.ask("clarify", "cancel_a_visit", options=turn.option("yes", "no"))
        return True
    _cancel(turn, frame.get("who", "self"))
    return False


def cancels_a_visit(turn: Turn) -> bool:
    """Hear whether a visit that stands already should be cancelled; True when the turn ends here with a no."""
    question = turn.state.get("question") or []
    if not question or question[-1]["act"] != "cancel_a_visit":
        return False
    if turn.take_said("affirm"):
        _cancel(turn, "self")
    elif turn.take_said("deny"):
        turn.ask("anything_else", "anything_else")
        return True
    return False


def _cancel(turn: Turn, who: str) -> None:
    turn.agenda.append(Frame(task="cancel", who=who))
    turn.was_asked, turn.progress = None, True
