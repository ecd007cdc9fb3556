"""A yes that was written although nobody was told: its turn failed, or its worker died.

Before anything else is done the schedule is asked. What it wrote is told, with the offer to move it, so that another
time that is chosen meanwhile makes no second visit.
"""

from collections.abc import Sequence

from agent.dialogue.policy.gate import CHANGES, TAKES_BACK, yes_to
from agent.dialogue.state import PROPOSAL, Frame
from agent.dialogue.tasks import book, cancel, reschedule
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.tools import Express
from agent.domain.errors import ServiceError
from agent.domain.scheduling import Proposal, Receipt


def note(turn: Turn) -> None:
    """Keep in mind what was read back last, as long as it is not known what became of it."""
    last = turn.state.get("readback")
    turn.state["unsettled"] = turn.state.get("unsettled") or (last if last is not None and last["heard"] else None)


async def told(turn: Turn) -> bool:
    """Tell what an earlier yes has written, and end its task; False when nothing was, or when this turn is that yes.

    Raises ServiceError where another write is agreed to and it cannot be known.
    """
    doubt = turn.state.get("unsettled")
    agreed = yes_to(turn.state.get("readback"), turn.was_asked, turn.calls)
    if doubt is None or (agreed is not None and agreed.id == doubt["id"]):
        return False
    proposal: Proposal = PROPOSAL.validate_python(doubt["proposal"])
    try:
        receipts = await turn.desk.schedule.done(proposal)
    except ServiceError:
        if agreed is not None:
            raise
        return False
    turn.state["unsettled"] = None
    if not receipts:
        return False
    turn.state["committed"] = doubt
    turn.state["readback"], turn.was_asked, turn.progress = None, None, True
    turn.receipts.extend(receipts)
    if any(person.get("patient") == proposal.writes[0].patient for person in turn.state.get("people", {}).values()):
        await _tell(turn, proposal, receipts)
    else:
        _tell_that_it_stands(turn, receipts[0].kind)
    if not turn.said("human"):
        return True
    turn.acts, turn.asks = [act for act in turn.acts if act["act"] != "anything_else"], None
    return False


async def _tell(turn: Turn, proposal: Proposal, receipts: Sequence[Receipt]) -> None:
    frame, kind = _frame_of(turn, proposal), receipts[0].kind
    turn.say("went_through")
    if kind == "book":
        await book.done(turn, frame, receipts)
    else:
        (reschedule if kind == "move" else cancel).done(turn, frame, receipts)
    turn.agenda[:] = [one for one in turn.agenda if one.get("details", {}).get("why") != "service_down"]
    if kind != "cancel" and _wants_it_otherwise(turn):
        turn.acts.insert(-1, {"act": "can_be_moved", "facts": {}})


def _tell_that_it_stands(turn: Turn, kind: str) -> None:
    """Whoever calls again after a dropped call may be somebody else: they hear that it was done, and nothing of what."""
    task, act = {
        "book": (book.TASK, "went_through_book"),
        "move": (reschedule.TASK, "went_through_move"),
        "cancel": (cancel.TASK, "went_through_cancel"),
    }[kind]
    turn.agenda[:] = [one for one in turn.agenda if one["task"] != task]
    turn.say(act)
    turn.ask("anything_else", "anything_else")


def _frame_of(turn: Turn, proposal: Proposal) -> Frame:
    """Return the task that read it back; a bare one where the failure has put something else in its place."""
    read = (one for one in turn.agenda if "read" in one and one["read"]["act"] == proposal.id)
    return next(read, Frame(task=book.TASK, who="self"))


def _wants_it_otherwise(turn: Turn) -> bool:
    return any(
        isinstance(call, CHANGES) or (isinstance(call, Express) and call.intent in TAKES_BACK) for call in turn.calls
    )
