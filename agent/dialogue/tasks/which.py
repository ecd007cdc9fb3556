"""Which of a patient's visits is meant: by its place in the list, its kind, whom it is with, or when it is."""

import re
from collections.abc import Sequence

from agent.dialogue.policy.booking import kinds_like
from agent.dialogue.state import VISIT, Frame, Json, visit_json
from agent.dialogue.tasks.wished import wish_of
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.bare_days import by_day
from agent.dialogue.understanding.tools import Choose, GiveProvider, GiveVisitType, GiveWhen
from agent.domain.scheduling import Visit
from agent.language.fold import fold
from agent.language.wishes import matches, read_wish

_EVERY = re.compile(
    r"\b(?:both|all of (?:them|those|my)|all (?:my|the|three|four)|every one|all$|^all|las dos|los dos|ambas|ambos|todas|todos)\b(?! right| set| good)"
)
"""Words for every visit on a list."""
_THAT_ONE = re.compile(
    r"\b(?:(?:that|this|the new) (?:new )?(?:visit|appointment|appt|booking|one)|(?:i|we|you) just (?:booked|made|moved|set up)|"
    r"(?:move|cancel|change|reschedule|push|switch|postpone) (?:it|that|this)|est?a (?:nueva )?(?:cita|consulta|visita)|"
    r"(?:mover|cambiar|cancelar|pasar|aplazar|posponer|reprogramar)l[ao]|(?:muev[ae]|cambi[ae]|cancel[ae]|pas[ae])(?:me)?l[ao]|"
    r"que acab(?:o|amos|a) de)\b"
)
"""Words for a visit that was just spoken of."""


def described_visit(turn: Turn, frame: Frame) -> None:
    """Take what answers "which visit?" as a description of the visit, before it could be taken for a new wish."""
    if turn.was_asked != "choose_visit" or frame.get("visit") or turn.has(Choose):
        return
    visits: list[Visit] = [VISIT.validate_python(visit) for visit in frame.get("visits", [])]
    words = by_day(" ".join(call.words for call in turn.take_all(GiveWhen)) or turn.state["heard"])
    who = {call.provider for call in turn.take_all(GiveProvider) if call.provider}
    what = {call.visit_type for call in turn.take_all(GiveVisitType)} | kinds_said(turn, visits)
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


def wish_fits(turn: Turn, words: str, visits: Sequence[Json | None]) -> bool:
    """Say whether words about when are those of one of these visits, or name no time."""
    zone = turn.desk.practice.zone
    wish = read_wish(words, now=turn.now, zone=zone, lang=turn.state["lang"], offered=(), asked="choose_visit")
    starts = [VISIT.validate_python(visit).start for visit in visits if visit]
    return wish.empty or any(matches(wish, start, zone) for start in starts)


def point_back(turn: Turn, frame: Frame) -> None:
    """Note the visit that the last reply told of as booked or moved, when "that visit" is said right after it."""
    written = [one for one in turn.state.get("receipts") or [] if one["kind"] != "cancel"]
    if len(written) == 1 and _THAT_ONE.search(fold(turn.state["heard"])):
        frame["pointed"] = written[0]["visit"]


def pointed_at(frame: Frame, visits: list[Visit]) -> Visit | None:
    """The visit just written, unless somebody else was named to see."""
    provider = (frame.get("provider") or {}).get("provider")
    meant = (visit for visit in visits if visit.id == frame.get("pointed") and provider in (None, visit.provider))
    return next(meant, None)


def every_one(turn: Turn, frame: Frame) -> None:
    """Take "both of them" for all visits on the list: the first is settled now, the others wait below, one after another."""
    visits = frame.get("visits", [])
    if turn.was_asked != "choose_visit" or frame.get("visit") or not _EVERY.search(fold(turn.state["heard"])):
        return
    frame["visit"], turn.progress = visits[0], True
    place = turn.agenda.index(frame)
    for other in visits[1:]:
        turn.agenda.insert(place, Frame(task=frame["task"], who=frame.get("who", "self"), visit=other))


def kinds_said(turn: Turn, visits: list[Visit]) -> set[str]:
    """Return the kinds among these visits that the words call by name, or by a telling word of it."""
    return kinds_like(turn.desk.practice, turn.state["heard"], among={visit.visit_type for visit in visits})


def names_its_kind(turn: Turn) -> bool:
    """Say whether "which visit?" is answered by a kind of visit, whatever else the words sound like."""
    if turn.was_asked != "choose_visit" or not turn.agenda:
        return False
    return bool(kinds_said(turn, [VISIT.validate_python(visit) for visit in turn.agenda[-1].get("visits", [])]))


def picked(turn: Turn, visits: list[Visit]) -> Visit | None:
    """The visit at the place that is named in answer to the list."""
    if turn.was_asked != "choose_visit":
        return None
    choice = turn.take(Choose)
    if choice is None:
        return None
    if choice.extreme:
        return visits[0] if choice.extreme == "earliest" else visits[-1]
    place = (choice.position or 0) - 1 if (choice.position or 0) > 0 else choice.position or 0
    return visits[place] if -len(visits) <= place < len(visits) else None


def described(turn: Turn, frame: Frame, visits: list[Visit]) -> Visit | None:
    """The one visit that fits what was said of provider, kind and time."""
    zone = turn.desk.practice.zone
    that_day = [visit for visit in visits if visit.start.astimezone(zone).date().isoformat() == frame.get("old_day")]
    if len(that_day) == 1:
        return that_day[0]
    fitting = that_day or visits
    provider = (frame.get("provider") or {}).get("provider")
    if provider:
        fitting = [visit for visit in fitting if visit.provider == provider]
    if frame.get("visit_type"):
        fitting = [visit for visit in fitting if visit.visit_type == frame["visit_type"]] or fitting
    wish = wish_of(frame)
    if not wish.empty:
        fitting = [visit for visit in fitting if matches(wish, visit.start, zone)] or (
            fitting if frame["task"] == "reschedule" else []
        )
    narrowed = bool(that_day or provider or frame.get("visit_type") or not wish.empty)
    return fitting[0] if len(fitting) == 1 and narrowed else None
