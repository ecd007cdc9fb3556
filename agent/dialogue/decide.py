"""What happens next. Precedence of a turn: red flag, open safety question, a person, the task.

Digressions are answered and the task asks again; a task that was begun on top of another gives way to it when done.
"""

from collections.abc import Awaitable, Callable
from copy import deepcopy
from datetime import datetime

from agent.dialogue.desk import Desk
from agent.dialogue.policy.booking import named_in
from agent.dialogue.policy.gate import yes_to
from agent.dialogue.policy.speech import PLACEHOLDER
from agent.dialogue.state import Act, Dialogue, Frame, Json
from agent.dialogue.tasks import (
    book,
    cancel,
    check_visits,
    companions,
    handoff,
    messages,
    phone,
    questions,
    reschedule,
    safety,
    smalltalk,
)
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.reading import calls_of
from agent.dialogue.understanding.tools import (
    Choose,
    Express,
    GiveIdentity,
    GiveProvider,
    GiveStanding,
    GiveVisitType,
    GiveWhen,
    Intent,
)
from agent.domain.conversation import Asks
from agent.domain.errors import ServiceError
from agent.domain.scheduling import Receipt

TASKS: dict[str, Callable[[Turn, Frame], Awaitable[None]]] = {
    task.TASK: task.advance for task in (book, companions, cancel, reschedule, check_visits, messages)
}
STARTS: dict[Intent, Frame] = {
    "book": Frame(task="book"),
    "find_provider": Frame(task="book"),
    "new_patient": Frame(task="book"),
    "reschedule": Frame(task="reschedule"),
    "cancel": Frame(task="cancel"),
    "check_appointment": Frame(task="check_visits"),
    **{intent: Frame(task="message", kind=kind) for intent, kind in messages.KIND_OF.items()},
}
ANSWERED_BY: tuple[Asks, ...] = ("choose_slot", "choose_visit", "confirm", "visit_type", "provider", "when")
"""Questions whose answers sound like wishes ("the checkup on the 29th"): another task begins there on sure words only."""
IDENTITY: tuple[Asks, ...] = ("name", "born", "phone", "callback_number")
"""Questions whose answers hold a name, a date or a number; what else they sound like does not count."""
NOISE: tuple[Intent, ...] = ("repeat", "deny", "unsure", "out_of_scope", "clinical_question", "stop", "goodbye", "hours",
    "location", "phone_number", "third_party", "wrong_number", "complaint", "message", "running_late")  # fmt: skip
"""What a name, a birth date or a number may be mistaken for."""

SAME_TASK: dict[str, tuple[Intent, ...]] = {
    "book": ("book", "find_provider", "new_patient", "reschedule", "check_appointment"),
    "companion": ("book", "find_provider", "new_patient", "reschedule", "check_appointment"),
    "reschedule": ("reschedule", "book", "check_appointment"),
    "cancel": ("cancel", "check_appointment"),
    "check_visits": ("check_appointment",),
    "message": ("message",),
}
"""While a task is open, these words belong to it rather than starting another."""

FREE_WORDS: tuple[Asks, ...] = ("message",)
"""Questions whose answer is taken as it is said, whatever it sounds like."""

SURE_OF_A_PERSON = 0.85
RULE_READ = 0.95
"""Confidence from which a request for a person ends the taking of a message; less is the message's own words."""

GREETED: Act = {"act": "greeting_back", "facts": {}}
SHORT = 5
"""Words of an answer that holds nothing besides."""

MOST_ASKED = 8
"""How often one task asks for the same thing, with other times on offer or not, before a person is offered."""

TRIES = 3
"""Misunderstandings in a row before a person is offered."""


async def decide(state: Dialogue, desk: Desk) -> Dialogue:
    """Return what the turn changes in the state: acts, what is asked, receipts, tickets, the agenda."""
    now = datetime.fromisoformat(state["now"]).astimezone(desk.practice.zone)
    turn = Turn(deepcopy(state), desk, calls_of(state["understood"]), now=now)
    turn.state["connect"] = None
    _drop_noise(turn)
    try:
        await _route(turn)
    except ServiceError as failure:
        _schedule_is_down(turn, failure)
    return _outcome(turn)


async def _route(turn: Turn) -> None:
    event = turn.state.get("event")
    if event is not None:
        return await phone.notice(turn, event)
    turn.state["silences"] = 0
    flag = turn.state.get("flag")
    if flag is not None and not _only_the_answer(turn, flag["level"]):
        return await safety.raise_flag(turn, "ask" if _may_be_a_name(turn, flag) else flag["level"], flag["rule"])
    if turn.state.get("safety") and await safety.follow_up(turn):
        return None
    if _asks_for_a_person(turn) or _takes_the_offered_person(turn) or _staff_wants_everything(turn):
        return await handoff.to_person(turn)
    if not phone.declined(turn):
        free = turn.was_asked in FREE_WORDS and not turn.said("stop", "goodbye", "repeat")
        await (_advance if free else _talk)(turn)
    return None


def _may_be_a_name(turn: Turn, flag: Json) -> bool:
    """Say whether few words, given where a name was asked, alarm by their look alone: a name misheard sounds like that."""
    few = len(turn.state["heard"].split()) <= SHORT
    return flag["level"] == "911" and "model" in flag["rule"] and turn.was_asked in IDENTITY and few


def _only_the_answer(turn: Turn, level: str) -> bool:
    """Say whether a mere doubt arose over words that hold nothing but the answer: a name, a date, "she's new"."""
    if level != "ask":
        return False
    rest = PLACEHOLDER.sub("", turn.state["heard"])
    named = turn.was_asked in IDENTITY and not any(letter.isalnum() for letter in rest)
    standing = turn.was_asked == "new_or_established" and turn.has(GiveStanding) and len(rest.split()) <= SHORT
    return named or standing


def _drop_noise(turn: Turn) -> None:
    """An answer to who somebody is, is that answer, whatever else the words sound like; "no sorry" corrects itself."""
    if turn.was_asked not in IDENTITY or not turn.has(GiveIdentity) or "?" in turn.state["heard"]:
        return
    if float(turn.state["understood"].get("confidence", 0)) >= SURE_OF_A_PERSON:
        return
    turn.calls = [call for call in turn.calls if not (isinstance(call, Express) and call.intent in NOISE)]


async def _talk(turn: Turn) -> None:
    smalltalk.change_language(turn)
    if _wants_a_visit(turn) or _names_a_visit(turn):
        turn.take_said("wrong_number")
    if smalltalk.repeat(turn) or smalltalk.ends(turn) or smalltalk.stop(turn):
        return
    remarked = smalltalk.remark(turn)
    if turn.said("find_provider") and not turn.agenda and not _wants_a_visit(turn):
        questions.list_providers(turn)
    if (_wants_a_visit(turn) or _names_a_visit(turn)) and not turn.agenda and not _asks(turn):
        turn.take_said("clinical_question", "hours", "refill")
    answered = await questions.answer(turn)
    _start(turn)
    if not turn.agenda and not answered and (_wants_a_visit(turn) or _names_a_visit(turn)):
        turn.take_said("out_of_scope")
        turn.agenda.append(Frame(task="book"))
    if turn.agenda and turn.asks is None:
        await _advance(turn)
    elif not answered and not remarked and not turn.acts:
        await _not_understood(turn)
    if not turn.acts or (turn.asks is None and not turn.agenda and turn.state.get("state") != "ended"):
        if turn.acts[-1:] != [GREETED]:  # that one asks already
            turn.say("anything_else" if turn.acts else "how_can_i_help")
        turn.asks = "anything_else"


async def _advance(turn: Turn) -> None:
    """Let the task on top go on; count a turn in which it could use nothing."""
    used_before = turn.progress or bool(turn.acts)
    said_before = len(turn.acts)
    task = turn.agenda[-1] if turn.agenda else None
    if task is None:
        return await _not_understood(turn)
    await TASKS[task["task"]](turn, task)
    if _goes_round(turn, said_before) or _asked_too_often(turn, task):
        return _offer_person(turn)
    leftover = [call for call in turn.calls if isinstance(call, Express)]
    if turn.progress or used_before:
        turn.state["misunderstood"] = 0
    elif turn.was_asked is not None and leftover and turn.was_asked == turn.asks:
        turn.state["misunderstood"] = turn.state.get("misunderstood", 0) + 1
        if turn.state["misunderstood"] >= TRIES:
            return _offer_person(turn)
        turn.acts.insert(said_before, {"act": "sorry_again", "facts": {}})
    await _next_on_agenda(turn, task)
    return None


def _asked_too_often(turn: Turn, task: Frame) -> bool:
    """Whether one question of a task has come so often that somebody else should take over, whatever changed between."""
    if turn.asks is None or turn.asks in ("confirm", "anything_else"):
        return False
    return turn.times_asked(task, turn.asks) > MOST_ASKED


def _goes_round(turn: Turn, said_before: int) -> bool:
    """Count the same question with the same facts asked again after an answer; True when it must not be asked once more."""
    before = turn.state.get("question") or []
    again = bool(before) and turn.asks == turn.was_asked and turn.acts[said_before:][-1:] == before[-1:]
    if not again or said_before or turn.asks in ("confirm", "anything_else"):
        turn.state["rounds"] = 0
        return False
    turn.state["rounds"] = turn.state.get("rounds", 0) + 1
    return turn.state["rounds"] >= TRIES


async def _next_on_agenda(turn: Turn, done: Frame) -> None:
    """When a task ended and another waits below it, go on with that one instead of asking for anything else."""
    if turn.asks not in (None, "anything_else") or not turn.agenda or turn.agenda[-1] is done:
        return None
    if turn.asks is None:  # part of the task below: nothing to say in between
        return await TASKS[turn.agenda[-1]["task"]](turn, turn.agenda[-1])
    turn.acts = [act for act in turn.acts if act["act"] != "anything_else"]
    turn.asks = None
    turn.was_asked = None
    below = turn.agenda[-1]
    turn.say("back_to_task", task=below["task"])
    return await TASKS[below["task"]](turn, below)


async def _not_understood(turn: Turn) -> None:
    """One clarifying question, then choices, then a person; out of scope is told as such."""
    if turn.take_said("out_of_scope") and turn.state["understood"].get("confidence", 0) >= 0.5:
        turn.say("out_of_scope")
        return
    short_answer = turn.said("affirm", "deny", "unsure", "no_preference")
    if not short_answer and await questions.from_texts(turn, sure_only=turn.was_asked == "anything_else"):
        return
    if turn.take_said("affirm", "no_preference"):
        turn.say("how_can_i_help")
        turn.asks = "anything_else"
        return
    turn.state["misunderstood"] = turn.state.get("misunderstood", 0) + 1
    if turn.state["misunderstood"] >= TRIES:
        _offer_person(turn)
    elif turn.state["misunderstood"] == 2:
        turn.ask("clarify", "clarify_choices", options=turn.option("book", "change", "question", "person"))
    else:
        turn.ask("clarify", "clarify")


def _offer_person(turn: Turn) -> None:
    turn.acts.clear()
    turn.ask("clarify", "offer_person", options=turn.option("person", "message"))


def _start(turn: Turn) -> None:
    """Put what the caller wants on the agenda; words that belong to the open task stay with it."""
    open_task = turn.agenda[-1]["task"] if turn.agenda else None
    main = turn.state["understood"].get("intent")
    wanted = [call for call in turn.calls if isinstance(call, Express) and call.intent in STARTS]
    about_a_visit = _wants_a_visit(turn) and any(
        STARTS[call.intent]["task"] not in ("message", "check_visits") for call in wanted
    )
    for call in sorted(wanted, key=lambda call: call.intent == main):  # the main thing comes on top
        turn.calls.remove(call)
        if open_task is not None and (call.intent in SAME_TASK[open_task] or not _sure(turn)):
            turn.progress = turn.progress or call.intent in SAME_TASK[open_task]
            continue
        if STARTS[call.intent]["task"] in ("message", "check_visits") and (about_a_visit or _asks_back(turn)):
            continue
        frame = deepcopy(STARTS[call.intent])
        if any(other["task"] == frame["task"] and other.get("kind") == frame.get("kind") for other in turn.agenda):
            continue
        if _agrees(turn):
            turn.agenda.insert(0, frame)  # what was read back is done first
            continue
        turn.state["readback"] = None
        turn.was_asked = None if open_task is None or turn.was_asked != "anything_else" else turn.was_asked
        turn.agenda.append(frame)
        turn.progress = True


def _sure(turn: Turn) -> bool:
    """A task is begun in the middle of another only on clear words that do not answer what was asked."""
    confidence = float(turn.state["understood"].get("confidence", 0))
    if turn.was_asked in IDENTITY and turn.has(GiveIdentity):
        return False
    if turn.was_asked in ANSWERED_BY:
        answers = turn.has(Choose) or turn.said("affirm", "deny") or _wants_a_visit(turn) or turn.has(GiveWhen)
        return confidence >= SURE_OF_A_PERSON and not answers
    return confidence >= 0.6


def _wants_a_visit(turn: Turn) -> bool:
    """Say whether a kind of visit was named, or somebody to see together with a time."""
    named = turn.has(GiveProvider, lambda call: not call.exclude)
    return turn.has(GiveVisitType) or (named and turn.has(GiveWhen))


def _names_a_visit(turn: Turn) -> bool:
    return not _asks(turn) and named_in(turn.desk.practice, turn.state["heard"]) is not None


def _agrees(turn: Turn) -> bool:
    return yes_to(turn.state.get("readback"), turn.was_asked, turn.calls) is not None


def _asks_back(turn: Turn) -> bool:
    """Say whether this is doubt about a read-back ("a fee?") rather than a wish beside it."""
    return turn.was_asked == "confirm" and "?" in turn.state["heard"]


def _asks(turn: Turn) -> bool:
    return "?" in turn.state["heard"]


def _asks_for_a_person(turn: Turn) -> bool:
    """A person is asked for; "please call me back" as the words of a message is a message."""
    if turn.was_asked in FREE_WORDS and float(turn.state["understood"].get("confidence", 0)) < RULE_READ:
        return False
    main = turn.state["understood"].get("intent") == "human"
    if not main and (turn.has(GiveProvider) or turn.has(GiveVisitType)):
        turn.take_said("human")  # "I'd like to see Dr. Kim" names whom to see
        return False
    return turn.take_said("human") is not None


def _takes_the_offered_person(turn: Turn) -> bool:
    """A yes to the offer of a person."""
    question = turn.state.get("question") or []
    offered = bool(question) and question[-1]["act"] in ("offer_person", "offer_person_instead", "refused_911")
    return offered and turn.take_said("affirm") is not None


def _staff_wants_everything(turn: Turn) -> bool:
    return turn.desk.everything_to_people and "human_request" not in turn.state.get("opened", [])


def _schedule_is_down(turn: Turn, failure: ServiceError) -> None:
    """No invented times: what was wanted becomes a message with a number to call back. What is done stays told."""
    if turn.receipts:
        turn.say("anything_else")
        turn.asks = "anything_else"
        return
    turn.acts.clear()
    if failure.service in ("tickets", "database"):
        turn.say("turn_failed_call_us", phone=turn.desk.practice.phones.front_desk)
        return
    turn.receipts.clear()
    turn.state["readback"] = None
    wanted = turn.agenda[-1] if turn.agenda else Frame(task="message", kind="callback")
    turn.say("service_down", service=failure.service)
    messages.switch_to_message(turn, wanted, "callback", because="service_down")


def _outcome(turn: Turn) -> Dialogue:
    asking = turn.asks
    return Dialogue(
        lang=turn.state["lang"],
        state=turn.state.get("state", "open"),
        acts=turn.acts,
        agenda=turn.agenda,
        people=turn.state.get("people", {}),
        asked=asking,
        question=turn.acts if asking else [],
        readback=turn.state.get("readback") if asking == "confirm" else None,
        safety=turn.state.get("safety"),
        misunderstood=turn.state.get("misunderstood", 0),
        rounds=turn.state.get("rounds", 0),
        opened=turn.state.get("opened", []),
        silences=turn.state.get("silences", 0),
        handed_over=turn.state.get("handed_over", False),
        unanswered=turn.state.get("unanswered", False),
        connect=turn.state.get("connect"),
        receipts=[_receipt_json(receipt) for receipt in turn.receipts],
        tickets=turn.tickets,
        sources=turn.sources,
        quick_replies=turn.quick_replies if asking else [],
        checks=[],
    )


def _receipt_json(receipt: Receipt) -> Json:
    return {"id": receipt.id, "kind": receipt.kind, "visit": receipt.visit.id}
