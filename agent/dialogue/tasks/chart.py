"""What moving, cancelling and checking a visit share: a verified patient, and which of their visits is meant."""

from agent.dialogue.state import VISIT, Frame, visit_json
from agent.dialogue.tasks import identify
from agent.dialogue.tasks.messages import switch_to_message
from agent.dialogue.tasks.which import described, picked, point_back, pointed_at
from agent.dialogue.turn import Turn
from agent.domain.errors import NotVerified
from agent.domain.scheduling import Visit
from agent.domain.text import SafeText


async def coming_visits(turn: Turn, frame: Frame) -> list[Visit] | None:
    """Return a verified patient's coming visits; None after asking, or after turning to a message."""
    patient = await identify.for_chart(turn, frame)
    if patient is None:
        return None
    if patient == identify.GAVE_UP:
        switch_to_message(turn, frame, "message", because=f"{frame['task']}_unverified")
        return None
    try:
        return await turn.desk.schedule.visits(SafeText(patient))
    except NotVerified:
        switch_to_message(turn, frame, "message", because=f"{frame['task']}_unverified")
        return None


async def which_visit(turn: Turn, frame: Frame, act: str) -> Visit | None:
    """Settle which visit is meant; None after asking or when there is none."""
    if frame.get("visit"):
        visit: Visit = VISIT.validate_python(frame["visit"])
        return visit
    point_back(turn, frame)
    visits = await coming_visits(turn, frame)
    if visits is None:
        return None
    if not visits:
        turn.say("no_visits")
        _end(turn, frame)
        return None
    frame["visits"] = [visit_json(visit) for visit in visits]
    meant = picked(turn, visits) or pointed_at(frame, visits) or described(turn, frame, visits)
    if meant is None and len(visits) == 1:
        meant = visits[0]
    if meant is None:
        options = [turn.desk.sentences.short_visit(visit, turn.state["lang"], turn.desk.practice) for visit in visits]
        turn.ask("choose_visit", act, visits=frame["visits"], options=options)
        return None
    frame["visit"] = visit_json(meant)
    return meant


def _end(turn: Turn, frame: Frame) -> None:
    turn.finish(frame)
    turn.asks = "anything_else"
    turn.say("anything_else")
