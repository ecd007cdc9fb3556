"""Moving a visit: whose, which, to when, read back, yes, receipt. The old time is kept until the new one is taken."""

from collections.abc import Sequence

from agent.dialogue.policy.booking import candidates
from agent.dialogue.state import Frame, visit_json
from agent.dialogue.tasks import book, changing
from agent.dialogue.tasks.chart import which_visit
from agent.dialogue.tasks.commit import committed, read_back, receipt_facts, say_refusal
from agent.dialogue.tasks.declined import declined, keep_what_was_right
from agent.dialogue.tasks.filling import fill
from agent.dialogue.tasks.messages import switch_to_message
from agent.dialogue.tasks.onward import count_from_the_visit, look_before_it, note_the_visit
from agent.dialogue.tasks.times import MOST_LOOKS, chosen_slot, settle_time
from agent.dialogue.tasks.which import described_visit
from agent.dialogue.tasks.wished import wish_of
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.tools import GiveIdentity
from agent.domain.errors import CallerError, NotVerified
from agent.domain.practice import Provider
from agent.domain.scheduling import Move, Proposal, Receipt, Visit

TASK = "reschedule"


async def advance(turn: Turn, frame: Frame) -> None:
    """Take the move as far as this turn's words allow."""
    try:
        receipts = await committed(turn)
    except CallerError as problem:
        if isinstance(problem, NotVerified):  # a carer may hear of visits, but not change them
            return switch_to_message(turn, frame, "message", because=f"{TASK}_unverified")
        say_refusal(turn, problem)
        frame["chosen"], receipts = None, None
    if receipts:
        return done(turn, frame, receipts)
    described_visit(turn, frame)
    note_the_visit(turn, frame)
    named = turn.has(GiveIdentity)
    keep_what_was_right(turn, frame, changed=fill(turn, frame), named=named)
    if (booking := changing.new_visit(turn, frame)) is not None:
        return await book.advance(turn, booking)
    if declined(turn, frame, old=frame.get("visit")):
        return None
    changing.another_provider(turn, frame)
    await _next_step(turn, frame)
    return None


def done(turn: Turn, frame: Frame, receipts: Sequence[Receipt]) -> None:
    """Tell what was moved."""
    turn.say("moved", **receipt_facts(receipts[0]))
    turn.finish(frame)
    turn.asks = "anything_else"
    turn.say("anything_else")


async def _next_step(turn: Turn, frame: Frame) -> None:
    visit = await which_visit(turn, frame, "which_visit_to_move")
    if visit is None and turn.asks == "anything_else" and frame.get("visit_type"):
        await _book_instead(turn, frame)
    elif visit is not None:
        await _to_when(turn, frame, visit)


async def _book_instead(turn: Turn, frame: Frame) -> None:
    """Nothing is there to move, and a kind of visit was named: it is booked."""
    turn.acts = [act for act in turn.acts if act["act"] != "anything_else"]
    turn.asks = None
    booking = Frame(**{**frame, "task": book.TASK, "standing": "established"})
    turn.agenda.append(booking)
    await book.advance(turn, booking)


async def _to_when(turn: Turn, frame: Frame, visit: Visit) -> None:
    kind = turn.desk.practice.visit_type(visit.visit_type)
    if not frame.get("asked", {}).get("when") and not frame.get("offered"):
        _leave_out_its_own_day(turn, frame, visit)
        count_from_the_visit(turn, frame)
        look_before_it(turn, frame, visit)
    for _ in range(MOST_LOOKS):
        if not frame.get("chosen") and not await settle_time(turn, frame, kind, _providers(turn, frame, visit)):
            if turn.asks is None:
                switch_to_message(turn, frame, "waitlist")
            return
        slot = chosen_slot(frame)
        proposal = Proposal(writes=(Move(patient=visit.patient, visit=visit.id, slot=slot),))
        if await read_back(turn, frame, proposal, "read_back_move", slot=frame["chosen"], old=visit_json(visit)):
            return
        turn.say("slot_gone")
        frame["chosen"] = None


def _leave_out_its_own_day(turn: Turn, frame: Frame, visit: Visit) -> None:
    """Forget a bare day that is the visit's own: "move my visit on the 23rd" says which visit, not to when."""
    wish = wish_of(frame)
    day = visit.start.astimezone(turn.desk.practice.zone).date()
    if wish.days == ((day, day),) and not wish.times and not wish.exact:
        frame["wish"] = {}


def _providers(turn: Turn, frame: Frame, visit: Visit) -> list[Provider]:
    """The same provider, unless the caller asked for another."""
    practice = turn.desk.practice
    if frame.get("provider") is None and not frame.get("not_providers"):
        return [practice.provider(visit.provider)]
    able = candidates(practice, practice.visit_type(visit.visit_type), frame, age=None)
    kept = [person for person in able if person.id == visit.provider]
    return kept or able or [practice.provider(visit.provider)]
