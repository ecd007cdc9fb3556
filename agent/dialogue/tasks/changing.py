"""After a no to a read-back: what to change, then what is wrong, then a person. Nothing is read back in circles.

A time that was refused with no word why is in doubt until it is clear what is wrong: it stays when the kind of visit,
the provider or the person was, and is out when the time was.
"""

import re

from agent.dialogue.state import SLOT, Frame, Json, slot_json, wish_json
from agent.dialogue.tasks.finding import start_key
from agent.dialogue.tasks.wished import ruled_out, wish_of
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.changes import Change, read_change
from agent.dialogue.understanding.reading import calls_of
from agent.dialogue.understanding.tools import Choose, Express, GiveProvider, GiveVisitType, GiveWhen
from agent.domain.scheduling import Slot, Wish, shift_of
from agent.language.fold import fold

KEPT = ("who", "age", "reason", "wish", "provider", "not_providers", "location", "details")
"""What of a move is true of a new visit, too."""
ASKED = ("what_to_change", "what_to_change_in_move", "what_is_wrong", "new_or_move")
_IS_THERE = re.compile(
    r"\b(?:(?:the one|that one|what) (?:i|we)(?:'ve| have| had)?(?: already)?(?: got| have| booked)?|already have|have already|"
    r"(?:my|our|the) (?:\w+ )?(?:existing|current|old|other) \w+|my (?:appointment|appt|visit|booking)|mi (?:cita|visita|turno)|"
    r"la (?:cita )?que (?:ya )?tengo|ya tengo)\b"
)
"""Words for a visit that is booked already."""
FIXES = ("kind", "who", "provider")
"""What can be wrong while the time is right."""


def refuse(turn: Turn, frame: Frame, slot: Slot) -> None:
    """Note that what was read back is not wanted; ways to look on count from its time."""
    frame["refused"] = [*frame.get("refused", []), start_key(slot)]
    frame["offered"] = [slot_json(slot)]
    frame["doubted"] = slot_json(slot)
    frame["chosen"] = None
    frame["refusals"] = frame.get("refusals", 0) + 1
    turn.progress = True


def ask(turn: Turn, frame: Frame, *, old: Json | None = None) -> None:
    """Ask what to change; the second time what is wrong, of a move whether a new visit is wanted; then offer a person."""
    refusals = frame.get("refusals", 0)
    if refusals > 2:
        offer_person(turn)
    elif refusals == 2:
        ask_what_is_wrong(turn, old=old)
    elif old is None:
        turn.ask("clarify", "what_to_change", options=turn.option("another_time", "another_provider", "stop"))
    else:
        turn.ask("clarify", "what_to_change_in_move", options=turn.option("another_time", "new_visit", "stop"))


def ask_what_is_wrong(turn: Turn, *, old: Json | None = None) -> None:
    """Ask which part of it is wrong; of a move, whether a new visit is wanted."""
    if old is None:
        options = turn.option("another_kind", "another_time", "another_provider", "somebody_else", "stop")
        turn.ask("clarify", "what_is_wrong", options=options)
    else:
        turn.ask("clarify", "new_or_move", options=turn.option("new_visit", "move_it", "stop"), visit=old)


def offer_person(turn: Turn) -> None:
    """Offer a person, or a message to them, instead of anything else."""
    turn.acts.clear()
    turn.ask("clarify", "offer_person", options=turn.option("person", "message"))


def was_asked(turn: Turn) -> bool:
    """Say whether the last question was what to change, or what is wrong."""
    question = turn.state.get("question") or []
    return bool(question) and question[-1]["act"] in ASKED


def named(turn: Turn) -> Change | None:
    """Return what the caller names when asked what to change; None when that was not asked, or the thing itself was said."""
    if not was_asked(turn) or turn.wished is not None or any(turn.has(more) for more in (GiveWhen, Choose)):
        return None
    said = calls_of(turn.state["understood"])
    kind = any(isinstance(call, GiveVisitType) for call in said)
    provider = any(isinstance(call, GiveProvider) and call.provider and not call.exclude for call in said)
    return None if kind or provider else read_change(turn.state["heard"])


def asked_when(turn: Turn, frame: Frame) -> bool:
    """Ask for another time when that is what should change; what was ruled out stays so."""
    if named(turn) not in ("time", "old_visit") or turn.has(GiveProvider):
        return False
    if turn.has(Express, lambda call: call.direction in ("earlier", "later")) and frame.get("offered"):
        return False  # "later than that" says which way to look
    turn.take_said("ask_alternative", "reschedule", "book", "affirm")
    kept = ruled_out(wish_of(frame))
    frame["wish"] = {} if kept.empty else wish_json(kept)
    frame["offered"], frame["doubted"] = [], None
    turn.progress = True
    turn.ask("when", "ask_when")
    return True


def puts_right(turn: Turn, frame: Frame) -> None:
    """Let the task ask anew for the kind of visit, the provider or the person, when that is what should change."""
    change = named(turn)
    if change not in FIXES or turn.has(GiveProvider):
        return
    turn.take_said("ask_alternative", "find_provider", "book", "reschedule", "message")
    keep_time(turn, frame)
    if change == "kind":
        frame["visit_type"] = None
        frame.pop("wanted_type", None)
    elif change == "who":
        person = turn.person(frame.get("who", "self"))
        person.update({"given": {}, "patient": None, "verified": False, "fresh": False})
    else:
        last = [slot["provider"] for slot in frame.get("offered", [])]
        frame["provider"], frame["not_providers"] = None, [*frame.get("not_providers", []), *last]
    asks = {"kind": "visit_type", "who": "name", "provider": "provider"}[change]
    frame["asked"] = {**frame.get("asked", {}), asks: 0}
    turn.progress = True


def keep_time(turn: Turn, frame: Frame) -> None:
    """Hold on to the time that was read back, refused or not: something else about the visit was wrong."""
    kept = frame.get("doubted") or frame.get("chosen")
    if not kept:
        return
    slot: Slot = SLOT.validate_python(kept)
    local = slot.start.astimezone(turn.desk.practice.zone)
    wish = Wish(days=((local.date(), local.date()),), exact=(shift_of(local),))
    frame["wish"], frame["chosen"], frame["doubted"] = wish_json(wish), None, None
    frame["refused"] = [start for start in frame.get("refused", []) if start != start_key(slot)]


def another_provider(turn: Turn, frame: Frame) -> None:
    """Look for anybody else, when that is what is asked for in answer to an offer."""
    wanted = turn.has(Express, lambda call: call.intent == "ask_alternative" and call.direction == "other_provider")
    if not wanted or not frame.get("offered"):
        return
    turn.take_said("ask_alternative", "deny")
    offered = {str(slot["provider"]) for slot in frame["offered"]}
    frame["provider"], frame["chosen"], frame["offered"] = {}, None, []
    frame["not_providers"] = [*frame.get("not_providers", []), *sorted(offered)]


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


def move_instead(turn: Turn, frame: Frame) -> bool:
    """Let a move take the place of a booking that was refused, when a visit is named that is there already."""
    if turn.said("affirm") or not _IS_THERE.search(fold(turn.state["heard"])):
        return False
    kept = {key: frame[key] for key in ("who", "age") if frame.get(key)}  # type: ignore[literal-required]
    turn.finish(frame)
    turn.agenda.append(Frame(task="reschedule", **kept))  # type: ignore[typeddict-item]
    turn.take_said("deny", "ask_alternative", "book")
    turn.was_asked, turn.progress = None, True
    return True
