"""Cancelling a visit: whose, which, read back (with the fee when it is late), yes, receipt."""

from collections.abc import Sequence

from agent.dialogue.policy.booking import late_fee
from agent.dialogue.state import Frame, visit_json
from agent.dialogue.tasks import reschedule
from agent.dialogue.tasks.chart import which_visit
from agent.dialogue.tasks.commit import committed, read_back, receipt_facts, say_refusal
from agent.dialogue.tasks.filling import fill
from agent.dialogue.tasks.messages import switch_to_message
from agent.dialogue.tasks.onward import note_the_visit
from agent.dialogue.tasks.which import described_visit, every_one, wish_fits
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.bare_days import by_day
from agent.dialogue.understanding.tools import GiveWhen
from agent.domain.errors import CallerError, NotVerified
from agent.domain.scheduling import Cancel, Proposal, Receipt

TASK = "cancel"


async def advance(turn: Turn, frame: Frame) -> None:
    """Take the cancellation as far as this turn's words allow."""
    try:
        receipts = await committed(turn)
    except CallerError as problem:
        if isinstance(problem, NotVerified):  # a carer may hear of visits, but not change them
            return switch_to_message(turn, frame, "message", because=f"{TASK}_unverified")
        say_refusal(turn, problem)
        frame["visit"], receipts = None, None
    if receipts:
        return done(turn, frame, receipts)
    described_visit(turn, frame)
    note_the_visit(turn, frame)
    if (move := moved_instead(turn, frame)) is not None:
        return await reschedule.advance(turn, move)
    every_one(turn, frame)
    if fill(turn, frame) and turn.was_asked != "choose_visit":
        frame["visit"] = None
    if turn.was_asked == "confirm" and frame.get("visit") and turn.take_said("deny", "stop"):
        turn.say("kept", visit=frame["visit"])
        return _end(turn, frame)
    visit = await which_visit(turn, frame, "which_visit_to_cancel")
    if visit is None:
        return None
    rules = turn.desk.practice.rules
    late = late_fee(visit.start, rules, now=turn.now)
    proposal = Proposal(writes=(Cancel(patient=visit.patient, visit=visit.id),))
    await read_back(
        turn,
        frame,
        proposal,
        "read_back_cancel_late" if late else "read_back_cancel",
        visit=visit_json(visit),
        fee=str(rules.cancel.fee),
        free_hours=rules.cancel.free_hours,
    )
    return None


def moved_instead(turn: Turn, frame: Frame) -> Frame | None:
    """Return the move that takes the place of a cancellation: it was read back, and another time is named instead of a yes."""
    if turn.was_asked != "confirm" or not frame.get("visit") or turn.said("affirm") or not turn.has(GiveWhen):
        return None
    words = by_day(" ".join(call.words for call in turn.calls if isinstance(call, GiveWhen)))
    if wish_fits(turn, words, [frame["visit"], *frame.get("visits", [])]):
        return None
    move = Frame(task=reschedule.TASK, who=frame.get("who", "self"), visit=frame["visit"])
    turn.finish(frame)
    turn.agenda.append(move)
    turn.take_said("deny", "reschedule", "ask_alternative", "book", "unsure")
    turn.was_asked, turn.progress = None, True
    return move


def done(turn: Turn, frame: Frame, receipts: Sequence[Receipt]) -> None:
    """Tell what was cancelled."""
    turn.say("cancelled", **receipt_facts(receipts[0]))
    _end(turn, frame)


def _end(turn: Turn, frame: Frame) -> None:
    turn.finish(frame)
    turn.asks = "anything_else"
    turn.say("anything_else")
