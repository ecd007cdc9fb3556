"""What a caller does not want of the times on offer, and which way to look instead.

Nobody is offered time after time: two refusals that say nothing else are followed by the question what would suit,
two more by the offer of a person.
"""

from dataclasses import replace
from datetime import date, datetime

from agent.dialogue.state import Frame, Json, wish_json
from agent.dialogue.tasks import changing
from agent.dialogue.tasks.finding import LOOK_AHEAD, one_day, start_key
from agent.dialogue.tasks.wished import ruled_out, wish_of
from agent.dialogue.turn import Turn
from agent.domain.scheduling import Slot, Wish
from agent.language.wishes import matches

ASK_AT, PERSON_AT = 2, 4
"""How many refusals in a row that say nothing else lead to a question, and to the offer of a person."""


def turned_down(turn: Turn, frame: Frame) -> bool:
    """Note which offers are not wanted and where to look instead; True after asking what would be better."""
    _whenever(turn, frame)
    other = turn.take_said("ask_alternative")
    no = turn.take_said("deny") if turn.was_asked == "choose_slot" else None
    insists = turn.was_asked == "choose_slot" and turn.wished == "same"
    if not (other or no or insists) or not frame.get("offered"):
        return False
    offered = turn.slots_of(frame)
    if other or no or _fit(turn, frame, offered):
        frame["refused"] = [*frame.get("refused", []), *(start_key(slot) for slot in offered)]
    if turn.wished == "new" or (other and other.direction):
        frame["turned_down"] = 0
        _look_elsewhere(turn, frame, other.direction if other else None, offered)
        return False
    frame["turned_down"] = frame.get("turned_down", 0) + 1
    return _asked_what_is_better(turn, frame)


def _fit(turn: Turn, frame: Frame, offered: tuple[Slot, ...]) -> bool:
    """Say whether the offers are what is wished for: whoever says the day again wants to hear its other times."""
    wish, zone = wish_of(frame), turn.desk.practice.zone
    return all(matches(wish, slot.start, zone) for slot in offered)


def _asked_what_is_better(turn: Turn, frame: Frame) -> bool:
    times = frame.get("turned_down", 0)
    if times >= PERSON_AT:
        frame["turned_down"] = 0
        changing.offer_person(turn)
    elif times == ASK_AT and turn.wished == "same":
        changing.ask_what_is_wrong(turn)
    elif times == ASK_AT:
        turn.ask("when", "ask_better_time")
    return turn.asks is not None


def _whenever(turn: Turn, frame: Frame) -> None:
    """Who has no better time in mind gets any: only what was ruled out stays out."""
    question = turn.state.get("question") or []
    if not question or question[-1]["act"] != "ask_better_time" or turn.wished is not None:
        return
    if turn.take_said("no_preference", "unsure", "affirm", "deny"):
        frame["wish"] = wish_json(ruled_out(wish_of(frame)))


def _look_elsewhere(turn: Turn, frame: Frame, direction: str | None, offered: tuple[Slot, ...]) -> None:
    wish = wish_of(frame)
    if direction == "earlier":
        frame["sooner"] = min(_local_day(turn, slot) for slot in offered).isoformat()
        frame["wish"] = _bounded(wish, turn, before=min(slot.start for slot in offered))
    elif direction == "later":
        frame["wish"] = _bounded(wish, turn, after=max(slot.start for slot in offered))
    elif direction == "other_day":
        days = tuple((day, day) for day in sorted({_local_day(turn, slot) for slot in offered}))
        frame["wish"] = wish_json(replace(wish, days=(), not_days=wish.not_days + days))


def _bounded(wish: Wish, turn: Turn, *, before: datetime | None = None, after: datetime | None = None) -> Json:
    """Keep the day when it is one day, and cut the times off; else cut the days off."""
    moment = (before or after or turn.now).astimezone(turn.desk.practice.zone)
    minute = moment.hour * 60 + moment.minute
    if one_day(wish):
        return wish_json(replace(wish, exact=(), times=((0, minute) if before else (minute + 1, 24 * 60),)))
    day = moment.date()
    span = (turn.now.date(), day) if before else (day, day + LOOK_AHEAD)
    return wish_json(replace(wish, days=(span,)))


def _local_day(turn: Turn, slot: Slot) -> date:
    return slot.start.astimezone(turn.desk.practice.zone).date()
