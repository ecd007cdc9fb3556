"""A no to a read-back: another of the offers is taken, or it is asked what to change."""

from agent.dialogue.state import Frame, Json, slot_json
from agent.dialogue.tasks import changing
from agent.dialogue.tasks.times import chosen_slot, picked_slot
from agent.dialogue.turn import Turn


def declined(turn: Turn, frame: Frame, *, old: Json | None = None) -> bool:
    """Hear a no to the read-back; True when what to change, or when else, was asked. "No, the second one" is an answer."""
    if turn.was_asked != "confirm" or not frame.get("chosen"):
        return changing.asked_when(turn, frame)
    no, other = turn.take_said("deny"), picked_slot(turn, frame)
    if other is not None and other != chosen_slot(frame):
        frame["chosen"] = slot_json(other)
        return False
    if no is None:
        return False
    changing.refuse(turn, frame, chosen_slot(frame))
    if turn.said("ask_alternative", "reschedule"):
        return False
    changing.ask(turn, frame, old=old)
    return True


def keep_what_was_right(turn: Turn, frame: Frame, *, changed: bool, named: bool) -> None:
    """After corrections: what was wrong with a read-back is what changes, and its time stays if it can.

    "No, it's Turner" says that the name was wrong, not the time.
    """
    asked = turn.was_asked == "confirm"
    if changed and turn.wished is None and (asked or changing.was_asked(turn)):
        changing.keep_time(turn, frame)
    if changed:
        frame["chosen"] = None
    if asked and (changed or named):
        turn.take_said("deny")
