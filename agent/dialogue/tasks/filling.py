"""Puts what a caller says in passing where it belongs: who, what kind of visit, with whom, where, when."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from agent.dialogue.policy.booking import named_in
from agent.dialogue.state import WISH, Frame, wish_json
from agent.dialogue.tasks.people import fill_identity, subject
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.tools import (
    Choose,
    GiveLocation,
    GiveProvider,
    GiveStanding,
    GiveVisitType,
    GiveWhen,
    GiveWho,
    GiveWords,
)
from agent.domain.practice import Provider
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
_WEEK_AFTER = re.compile(r"\bweek after\b(?! next)|\bsemana siguiente\b")
_AFTER_IT = re.compile(r"\b(?:day|week|monday|tuesday|wednesday|thursday|friday|saturday|sunday) after\b|\bsiguiente\b")


def fill(turn: Turn, frame: Frame) -> bool:
    """Take this turn's slot values into the frame; say whether anything about the visit changed."""
    changed = [_who(turn, frame), _standing(turn, frame), _visit_type(turn, frame), _provider(turn, frame)]
    changed += [_location(turn, frame), _when(turn, frame)]
    fill_identity(turn, frame)
    for words in turn.take_all(GiveWords):
        if words.about == "reason":
            frame["reason"] = words.words
        else:
            frame.setdefault("details", {})[words.about] = words.words
    return any(changed)


def _who(turn: Turn, frame: Frame) -> bool:
    call = turn.take(GiveWho)
    if call is None:
        return False
    known = {str(one["who"]) for one in frame.get("companions", [])}
    if not call.also and call.who in known | set(frame.get("party", [])):
        return False  # "that's for my wife": she is among those who come already
    changed = frame.get("who", "self") != call.who
    frame["who"] = call.who
    if call.also:
        frame["party"] = [one for one in _keys((call.who, *call.also))[1:] if one not in known]
    if call.age is not None:
        turn.person(call.who)["age"] = call.age
    return changed


def _keys(people: Sequence[str]) -> list[str]:
    """Return keys that tell people of the same kind apart.

    >>> _keys(["child", "child", "self"])
    ['child', 'child_2', 'self']
    """
    seen: list[str] = []
    for one in people:
        seen.append(
            one if one not in seen else f"{one}_{seen.count(one) + sum(o.startswith(f'{one}_') for o in seen) + 1}"
        )
    return seen


def _standing(turn: Turn, frame: Frame) -> bool:
    call = turn.take(GiveStanding)
    if call is None or frame.get("standing") == call.standing:
        return False
    frame["standing"] = call.standing
    person = subject(turn, frame)
    if not person.get("verified"):
        person["patient"], person["fresh"] = None, True
    return True


def _visit_type(turn: Turn, frame: Frame) -> bool:
    known = {kind.id for kind in turn.desk.practice.visit_types}
    call = turn.take(GiveVisitType, lambda call: call.visit_type in known)
    named = call.visit_type if call else _spoken_type(turn, frame)
    if call and turn.desk.practice.visit_type(call.visit_type).who == "new":
        named = _spoken_type(turn, frame) or named  # "do you do cleanings? I'd be a new patient" is a cleaning
    if named is None or frame.get("visit_type") == named:
        return False
    frame["visit_type"] = named
    turn.progress = True
    return True


def _spoken_type(turn: Turn, frame: Frame) -> str | None:
    """Return the kind of visit whose name stands in an answer word for word, the longest name first."""
    if frame.get("visit_type") is not None or turn.was_asked not in (None, "visit_type", "reason", "anything_else"):
        return None
    return named_in(turn.desk.practice, turn.state["heard"])


def _provider(turn: Turn, frame: Frame) -> bool:
    known = {None, *(person.id for person in turn.desk.practice.providers)}
    calls = [call for call in turn.take_all(GiveProvider) if call.provider in known]
    for call in calls:
        if call.exclude and call.provider:
            frame["not_providers"] = [*frame.get("not_providers", []), call.provider]
        elif not _already(turn, frame, call):
            frame["provider"] = call.model_dump(exclude={"tool", "exclude"}, exclude_none=True)
    return bool(calls)


def _already(turn: Turn, frame: Frame, call: GiveProvider) -> bool:
    """Say whether a description fits the provider already named: "the dentist" of a talk about Dr. Park."""
    named = (frame.get("provider") or {}).get("provider")
    if named is None or call.provider is not None:
        return False
    return describes(call, turn.desk.practice.provider(str(named)))


def describes(call: GiveProvider, person: Provider) -> bool:
    """Say whether a description by specialty, gender and language fits a provider."""
    return (
        call.specialty in (None, person.specialty)
        and call.gender in (None, person.gender)
        and (call.language is None or call.language in person.languages)
    )


def _location(turn: Turn, frame: Frame) -> bool:
    known = {place.id for place in turn.desk.practice.locations}
    call = turn.take(GiveLocation, lambda call: call.location in known)
    if call is None or frame.get("location") == call.location:
        return False
    frame["location"] = call.location
    return True


def _when(turn: Turn, frame: Frame) -> bool:
    words = " ".join(call.words for call in turn.take_all(GiveWhen))
    if not words and not frame.get("asked") and "?" not in turn.state["heard"]:
        words = turn.state["heard"]  # a task that begins may have its time in the same words
    if not words and turn.was_asked in ("when", "choose_slot") and not turn.has(Choose) and not turn.said("hours"):
        words = turn.state["heard"]  # what answers "when?" is read as a time, whatever else it sounds like
    if not words:
        return False
    new = read_wish(
        words,
        now=_counted_from(turn, frame, words),
        zone=turn.desk.practice.zone,
        lang=turn.state["lang"],
        offered=turn.slots_of(frame),
        asked=turn.was_asked,
        known=wish_of(frame),
    )
    if new.empty:
        return False
    turn.progress = True
    frame["wish"] = wish_json(merge(wish_of(frame), new))
    return True


def _counted_from(turn: Turn, frame: Frame, words: str) -> datetime:
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
    """Let new words about the day replace the old day, and words about the time the old time; exclusions add up."""
    merged = replace(
        old,
        not_days=old.not_days + new.not_days,
        not_weekdays=old.not_weekdays + new.not_weekdays,
        not_times=old.not_times + new.not_times,
        order=new.order or (None if new.days or new.weekdays else old.order),
        ask=new.ask,
    )
    if new.days or new.weekdays:
        merged = replace(merged, days=new.days, weekdays=new.weekdays)
    if new.times or new.exact:
        merged = replace(merged, times=new.times, exact=new.exact)
    return merged
