"""Settles on a time: hears which of the offers is meant, or offers up to three that fit the wish, or come near it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from agent.dialogue.policy.booking import candidates
from agent.dialogue.policy.offers import nearest, pick, rather_after_lunch
from agent.dialogue.state import SLOT, Frame, slot_json, wish_json
from agent.dialogue.tasks.finding import Search, later_days, one_day, start_key, wanted_starts
from agent.dialogue.tasks.people import subject
from agent.dialogue.tasks.refusing import turned_down
from agent.dialogue.tasks.wished import ruled_out, wish_of
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.tools import Choose
from agent.domain.practice import Provider, VisitType
from agent.domain.scheduling import Slot, Wish
from agent.language.wishes import matches

UNREADABLE = ("gap", "past")
"""Ambiguities that are asked back. Which Tuesday, and morning or evening, the read-back says with date and hour."""
MOST_ASKED = 2
"""How often it is asked when; after that anything free is offered."""
MOST_LOOKS = 4
"""How often one turn may go back to looking for a time because another caller was quicker."""


async def settle_time(turn: Turn, frame: Frame, kind: VisitType, providers: Sequence[Provider]) -> bool:
    """Settle on one slot; False after asking (or after saying that nothing is free)."""
    picked = picked_slot(turn, frame)
    if picked is not None:
        frame["chosen"] = slot_json(picked)
        return True
    if turned_down(turn, frame):
        return False
    wish = wish_of(frame)
    if wish.ask in UNREADABLE and turn.times_asked(frame, "when") < MOST_ASKED:
        turn.ask("when", "ask_when_unclear", why=wish.ask)
        frame["wish"] = {**frame.get("wish", {}), "ask": None}
        return False
    if wish.empty and not _any_time(turn, frame):
        turn.ask("when", "ask_when_again" if turn.times_asked(frame, "when") else "ask_when")
        return False
    frame["partners"] = {}
    return await _search(Search(turn=turn, frame=frame, kind=kind, providers=providers), wish_of(frame))


def _any_time(turn: Turn, frame: Frame) -> bool:
    if turn.was_asked == "when" and turn.take_said("no_preference", "unsure", "affirm", "deny"):
        return True
    return bool(frame.get("offered") or frame.get("refused")) or turn.times_asked(frame, "when") >= MOST_ASKED


def picked_slot(turn: Turn, frame: Frame) -> Slot | None:
    """Return which offered slot the caller takes: by place, by extreme, by time, by a yes to the only one, or any."""
    offered = turn.slots_of(frame)
    if not offered or turn.was_asked not in ("choose_slot", "confirm", "clarify"):
        return None
    choice = turn.take(Choose)
    if choice is not None:
        return _unless_just_refused(turn, frame, _by_choice(offered, choice))
    if turn.was_asked != "choose_slot":
        return None
    if len(offered) == 1 and turn.take_said("affirm"):
        return offered[0]
    if turn.take_said("no_preference"):
        return offered[0]
    return None


def _by_choice(offered: Sequence[Slot], choice: Choose) -> Slot | None:
    if choice.extreme:
        ordered = sorted(offered, key=lambda slot: slot.start)
        return ordered[0] if choice.extreme == "earliest" else ordered[-1]
    place = choice.position or 0
    if place > 0:
        return offered[place - 1] if place <= len(offered) else None
    return offered[place] if place < 0 and -place <= len(offered) else None


def _unless_just_refused(turn: Turn, frame: Frame, slot: Slot | None) -> Slot | None:
    """Leave out a time whose read-back was refused in these very words: "no, the afternoon" is not the one at noon."""
    refused = turn.was_asked == "confirm" and slot is not None and start_key(slot) in frame.get("refused", [])
    return None if refused else slot


async def _search(search: Search, wish: Wish) -> bool:
    turn, frame, zone = search.turn, search.frame, search.turn.desk.practice.zone
    free = await search.free(wish)
    sooner = frame.pop("sooner", None)
    if not free and sooner and one_day(wish):  # nothing earlier that day: the days before it
        last = date.fromisoformat(sooner) - timedelta(days=1)
        wish = replace(wish, days=((turn.now.date(), last),), times=(), exact=())
        free = await search.free(wish)
    if not free and (later := later_days(wish, turn.slots_of(frame), zone)) and (free := await search.free(later)):
        frame["wish"] = wish_json(later)
        free = rather_after_lunch(free, later, zone=zone)
        return _offer(turn, frame, pick(free, zone=zone), "offer_others", "offer_others_one")
    if not free:
        return await _offer_near(search, wish)
    if wish.exact and one_day(wish) and len({slot.start for slot in free}) == 1:
        frame["chosen"] = slot_json(free[0])
        return True
    free = rather_after_lunch(free, wish, zone=zone)
    return _offer(turn, frame, pick(free, zone=zone, latest=wish.order == "latest"), "offer_slots", "offer_one")


def _offer(turn: Turn, frame: Frame, slots: Sequence[Slot], act: str, act_of_one: str) -> bool:
    frame["offered"] = [slot_json(slot) for slot in slots]
    frame["chosen"] = None
    act = act_of_one if len(slots) == 1 else act
    turn.ask("choose_slot", act, slots=frame["offered"], options=turn.slot_options(slots))
    return False


async def _offer_near(search: Search, wish: Wish) -> bool:
    """Nothing fits: somebody else then, when that is insisted on; else what is nearest; at last what was refused."""
    turn, frame, zone = search.turn, search.frame, search.turn.desk.practice.zone
    wanted = wanted_starts(wish, turn.now, zone)
    if turn.wished == "same" and (others := await _by_somebody_else(search).free(wish, anywhere=True)):
        return _offer(turn, frame, nearest(others, wanted), "offer_somebody_else", "offer_somebody_else")
    if near := await search.around(wish):
        slots = nearest(near, wanted)
        if _was_refused(frame, wish, search):
            return _offer(turn, frame, slots, "offer_others", "offer_others_one")
        return _offer(turn, frame, slots, "offer_instead", "offer_instead_one")
    if frame.pop("refused", []) and (near := await search.free(ruled_out(wish))):
        return _offer(turn, frame, nearest(near, wanted), "offer_refused_again", "offer_refused_again")
    turn.say("nothing_free")
    frame["offered"] = []
    return False


def _by_somebody_else(search: Search) -> Search:
    """Return a search for anybody who offers this visit to this patient, but those who are not wanted."""
    turn, frame = search.turn, search.frame
    anybody = Frame(not_providers=frame.get("not_providers", []))
    age = subject(turn, frame).get("age")
    return replace(search, providers=candidates(turn.desk.practice, search.kind, anybody, age=age))


def _was_refused(frame: Frame, wish: Wish, search: Search) -> bool:
    """Say whether there were times that fit, and the caller turned them down."""
    zone = search.turn.desk.practice.zone
    return any(matches(wish, datetime.fromisoformat(start), zone) for start in frame.get("refused", []))


def chosen_slot(frame: Frame) -> Slot:
    """Return the slot a task has settled on."""
    slot: Slot = SLOT.validate_python(frame["chosen"])
    return slot
