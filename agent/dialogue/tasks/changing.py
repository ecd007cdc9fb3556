"""After a no to a read-back: what to change, and, when that was asked already, what is wanted instead.

Nothing is read back twice the same: a second no changes the question.
"""

from agent.dialogue.state import WISH, Frame, Json, slot_json, wish_json
from agent.dialogue.tasks.times import start_key
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.changes import Change, read_change
from agent.dialogue.understanding.tools import Choose, GiveProvider, GiveWhen
from agent.domain.scheduling import Slot, Wish

MOST_REFUSED = 2
"""Read-backs refused before the caller is asked whether this is the right thing at all."""
KEPT = ("who", "age", "reason", "wish", "provider", "not_providers", "location", "details")
"""What of a move is true of a new visit, too."""
ASKED = ("what_to_change", "what_to_change_in_move", "new_or_move")


def refuse(turn: Turn, frame: Frame, slot: Slot) -> None:
    """Note that a time that was read back is not wanted; ways to look on count from it."""
    frame["refused"] = [*frame.get("refused", []), start_key(slot)]
    frame["offered"] = [slot_json(slot)]
    frame["chosen"] = None
    frame["refusals"] = frame.get("refusals", 0) + 1
    turn.progress = True


def ask(turn: Turn, frame: Frame, *, old: Json | None = None) -> None:
    """Ask what to change; of a move that was refused twice, whether a new visit is wanted."""
    if old is None:
        turn.ask("clarify", "what_to_change", options=turn.option("another_time", "another_provider", "stop"))
    elif frame.get("refusals", 0) < MOST_REFUSED:
        turn.ask("clarify", "what_to_change_in_move", options=turn.option("another_time", "new_visit", "stop"))
    else:
        turn.ask("clarify", "new_or_move", options=turn.option("new_visit", "move_it", "stop"), visit=old)


def named(turn: Turn) -> Change | None:
    """Return what the caller names when asked what to change; None when that was not asked, or more was said."""
    question = turn.state.get("question") or []
    if not question or question[-1]["act"] not in ASKED or turn.has(GiveWhen) or turn.has(Choose):
        return None
    return read_change(turn.state["heard"])


def asked_when(turn: Turn, frame: Frame) -> bool:
    """Ask for another time when that is what should change; what was ruled out stays so."""
    if named(turn) not in ("time", "old_visit") or turn.has(GiveProvider):
        return False
    turn.take_said("ask_alternative", "reschedule", "book", "affirm")
    old: Wish = WISH.validate_python(frame.get("wish") or {})
    ruled_out = Wish(not_days=old.not_days, not_weekdays=old.not_weekdays, not_times=old.not_times)
    frame["wish"] = {} if ruled_out.empty else wish_json(ruled_out)
    frame["offered"] = []
    turn.progress = True
    turn.ask("when", "ask_when")
    return True


def asks_with_whom(turn: Turn, frame: Frame) -> None:
    """Let the task ask for another provider when that is what should change."""
    if named(turn) != "provider" or turn.has(GiveProvider):
        return
    turn.take_said("ask_alternative", "find_provider", "book", "reschedule")
    last = [slot["provider"] for slot in frame.get("offered", [])]
    frame["provider"], frame["not_providers"] = None, [*frame.get("not_providers", []), *last]
    frame["asked"] = {**frame.get("asked", {}), "provider": 0}
    turn.progress = True


def new_visit(turn: Turn, frame: Frame, *, said: bool = False) -> Frame | None:
    """Return the booking that takes the place of a move, when a new visit is what was wanted all along.

    `said`: the caller has asked to book, after a move was refused.
    """
    if not said and named(turn) != "new_visit":
        return None
    turn.take_said("book", "new_patient", "ask_alternative", "affirm", "deny")
    booking: Frame = {"task": "book", **{key: frame[key] for key in KEPT if frame.get(key)}}  # type: ignore[typeddict-item, literal-required]
    turn.finish(frame)
    turn.agenda.append(booking)
    turn.was_asked = None
    return booking
