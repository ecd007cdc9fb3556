"""Reading back and writing. The only place that calls the schedule's commit."""

import re
from datetime import timedelta

from agent.dialogue.policy.booking import check_bookable
from agent.dialogue.policy.gate import CHANGES, yes_to
from agent.dialogue.state import PROPOSAL, Act, Frame, ReadBack, proposal_json, visit_json
from agent.dialogue.tasks import changing
from agent.dialogue.tasks.filling import describes
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.reading import calls_of
from agent.dialogue.understanding.tools import Args, Express, GiveIdentity, GiveProvider, GiveWhen
from agent.domain.errors import CallerError, NotVerified, SlotTaken
from agent.domain.scheduling import Book, Cancel, Move, Proposal, Receipt
from agent.language.wishes import matches, read_wish

ASK_AT = 2
"""How often the very same is read back in vain before it is asked what is wrong."""
_ABOUT_THE_TIME = re.compile(r"(?:that|the|this|esa|ese|la|el) (?:time|day|hora|dia)\b")
"""How words begin that speak of a time, in plain words."""


async def read_back(turn: Turn, frame: Frame, proposal: Proposal, act: str, **facts: object) -> bool:
    """Hold the times, say what would be done, and ask; False when a time is gone meanwhile.

    What was read back in vain is not read back in circles: then it is asked what is wrong, and a person is offered.
    """
    if _goes_round(turn, frame, said=Act(act=proposal.id, facts=facts)):
        return True
    slots = [write.slot for write in proposal.writes if isinstance(write, Book | Move)]
    until = turn.now + timedelta(minutes=turn.desk.practice.rules.hold_minutes)
    try:
        await turn.desk.schedule.hold(slots, until=until)
    except SlotTaken:
        return False
    heard = turn.state["channel"] != "phone"
    turn.state["readback"] = ReadBack(proposal=proposal_json(proposal), id=proposal.id, heard=heard)
    again = "_again" if turn.times_asked(frame, "confirm") and f"{act}_again" in turn.desk.sentences else ""
    turn.ask("confirm", act + again, options=turn.option("yes", "no"), **facts)
    return True


def _goes_round(turn: Turn, frame: Frame, *, said: Act) -> bool:
    """Ask what is wrong instead of reading back the very same again; True when that was asked."""
    same = frame.get("read") == said
    frame["read"] = said
    in_vain = turn.was_asked in ("confirm", "clarify") and not turn.acts and not _adds_to_it(turn)
    if not same or turn.acts:
        frame["unchanged"] = 0 if not same else frame.get("unchanged", 0)
        return False
    frame["unchanged"] = frame.get("unchanged", 0) + 1 if in_vain else 0
    if not in_vain or frame["unchanged"] < ASK_AT:
        return False
    turn.state["readback"] = None
    if frame["unchanged"] > ASK_AT:
        changing.offer_person(turn)
    else:
        changing.ask_what_is_wrong(turn)
    return True


def _adds_to_it(turn: Turn) -> bool:
    """Say whether another time is named, or, with no word against it, who it is for, or, when asked, the wish anew."""
    said = calls_of(turn.state["understood"])
    against = any(isinstance(call, Express) and call.intent == "deny" for call in said)
    named = any(isinstance(call, GiveIdentity) for call in said) and not against
    anew = turn.was_asked == "clarify" and any(isinstance(call, CHANGES) for call in said)
    return turn.wished == "new" or named or anew


async def committed(turn: Turn) -> list[Receipt] | None:
    """Write the proposal that this turn's yes agrees to; None when there was no such yes.

    Raises SlotTaken or OutsideRules when the schedule says no, ServiceError when it cannot be reached.
    """
    readback = turn.state.get("readback")
    proposal = yes_to(readback, turn.was_asked, [call for call in turn.calls if not _as_read_back(turn, call)])
    turn.state["readback"] = None
    if proposal is None or _names_another_time(turn, proposal) or _is_fine_with_the_visit(turn, proposal):
        return None
    turn.take_said("affirm")
    for write in proposal.writes:
        if isinstance(write, Book | Move):
            check_bookable(write.slot, turn.desk.practice.rules, now=turn.now)
    receipts = await turn.desk.schedule.commit(proposal)
    turn.state["unsettled"], turn.state["committed"] = None, readback
    turn.receipts.extend(receipts)
    return receipts


def _as_read_back(turn: Turn, call: Args) -> bool:
    """Say whether a description fits everybody who was read back: "yes, what's the dentist's number?"."""
    if not isinstance(call, GiveProvider) or call.provider is not None or call.exclude:
        return False
    readback = turn.state.get("readback")
    writes = PROPOSAL.validate_python(readback["proposal"]).writes if readback else ()
    people = [turn.desk.practice.provider(write.slot.provider) for write in writes if isinstance(write, Book | Move)]
    return all(describes(call, person) for person in people)


def _is_fine_with_the_visit(turn: Turn, proposal: Proposal) -> bool:
    """Whether the words find the time good, where cancelling is what was read back: no yes to that."""
    cancels = any(isinstance(write, Cancel) for write in proposal.writes)
    if not cancels or not _ABOUT_THE_TIME.match(plain(turn.state["heard"])):
        return False
    turn.take_said("affirm")
    return True


def _names_another_time(turn: Turn, proposal: Proposal) -> bool:
    """Whether the yes names a time that is not the one read back: then it is a change, whatever proposed the yes."""
    zone, words = turn.desk.practice.zone, turn.state["heard"]
    starts = [write.slot.start for write in proposal.writes if isinstance(write, Book | Move)]
    if not starts:
        return False
    wish = read_wish(words, now=turn.now, zone=zone, lang=turn.state["lang"], offered=(), asked="confirm")
    if wish.empty or any(matches(wish, start, zone) for start in starts):
        return False
    turn.take_said("affirm")
    if "?" not in words:
        turn.calls.append(GiveWhen(words=words))
    return True


def receipt_facts(receipt: Receipt) -> dict[str, object]:
    """Return what a success sentence may speak of."""
    return {"receipt": receipt.id, "visit": visit_json(receipt.visit)}


def say_refusal(turn: Turn, problem: CallerError, *, verified: bool = True) -> None:
    """Tell a caller why the schedule said no; who is not verified does not hear of other visits of the patient."""
    if isinstance(problem, SlotTaken) or (problem.reason == "patient_busy" and not verified):
        turn.say("slot_gone")
    elif isinstance(problem, NotVerified):
        turn.say("not_verified")
    else:
        named = f"outside_{problem.reason}"
        turn.say(named if named in turn.desk.sentences else "outside_rules")
