"""What moving, cancelling and checking a visit share: a verified patient, and which of their visits is meant."""

from agent.dialogue.state import VISIT, Frame, visit_json
from agent.dialogue.tasks import identify
from agent.dialogue.tasks.filling import wish_of
from agent.dialogue.tasks.messages import switch_to_message
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.tools import Choose, GiveProvider, GiveVisitType, GiveWhen
from agent.domain.errors import NotVerified
from agent.domain.scheduling import Visit
from agent.domain.text import SafeText
from agent.language.wishes import matches, read_wish


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


def described_visit(turn: Turn, frame: Frame) -> None:
    """Take what answers "which visit?" as a description of the visit, before it could be taken for a new wish."""
    if turn.was_asked != "choose_visit" or frame.get("visit") or turn.has(Choose):
        return
    visits: list[Visit] = [VISIT.validate_python(visit) for visit in frame.get("visits", [])]
    words = " ".join(call.words for call in turn.take_all(GiveWhen))
    who = {call.provider for call in turn.take_all(GiveProvider) if call.provider}
    what = {call.visit_type for call in turn.take_all(GiveVisitType)}
    zone = turn.desk.practice.zone
    wish = read_wish(words, now=turn.now, zone=zone, lang=turn.state["lang"], offered=(), asked="choose_visit")
    fitting = [
        [visit for visit in visits if visit.provider in who],
        [visit for visit in visits if visit.visit_type in what],
        [visit for visit in visits if not wish.empty and matches(wish, visit.start, zone)],
    ]
    votes = {visit.id: sum(visit in group for group in fitting) for visit in visits}
    best = [visit for visit in visits if votes[visit.id] == max(votes.values()) > 0]
    if len(best) == 1:
        frame["visit"] = visit_json(best[0])
        turn.progress = True


async def which_visit(turn: Turn, frame: Frame, act: str) -> Visit | None:
    """Settle which visit is meant; None after asking or when there is none."""
    if frame.get("visit"):
        visit: Visit = VISIT.validate_python(frame["visit"])
        return visit
    visits = await coming_visits(turn, frame)
    if visits is None:
        return None
    if not visits:
        turn.say("no_visits")
        _end(turn, frame)
        return None
    meant = _picked(turn, visits) or _described(turn, frame, visits)
    if meant is None and len(visits) == 1:
        meant = visits[0]
    if meant is None:
        frame["visits"] = [visit_json(visit) for visit in visits]
        options = [turn.desk.sentences.short_visit(visit, turn.state["lang"], turn.desk.practice) for visit in visits]
        turn.ask("choose_visit", act, visits=frame["visits"], options=options)
        return None
    frame["visit"] = visit_json(meant)
    return meant


def _picked(turn: Turn, visits: list[Visit]) -> Visit | None:
    if turn.was_asked != "choose_visit":
        return None
    choice = turn.take(Choose)
    if choice is None:
        return None
    if choice.extreme:
        return visits[0] if choice.extreme == "earliest" else visits[-1]
    place = (choice.position or 0) - 1 if (choice.position or 0) > 0 else choice.position or 0
    return visits[place] if -len(visits) <= place < len(visits) else None


def _described(turn: Turn, frame: Frame, visits: list[Visit]) -> Visit | None:
    """The one visit that fits what was said of provider, kind and time."""
    fitting = visits
    provider = (frame.get("provider") or {}).get("provider")
    if provider:
        fitting = [visit for visit in fitting if visit.provider == provider]
    if frame.get("visit_type"):
        fitting = [visit for visit in fitting if visit.visit_type == frame["visit_type"]] or fitting
    wish = wish_of(frame)
    if not wish.empty:
        zone = turn.desk.practice.zone
        fitting = [visit for visit in fitting if matches(wish, visit.start, zone)] or (
            fitting if frame["task"] == "reschedule" else []
        )
    narrowed = bool(provider or frame.get("visit_type") or not wish.empty)
    return fitting[0] if len(fitting) == 1 and narrowed else None


def _end(turn: Turn, frame: Frame) -> None:
    turn.finish(frame)
    turn.asks = "anything_else"
    turn.say("anything_else")
