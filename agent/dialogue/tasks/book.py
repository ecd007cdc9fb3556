"""Booking a visit: what for, new or established, who, with whom, when, read back, yes, receipt."""

from agent.dialogue.policy.booking import bookable_types, candidates, check_visit_type, same_for_age
from agent.dialogue.state import Frame
from agent.dialogue.tasks import identify
from agent.dialogue.tasks.commit import committed, read_back, receipt_facts, say_refusal
from agent.dialogue.tasks.filling import fill, subject
from agent.dialogue.tasks.messages import leave_note, switch_to_message
from agent.dialogue.tasks.times import chosen_slot, settle_time, start_key
from agent.dialogue.turn import Turn
from agent.domain.errors import CallerError, OutsideRules
from agent.domain.practice import Provider, VisitType
from agent.domain.scheduling import Book, Proposal, Receipt
from agent.domain.text import SafeText

TASK = "book"
MOST_LOOKS = 4
"""How often one turn may go back to looking for a time because another caller was quicker."""


async def advance(turn: Turn, frame: Frame) -> None:
    """Take the booking as far as this turn's words allow."""
    try:
        receipts = await committed(turn)
    except CallerError as problem:
        say_refusal(turn, problem, verified=bool(subject(turn, frame).get("verified")))
        frame["chosen"], receipts = None, None
    if receipts:
        return await _done(turn, frame, receipts[0])
    if fill(turn, frame):
        frame["chosen"] = None
    if _declined(turn, frame):
        return None
    await _next_step(turn, frame)
    return None


async def _next_step(turn: Turn, frame: Frame) -> None:
    kind = await _visit_type(turn, frame)
    if kind is None:
        return
    patient = await identify.for_booking(turn, frame)
    if patient is None or await _age_is_wrong(turn, frame, kind):
        return
    kind = turn.desk.practice.visit_type(str(frame["visit_type"]))
    providers = _providers(turn, frame, kind)
    if providers is None:
        return
    for _ in range(MOST_LOOKS):
        if not frame.get("chosen") and not await settle_time(turn, frame, kind, providers):
            if turn.asks is None:
                switch_to_message(turn, frame, "waitlist")
            return
        if await _read_back(turn, frame, patient):
            return
        turn.say("slot_gone")
        frame["chosen"] = None


def _declined(turn: Turn, frame: Frame) -> bool:
    """A no to the read-back that says nothing else: ask what to change."""
    if turn.was_asked != "confirm" or not frame.get("chosen") or not turn.take_said("deny"):
        return False
    frame["refused"] = [*frame.get("refused", []), start_key(chosen_slot(frame))]
    frame["chosen"] = None
    if turn.said("ask_alternative", "reschedule"):
        return False
    turn.ask("clarify", "what_to_change", options=turn.option("another_time", "another_provider", "stop"))
    return True


async def _visit_type(turn: Turn, frame: Frame) -> VisitType | None:
    """Settle what the visit is for and whether the patient is new; None after asking."""
    practice, age = turn.desk.practice, subject(turn, frame).get("age")
    choices = bookable_types(practice, standing=frame.get("standing"), age=age)
    if frame.get("visit_type") is None and len({kind.id for kind in choices}) == 1:
        frame["visit_type"] = choices[0].id
    if frame.get("visit_type") is None:
        _ask_visit_type(turn, frame, choices)
        return None
    kind = practice.visit_type(str(frame["visit_type"]))
    if kind.who != "any" and frame.get("standing") is None:
        frame["standing"] = kind.who
    if frame.get("standing") is None and turn.times_asked(frame, "new_or_established") >= 2:
        frame["standing"] = "established"  # staff hears of it when no chart fits
    if frame.get("standing") is None:
        turn.ask("new_or_established", "ask_new_or_established", options=turn.option("first_time", "been_before"))
        return None
    return _allowed(turn, frame, kind)


def _ask_visit_type(turn: Turn, frame: Frame, choices: list[VisitType]) -> None:
    names = [kind.name for kind in choices]
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
                turn.say("newcomers_have", visit_type=first[0].name)
                return first[0]
        if rule.reason == "visit_type_for_new":
            frame["visit_type"] = None
            turn.say("outside_visit_type_for_new")
            _ask_visit_type(turn, frame, bookable_types(turn.desk.practice, standing="established", age=age))
            return None
        if rule.reason == "visit_type_needs_staff":
            turn.say("outside_visit_type_needs_staff", visit_type=kind.name)
            switch_to_message(turn, frame, "message", because=rule.reason)
            return None
        alike = same_for_age(turn.desk.practice, kind, standing=frame.get("standing"), age=age)
        if alike is not None:
            frame["visit_type"] = alike.id
            return alike
        frame["visit_type"] = None
        turn.say("outside_visit_type_age", visit_type=kind.name)
        _ask_visit_type(turn, frame, bookable_types(turn.desk.practice, standing=frame.get("standing"), age=age))
        return None
    return kind


async def _age_is_wrong(turn: Turn, frame: Frame, kind: VisitType) -> bool:
    """Learn the age from the birth date; True when the kind of visit is not for it (and something was asked)."""
    person = subject(turn, frame)
    if "born" in person["given"]:
        person["age"] = await turn.desk.identity.age(SafeText(person["given"]["born"]))
    return _allowed(turn, frame, kind) is None


def _providers(turn: Turn, frame: Frame, kind: VisitType) -> list[Provider] | None:
    """Settle with whom; None after asking. Who wished for nobody in particular gets anybody who is able."""
    practice, age = turn.desk.practice, subject(turn, frame).get("age")
    able = candidates(practice, kind, frame, age=age)
    anybody = candidates(practice, kind, {"location": frame.get("location")}, age=age)
    if not able:
        frame["provider"], frame["not_providers"] = None, []
        able = anybody
        if able:
            turn.say("provider_not_for_this", visit_type=kind.name, providers=[person.name for person in able])
    if (
        turn.was_asked == "provider"
        and frame.get("provider") is None
        and turn.take_said("no_preference", "unsure", "deny", "affirm")
    ):
        frame["provider"] = {}
    if frame.get("provider") is None and len(able) > 1 and not turn.times_asked(frame, "provider"):
        names = [person.name for person in able]
        turn.ask("provider", "ask_provider", options=[*names, *turn.option("anyone")], providers=names)
        return None
    if not able:
        turn.say("nothing_free")
        switch_to_message(turn, frame, "message", because="no_provider")
        return None
    return able


async def _read_back(turn: Turn, frame: Frame, patient: str) -> bool:
    person = subject(turn, frame)
    slot = chosen_slot(frame)
    proposal = Proposal(
        writes=(
            Book(patient=patient, slot=slot, unverified=not person.get("verified") and frame.get("standing") != "new"),
        )
    )
    return await read_back(turn, frame, proposal, "read_back_book", slot=frame["chosen"], person=person["given"])


async def _done(turn: Turn, frame: Frame, receipt: Receipt) -> None:
    kind = turn.desk.practice.visit_type(receipt.visit.visit_type)
    turn.say("booked", prepare=kind.prepare, **receipt_facts(receipt))
    person = subject(turn, frame)
    if person.get("proxy"):
        await leave_note(turn, "proxy_verification", "booked_by_somebody_else", person, receipt)
    elif frame.get("standing") != "new" and not person.get("verified"):
        await leave_note(turn, "message", "booked_unmatched", person, receipt)
    turn.finish(frame)
    turn.asks = "anything_else"
    turn.say("anything_else")
