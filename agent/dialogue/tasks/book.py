"""Booking a visit: what for, new or established, who, with whom, when, read back, yes, receipt."""

from collections.abc import Sequence

from agent.dialogue.policy.booking import candidates
from agent.dialogue.state import Frame, visit_json
from agent.dialogue.tasks import changing, companions, visitor
from agent.dialogue.tasks.commit import committed, read_back, receipt_facts, say_refusal
from agent.dialogue.tasks.declined import declined, keep_what_was_right
from agent.dialogue.tasks.filling import fill
from agent.dialogue.tasks.messages import leave_note, switch_to_message
from agent.dialogue.tasks.people import subject
from agent.dialogue.tasks.times import MOST_LOOKS, chosen_slot, settle_time
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.tools import GiveIdentity
from agent.domain.errors import CallerError, NotVerified
from agent.domain.practice import Provider, VisitType
from agent.domain.scheduling import Book, Proposal, Receipt
from agent.domain.text import SafeText

TASK = "book"


async def advance(turn: Turn, frame: Frame) -> None:
    """Take the booking as far as this turn's words allow."""
    try:
        receipts = await committed(turn)
    except CallerError as problem:
        if isinstance(problem, NotVerified):
            return switch_to_message(turn, frame, "message", because=f"{frame['task']}_unverified")
        say_refusal(turn, problem, verified=bool(subject(turn, frame).get("verified")))
        frame["chosen"], receipts = None, None
    if receipts:
        return await done(turn, frame, receipts)
    named = turn.has(GiveIdentity)
    keep_what_was_right(turn, frame, changed=fill(turn, frame), named=named)
    if declined(turn, frame):
        return None
    changing.puts_right(turn, frame)
    changing.another_provider(turn, frame)
    await _next_step(turn, frame)
    return None


async def _next_step(turn: Turn, frame: Frame) -> None:
    patient = await visitor.settled(turn, frame)
    if patient is None or not await companions.known(turn, frame):
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
        if companions.placed(frame) and await _read_back(turn, frame, patient):
            return
        if await _is_theirs(turn, frame, patient):
            return
        turn.say("slot_gone")
        frame["chosen"] = None


async def _is_theirs(turn: Turn, frame: Frame, patient: str) -> bool:
    """Tell who took the time themselves: a yes was written although its answer was lost, and must not count twice."""
    slot = chosen_slot(frame)
    try:
        visits = await turn.desk.schedule.visits(SafeText(patient))
    except NotVerified:
        return False
    mine = [visit for visit in visits if (visit.provider, visit.start) == (slot.provider, slot.start)]
    if not mine:
        return False
    turn.say("already_theirs", visit=visit_json(mine[0]))
    _end(turn, frame)
    return True


def _providers(turn: Turn, frame: Frame, kind: VisitType) -> list[Provider] | None:
    """Settle with whom; None after asking. Who wished for nobody in particular gets anybody who is able."""
    practice, age = turn.desk.practice, subject(turn, frame).get("age")
    able = candidates(practice, kind, frame, age=age)
    anybody = candidates(practice, kind, {"location": frame.get("location")}, age=age)
    if not able:
        frame["provider"], frame["not_providers"] = None, []
        able = anybody
        if able:
            turn.say(
                "provider_not_for_this",
                visit_type=kind.named(turn.state["lang"]),
                providers=[person.name for person in able],
            )
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
    slot, person = chosen_slot(frame), subject(turn, frame)
    unverified = not person.get("verified") and frame.get("standing") != "new"
    together = companions.bookings(frame)
    proposal = Proposal(writes=(Book(patient=patient, slot=slot, unverified=unverified), *together))
    if not together:
        return await read_back(turn, frame, proposal, "read_back_book", slot=frame["chosen"], person=person["given"])
    return await read_back(turn, frame, proposal, "read_back_book_all", bookings=companions.told(turn, frame))


async def done(turn: Turn, frame: Frame, receipts: Sequence[Receipt]) -> None:
    """Tell what was written, the caller's own visit first; staff checks what was booked for who is not established."""
    people = [frame, *companions.frames(frame)]
    for receipt, one, act in zip(receipts, people, ("booked", *["booked_also"] * len(people)), strict=False):
        kind = turn.desk.practice.visit_type(receipt.visit.visit_type)
        turn.say(act, prepare=kind.prepared(turn.state["lang"]), **receipt_facts(receipt))
        person = subject(turn, one)
        if person.get("proxy"):
            await leave_note(turn, "proxy_verification", "booked_by_somebody_else", person, receipt)
        elif one.get("standing") != "new" and not person.get("verified"):
            await leave_note(turn, "message", "booked_unmatched", person, receipt)
    _end(turn, frame)


def _end(turn: Turn, frame: Frame) -> None:
    turn.finish(frame)
    turn.asks = "anything_else"
    turn.say("anything_else")
