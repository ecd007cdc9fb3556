"""Dropping a booking on "cancel": a visit that stands already may be meant. That is asked, never guessed."""

from agent.dialogue.state import Frame
from agent.dialogue.turn import Turn

SURE = 0.7
"""Confidence below which words in the middle of a booking cancel nothing."""


def drop_booking(turn: Turn) -> bool:
    """Drop the booking under way and ask whether another visit should be cancelled; False when that is not clear."""
    if float(turn.state["understood"].get("confidence", 0)) < SURE:
        return False
    frame = turn.agenda[-1]
    turn.finish(frame)
    turn.say("stopped")
    turn.calls.clear()
    turn.ask("clarify", "cancel_a_visit", options=turn.option("yes", "no"), who=frame.get("who", "self"))
    return True


def cancels_a_visit(turn: Turn) -> bool:
    """Hear whether a visit that stands already should be cancelled; True when the turn ends here with a no."""
    question = turn.state.get("question") or []
    if not question or question[-1]["act"] != "cancel_a_visit":
        return False
    if turn.take_said("affirm", "cancel"):
        turn.agenda.append(Frame(task="cancel", who=question[-1]["facts"].get("who", "self")))
        turn.was_asked, turn.progress = None, True
    elif turn.take_said("deny") and not turn.calls:
        turn.ask("anything_else", "anything_else")
        return True
    return False
