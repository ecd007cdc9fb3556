"""When a visit is wanted: a caller's words read as a wish, and what later words change of earlier ones."""

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from agent.dialogue.policy.offers import AFTERNOON, NOON
from agent.dialogue.state import WISH, Frame, wish_json
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.beside_names import asked_about_when
from agent.dialogue.understanding.tools import Choose, GiveWhen
from agent.domain.scheduling import Wish
from agent.language.fold import fold
from agent.language.wishes import matches, read_wish

_DATED = re.compile(
    r"\d|\b(?:today|tomorrow|tonight|this|next|weeks?|months?|january|february|march|april|may|june|july|august|"
    r"september|october|november|december|hoy|manana|este|esta|proxim[oa]|semanas?|mes(?:es)?|enero|febrero|marzo|abril|"
    r"mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|viene)\b(?! after| siguiente)"
)
"""A date of its own, or one that counts from today."""
_CLOCK = re.compile(
    r"\b(?:at|by|around|a las?|tipo)? ?\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\b\.?| ?o'?clock)?(?![\d/-]|st|nd|rd|th|\w)"
)
"""An hour in figures: it dates nothing."""
_WEEK_AFTER = re.compile(r"\bweek after\b(?! next)")
_AFTER_IT = re.compile(r"\b(?:day|week|monday|tuesday|wednesday|thursday|friday|saturday|sunday) after\b|\bsiguiente\b")


def take_wish(turn: Turn, frame: Frame) -> bool:
    """Take what was said of when into the wish; say whether that changes anything."""
    _hear_the_afternoon(turn, frame)
    words = " ".join(call.words for call in turn.take_all(GiveWhen))
    if not words and not frame.get("asked") and "?" not in turn.state["heard"]:
        words = turn.state["heard"]  # a task that begins may have its time in the same words
    if not words and turn.was_asked in ("when", "choose_slot") and not turn.has(Choose) and not turn.said("hours"):
        words = turn.state["heard"]  # what answers "when?" is read as a time, whatever else it sounds like
    if not words:
        return False
    new = read_wish(
        words,
        now=counted_from(turn, frame, words),
        zone=turn.desk.practice.zone,
        lang=turn.state["lang"],
        offered=turn.slots_of(frame),
        asked=asked_about_when(words, turn.was_asked),
        known=wish_of(frame),
    )
    if new.empty:
        return False
    turn.progress = True
    before = wish_of(frame)
    merged = merge(before, new)
    turn.wished = "same" if replace(merged, ask=None) == replace(before, ask=None) else "new"
    frame["wish"] = wish_json(merged)
    return turn.wished == "new" or not _met(turn, frame, merged)


def _hear_the_afternoon(turn: Turn, frame: Frame) -> None:
    """Take "in the afternoon", said to offers that end at noon, for a wish and not for the one at twelve o'clock."""
    offered, zone = turn.slots_of(frame), turn.desk.practice.zone
    if not turn.has(Choose) or any(slot.start.astimezone(zone).hour > NOON for slot in offered):
        return
    said = read_wish(turn.state["heard"], now=turn.now, zone=zone, lang=turn.state["lang"], offered=(), asked=None)
    if said.times == (AFTERNOON,):
        turn.take(Choose)
        turn.calls.append(GiveWhen(words=turn.state["heard"]))


def _met(turn: Turn, frame: Frame, wish: Wish) -> bool:
    """Say whether the time settled on is what is wished for, so that saying it again changes nothing."""
    chosen = frame.get("chosen")
    return chosen is not None and matches(wish, datetime.fromisoformat(chosen["start"]), turn.desk.practice.zone)


def counted_from(turn: Turn, frame: Frame, words: str) -> datetime:
    """Return the moment from which days count: now, or the week that was just spoken of ("can we make it Thursday?").

    "The Wednesday after" and "the week after" count from the day itself.
    """
    spoken = _spoken_of(turn, frame)
    if spoken is None or _DATED.search(_CLOCK.sub(" ", fold(words))):
        return turn.now
    day = spoken.astimezone(turn.desk.practice.zone).replace(hour=0, minute=0)
    if _WEEK_AFTER.search(fold(words)):
        return max(turn.now, day - timedelta(days=7))  # "the week after" is the one after next, seen from here
    if _AFTER_IT.search(fold(words)):
        return max(turn.now, day)
    return max(turn.now, day - timedelta(days=day.weekday()))


def _spoken_of(turn: Turn, frame: Frame) -> datetime | None:
    """Return the start that was settled on or last offered; for a move, else the visit's own.

    An offer that is not what was wished for moves nobody to another week: the day that was wished for counts.
    """
    offered, wish, zone = frame.get("offered", []), wish_of(frame), turn.desk.practice.zone
    if not frame.get("chosen") and offered and len(wish.days) == 1:
        starts = [datetime.fromisoformat(slot["start"]) for slot in offered]
        if not any(matches(wish, start, zone) for start in starts):
            return datetime.combine(wish.days[0][0], time(), zone)
    last = frame.get("chosen") or next(iter(offered), None) or frame.get("visit")
    return datetime.fromisoformat(last["start"]) if last else None


def wish_of(frame: Frame) -> Wish:
    """Return what is known of when."""
    wish: Wish = WISH.validate_python(frame.get("wish") or {})
    return wish


def merge(old: Wish, new: Wish) -> Wish:
    """Let new words about the day replace the old day, and words about the time the old time.

    Exclusions add up; a day or an hour that is asked for by itself is ruled out no longer.
    """
    kept = _lifted(old, new)
    merged = replace(
        kept,
        not_days=kept.not_days + new.not_days,
        not_weekdays=kept.not_weekdays + new.not_weekdays,
        not_times=kept.not_times + new.not_times,
        order=new.order or (None if new.days or new.weekdays else old.order),
        ask=new.ask,
    )
    if new.days or new.weekdays:
        merged = replace(merged, days=new.days, weekdays=new.weekdays)
    if new.times or new.exact:
        merged = replace(merged, times=new.times, exact=new.exact)
    return merged


def _lifted(old: Wish, new: Wish) -> Wish:
    """Return the old wish without what rules out the very days and hours that are now asked for."""
    asked = [first for first, last in new.days if first == last]
    weekdays = {day.weekday() for day in asked} | set(new.weekdays)
    return replace(
        old,
        not_days=tuple((a, b) for a, b in old.not_days if not any(a <= day <= b for day in asked)),
        not_weekdays=tuple(day for day in old.not_weekdays if day not in weekdays),
        not_times=tuple((a, b) for a, b in old.not_times if not any(a <= minute < b for minute in new.exact)),
    )


def ruled_out(wish: Wish) -> Wish:
    """Return what of a wish says which days and times are out of the question."""
    return Wish(not_days=wish.not_days, not_weekdays=wish.not_weekdays, not_times=wish.not_times)
