"""What is declined whatever is known: medicine, results, coverage, law, other people, cards. A fixed sentence, an offer.

Decided before anything is looked up; the task under way goes on afterwards.
"""

from agent.dialogue.policy import practice_answers
from agent.dialogue.policy.insurer_answers import insurers_in
from agent.dialogue.refusals.kinds import Refusal
from agent.dialogue.response.facts import fact_json
from agent.dialogue.state import Frame
from agent.dialogue.tasks import questions
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.tools import Express, Intent

MEDICAL: tuple[Refusal, ...] = ("diagnosis", "dosage", "side_effects", "advice", "results")
"""Kinds that a nurse can answer."""
MEANT: dict[Refusal, tuple[Intent, ...]] = {
    "coverage": ("insurance", "billing"),
    "card": ("out_of_scope",),
    "legal": ("complaint", "records", "billing"),
}
"""What else such words are read as, beside a question of medicine or nothing a front desk handles."""
READ_AS: tuple[Intent, ...] = (
    "clinical_question", "out_of_scope", "goodbye", "wrong_number", "stop", "repeat", "unsure", "greeting", "hours",
    "location", "phone_number", "capabilities",
)  # fmt: skip
GOES_ON: tuple[Intent, ...] = ("book", "reschedule", "cancel", "refill", "message", "records", "billing", "results")
"""Wishes beside what is declined: they are seen to at once, so that nothing is offered first."""
OFFERS: dict[str, str] = {
    "offer_nurse_or_visit": "message", "offer_results_call": "results_callback", "offer_staff_message": "message",
}  # fmt: skip
"""The question that follows, and the kind of message that a yes to it begins."""


def decline(turn: Turn) -> Refusal | None:
    """Decline what must be; return its kind, None when there is nothing to decline."""
    _take_offer(turn)
    kind: Refusal | None = turn.state["understood"].get("refusal")
    if kind is None:
        return None
    turn.say(f"decline_{kind}")
    turn.progress = True
    if kind == "third_party":
        turn.calls.clear()
    else:
        _use_up(turn, kind)
    if not turn.agenda and not turn.said(*GOES_ON):
        _offer(turn, kind)
    return kind


async def looked_up(turn: Turn, declined: Refusal | None) -> bool:
    """Say whether something was answered: nothing is looked up beside a refusal but which insurers we work with."""
    return True if declined and not _also_asked(turn, declined) else await questions.answer(turn)


def _also_asked(turn: Turn, kind: Refusal) -> bool:
    return kind == "coverage" and bool(insurers_in(turn.desk.practice, turn.state["heard"])) and turn.said("insurance")


def _take_offer(turn: Turn) -> None:
    """Hear a yes to what was offered with the last refusal."""
    question = turn.state.get("question") or []
    kind = OFFERS.get(question[-1]["act"]) if question else None
    if kind is not None and turn.take_said("affirm"):
        turn.agenda.append(Frame(task="message", kind=kind))
        turn.was_asked = None
        turn.progress = True


def _use_up(turn: Turn, kind: Refusal) -> None:
    """Take what the same words were read as, so that nothing else answers them."""
    wanted = (*READ_AS, *MEANT.get(kind, ()))
    if kind == "coverage" and _also_asked(turn, kind):
        wanted = tuple(intent for intent in wanted if intent != "insurance")
    turn.calls = [call for call in turn.calls if not (isinstance(call, Express) and call.intent in wanted)]


def _offer(turn: Turn, kind: Refusal) -> None:
    if kind in MEDICAL and turn.state["channel"] != "phone":
        for fact in practice_answers.phone_numbers(turn.desk.practice, of="nurse"):
            turn.say("fact", **fact_json(fact))
        turn.sources.append({"id": "practice", "title": turn.desk.practice.name})
    if kind == "results":
        turn.ask("clarify", "offer_results_call", options=turn.option("yes", "no", "person"))
    elif kind in MEDICAL:
        turn.ask("clarify", "offer_nurse_or_visit", options=turn.option("message", "book", "person"))
    else:
        turn.ask("clarify", "offer_staff_message", options=turn.option("message", "person"))
