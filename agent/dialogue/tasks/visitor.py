"""Who comes and what for: the kind of visit, new or established, who the patient is. One person of a booking."""

from agent.dialogue.policy.booking import bookable_types, check_visit_type, for_children, same_for_age, words_of
from agent.dialogue.state import Frame
from agent.dialogue.tasks import identify
from agent.dialogue.tasks.messages import switch_to_message
from agent.dialogue.tasks.people import subject
from agent.dialogue.turn import Turn
from agent.domain.errors import OutsideRules
from agent.domain.practice import VisitType
from agent.domain.text import SafeText

GROWN_UP = 21
"""Age up to which a kind of visit with a highest age is one for children."""


async def settled(turn: Turn, frame: Frame) -> str | None:
    """Return a reference to book for, with the kind of visit settled in the frame; None after asking for something."""
    kind = _visit_type(turn, frame)
    if kind is None:
        return None
    patient = await identify.for_booking(turn, frame)
    if patient == identify.GAVE_UP:
        switch_to_message(turn, frame, "message", because=f"{frame['task']}_unverified")
        return None
    if patient is None or await _age_is_wrong(turn, frame, kind):
        return None
    return patient


def _visit_type(turn: Turn, frame: Frame) -> VisitType | None:
    """Settle what the visit is for and whether the patient is new; None after asking."""
    practice, age = turn.desk.practice, subject(turn, frame).get("age")
    choices = bookable_types(practice, standing=frame.get("standing"), age=age)
    if age is None and frame.get("who", "self").startswith("child"):
        choices = for_children(choices)
    if frame.get("visit_type") is None and len({kind.id for kind in choices}) == 1:
        frame["visit_type"] = choices[0].id
    if frame.get("visit_type") is None:
        frame["visit_type"] = _for_a_child(turn, frame, choices)
    if frame.get("visit_type") is None:
        _ask_visit_type(turn, frame, choices)
        return None
    kind = practice.visit_type(str(frame["visit_type"]))
    frame.setdefault("wanted_type", kind.id)
    if kind.who != "any" and frame.get("standing") is None and frame["task"] != "companion":
        frame["standing"] = kind.who
    if frame.get("standing") is None and turn.times_asked(frame, "new_or_established") >= 2:
        frame["standing"] = "established"  # staff hears of it when no chart fits
    if frame.get("standing") is None:
        if _chart_may_tell(turn, frame):
            return _allowed(turn, frame, kind)
        identify.ask_standing(turn, frame)
        return None
    return _allowed(turn, frame, kind)


def _chart_may_tell(turn: Turn, frame: Frame) -> bool:
    """Say whether who the patient is was given where it was asked whether they had been here: the chart is looked at."""
    given = subject(turn, frame)["given"]
    if turn.was_asked == "new_or_established" and subject(turn, frame).get("fresh") and given:
        frame["standing"] = "established"
        frame["by_chart"] = True
    return bool(frame.get("by_chart"))


def _for_a_child(turn: Turn, frame: Frame, choices: list[VisitType]) -> str | None:
    """Return the one kind of visit for children that is named in part: "checkups for my two kids"."""
    if not frame.get("who", "self").startswith("child"):
        return None
    said = {word.removesuffix("s") for word in turn.state["heard"].casefold().replace("-", "").split()}
    meant = [kind.id for kind in choices if kind.ages and kind.ages.to <= GROWN_UP and words_of(kind) & said]
    return meant[0] if len(meant) == 1 else None


def _ask_visit_type(turn: Turn, frame: Frame, choices: list[VisitType]) -> None:
    names = [kind.named(turn.state["lang"]) for kind in choices]
    act = ("ask_visit_type", "ask_visit_type_choices")[min(turn.times_asked(frame, "visit_type"), 1)]
    if turn.times_asked(frame, "visit_type") >= 3:
        switch_to_message(turn, frame, "message", because="visit_type_unclear")
        return
    turn.ask("visit_type", act, options=names, visit_types=names)


def _allowed(turn: Turn, frame: Frame, kind: VisitType) -> VisitType | None:
    """A newcomer who asks for an established patient's visit gets the newcomers' one; staff books what staff books."""
    age = subject(turn, frame).get("age")
    try:
        check_visit_type(kind, standing=frame.get("standing"), age=age)
    except OutsideRules as rule:
        if rule.reason == "visit_type_for_established":
            first = [
                other for other in bookable_types(turn.desk.practice, standing="new", age=age) if other.who == "new"
            ]
            if first:
                frame["visit_type"] = first[0].id
                turn.say("newcomers_have", visit_type=first[0].named(turn.state["lang"]))
                return first[0]
        if rule.reason == "visit_type_for_new":
            frame["visit_type"] = None
            turn.say("outside_visit_type_for_new")
            _ask_visit_type(turn, frame, bookable_types(turn.desk.practice, standing="established", age=age))
            return None
        if rule.reason == "visit_type_needs_staff":
            turn.say("outside_visit_type_needs_staff", visit_type=kind.named(turn.state["lang"]))
            switch_to_message(turn, frame, "message", because=rule.reason)
            return None
        alike = same_for_age(turn.desk.practice, kind, standing=frame.get("standing"), age=age)
        if alike is not None:
            frame["visit_type"] = alike.id
            return alike
        frame["visit_type"] = None
        turn.say("outside_visit_type_age", visit_type=kind.named(turn.state["lang"]))
        _ask_visit_type(turn, frame, bookable_types(turn.desk.practice, standing=frame.get("standing"), age=age))
        return None
    return kind


async def _age_is_wrong(turn: Turn, frame: Frame, kind: VisitType) -> bool:
    """Learn the age from the birth date; True when the kind of visit is not for it (and something was asked)."""
    person = subject(turn, frame)
    if "born" in person["given"]:
        person["age"] = await turn.desk.identity.age(SafeText(person["given"]["born"]))
    return _allowed(turn, frame, kind) is None
