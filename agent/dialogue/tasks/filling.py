"""Puts what a caller says in passing where it belongs: who, what kind of visit, with whom, where, when."""

from collections.abc import Sequence

from agent.dialogue.policy.booking import named_in
from agent.dialogue.state import Frame
from agent.dialogue.tasks.people import fill_identity, subject
from agent.dialogue.tasks.wished import take_wish
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.relatives import another, named
from agent.dialogue.understanding.tools import (
    Choose,
    GiveLocation,
    GiveProvider,
    GiveStanding,
    GiveVisitType,
    GiveWho,
    GiveWords,
)
from agent.domain.practice import Provider


def fill(turn: Turn, frame: Frame) -> bool:
    """Take this turn's slot values into the frame; say whether anything about the visit changed."""
    changed = [_who(turn, frame), _standing(turn, frame), _visit_type(turn, frame), _provider(turn, frame)]
    changed += [_location(turn, frame), take_wish(turn, frame)]
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
    key = _relative(turn, frame, call)
    changed = frame.get("who", "self") != key
    frame["who"] = key
    if call.also:
        frame["party"] = [one for one in _keys((call.who, *call.also))[1:] if one not in known]
    if call.age is not None:
        turn.person(key)["age"] = call.age
    return changed


def _relative(turn: Turn, frame: Frame, call: GiveWho) -> str:
    """Return the key of the relative who is meant: a daughter is not the son who was spoken of before."""
    words, people = plain(turn.state["heard"]), turn.state.get("people", {})
    own = frame.get("who", "self")
    if call.who == "self" or call.also:
        return call.who
    name = named(words, call.who)
    known = [key for key in people if key.partition("_")[0] == call.who]
    fitting = [key for key in known if name is None or people[key].get("called") in (None, name)]
    if another(words, call.who) and own not in fitting:
        fitting = []
    key = own if own in fitting else fitting[0] if fitting else _free_key(call.who, known)
    if name is not None:
        turn.person(key)["called"] = name
    return key


def _free_key(who: str, known: Sequence[str]) -> str:
    return next(key for number in range(1, 9) if (key := who if number == 1 else f"{who}_{number}") not in known)


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
    before = (frame.get("provider"), frame.get("not_providers", []))
    _take_by_place(turn, frame)
    calls = [call for call in turn.take_all(GiveProvider) if call.provider in known]
    for call in calls:
        if call.exclude and call.provider:
            frame["not_providers"] = [*frame.get("not_providers", []), call.provider]
        elif not _already(turn, frame, call):
            frame["provider"] = call.model_dump(exclude={"tool", "exclude"}, exclude_none=True)
            frame["not_providers"] = [other for other in frame.get("not_providers", []) if other != call.provider]
    return (frame.get("provider"), frame.get("not_providers", [])) != before


def _take_by_place(turn: Turn, frame: Frame) -> None:
    """Hear whom the caller takes by the place in the list that was asked: "the first one"."""
    if turn.was_asked != "provider" or (choice := turn.take(Choose)) is None:
        return
    question = turn.state.get("question") or []
    asked: list[str] = question[-1]["facts"].get("providers", []) if question else []
    place = (choice.position or 0) - 1 if (choice.position or 0) > 0 else choice.position or 0
    if -len(asked) <= place < len(asked):
        named = [person.id for person in turn.desk.practice.providers if person.name == asked[place]]
        frame["provider"] = {"provider": named[0]} if named else {}


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
