"""What happens next. Precedence of a turn: red flag, open safety question, a person, the task.

Digressions are answered and the task asks again; a task that was begun on top of another gives way to it when done.
"""

from copy import deepcopy
from datetime import datetime

from agent.dialogue import again
from agent.dialogue.agenda import STARTS, next_on_agenda, run, start
from agent.dialogue.desk import Desk
from agent.dialogue.meant import (
    FREE_WORDS,
    asks_for_a_person,
    drop_noise,
    is_question,
    names_a_visit,
    only_the_answer,
    staff_wants_everything,
    takes_the_offered_person,
    wants_a_visit,
)
from agent.dialogue.state import Act, Dialogue, Frame, Json
from agent.dialogue.tasks import declining, handoff, messages, phone, questions, safety, smalltalk, unsettled
from agent.dialogue.tasks.changing import offer_person
from agent.dialogue.turn import Turn
from agent.dialogue.unclear import TRIES, asked_too_often, goes_round, not_understood
from agent.dialogue.understanding.reading import calls_of
from agent.dialogue.understanding.tools import Express
from agent.domain.errors import ServiceError
from agent.domain.scheduling import Receipt

GREETED: Act = {"act": "greeting_back", "facts": {}}


async def decide(state: Dialogue, desk: Desk) -> Dialogue:
    """Return what the turn changes in the state: acts, what is asked, receipts, tickets, the agenda."""
    now = datetime.fromisoformat(state["now"]).astimezone(desk.practice.zone)
    turn = Turn(deepcopy(state), desk, calls_of(state["understood"]), now=now)
    turn.state["connect"] = None
    unsettled.note(turn)
    drop_noise(turn)
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
    if await _alarmed(turn):
        return None
    if again.finishes_the_last(turn):
        return again.say_again(turn)
    if not (turn.state.get("safety") and await safety.follow_up(turn)):
        await _go_on(turn)
    return None


async def _go_on(turn: Turn) -> None:
    """No alarm, and none open: what is in doubt is settled, then a person, then what is wanted."""
    if await unsettled.told(turn):
        return await next_on_agenda(turn, None)
    if await handoff.left_number(turn):
        return None
    if asks_for_a_person(turn) or takes_the_offered_person(turn) or staff_wants_everything(turn):
        return await handoff.to_person(turn)
    if not phone.declined(turn):
        free = turn.was_asked in FREE_WORDS and not turn.said("stop", "goodbye", "repeat")
        await (_advance if free else _talk)(turn)
    return None


async def _alarmed(turn: Turn) -> bool:
    """Say what a red flag demands; False when there is none, or when what is wanted beside an urgent notice goes on."""
    flag = safety.flag_of(turn)
    if flag is None or only_the_answer(turn, flag["level"]):
        return False
    if not await safety.raise_flag(turn, flag["level"], flag["rule"]):
        return False
    noticed = turn.state.get("flag")
    if noticed is None or noticed["level"] != "urgent" or turn.asks is not None:
        return True
    turn.calls = [call for call in turn.calls if not isinstance(call, Express) or call.intent in (*STARTS, "human")]
    return False


async def _talk(turn: Turn) -> None:
    smalltalk.change_language(turn)
    smalltalk.why(turn)
    declined = declining.decline(turn)
    if wants_a_visit(turn) or names_a_visit(turn):
        turn.take_said("wrong_number")
    if smalltalk.repeat(turn) or smalltalk.ends(turn) or smalltalk.wants_nobody(turn) or smalltalk.stop(turn):
        return
    remarked = smalltalk.remark(turn)
    if turn.said("find_provider") and not turn.agenda and not wants_a_visit(turn):
        questions.list_providers(turn)
    if (wants_a_visit(turn) or names_a_visit(turn)) and not turn.agenda and not is_question(turn):
        turn.take_said("clinical_question", "hours", "refill")
    answered = await declining.looked_up(turn, declined)
    start(turn)
    if not turn.agenda and not answered and (wants_a_visit(turn) or names_a_visit(turn)):
        turn.take_said("out_of_scope")
        turn.agenda.append(Frame(task="book"))
    if turn.agenda and turn.asks is None:
        await _advance(turn)
    elif not answered and not remarked and not turn.acts:
        await not_understood(turn)
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
        return await not_understood(turn)
    await run(turn, task)
    if goes_round(turn, said_before) or asked_too_often(turn, task):
        return offer_person(turn)
    leftover = [call for call in turn.calls if isinstance(call, Express)]
    if turn.progress or used_before:
        turn.state["misunderstood"] = 0
    elif turn.was_asked is not None and leftover and turn.was_asked == turn.asks:
        turn.state["misunderstood"] = turn.state.get("misunderstood", 0) + 1
        if turn.state["misunderstood"] >= TRIES:
            return offer_person(turn)
        turn.acts.insert(said_before, {"act": "sorry_again", "facts": {}})
    await next_on_agenda(turn, task)
    return None


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
        flag=turn.state.get("flag"),
        state=turn.state.get("state", "open"),
        acts=turn.acts,
        agenda=turn.agenda,
        people=turn.state.get("people", {}),
        asked=asking,
        question=turn.acts if asking else [],
        readback=turn.state.get("readback") if asking == "confirm" else None,
        unsettled=turn.state.get("unsettled"),
        committed=turn.state.get("committed") if turn.receipts else None,
        safety=turn.state.get("safety"),
        denied=turn.state.get("denied", []),
        misunderstood=turn.state.get("misunderstood", 0),
        rounds=turn.state.get("rounds", 0),
        opened=turn.state.get("opened", []),
        discreet=turn.state.get("discreet", False),
        silences=turn.state.get("silences", 0),
        handed_over=turn.state.get("handed_over", False),
        unanswered=turn.state.get("unanswered", False),
        left=turn.state.get("left", []),
        connect=turn.state.get("connect"),
        receipts=[_receipt_json(receipt) for receipt in turn.receipts],
        told=turn.told,
        tickets=turn.tickets,
        sources=turn.sources,
        quick_replies=turn.quick_replies if asking else [],
        checks=[],
    )


def _receipt_json(receipt: Receipt) -> Json:
    return {"id": receipt.id, "kind": receipt.kind, "visit": receipt.visit.id}
