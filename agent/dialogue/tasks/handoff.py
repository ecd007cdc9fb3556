"""A person: now when somebody can answer, otherwise a ticket with a due time and a number to call back."""

from agent.dialogue.policy.staffing import due, staffed
from agent.dialogue.state import Frame
from agent.dialogue.tasks import callback, messages
from agent.dialogue.tasks.people import NUMBERS, subject, was_said
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.tools import Express, GiveIdentity, Intent
from agent.domain.conversation import PhoneKey
from agent.domain.handoff import Draft, TicketKind
from agent.domain.text import SafeText

BESIDE_A_NUMBER: tuple[Intent, ...] = ("phone_number", "human", "message", "affirm", "thanks", "out_of_scope")
"""What words that give a number are also read as."""
NOT_IDENTIFIED = 2
"""Failed look-ups after which a task is left to the person who was asked for."""


async def to_person(turn: Turn, *, rule: str = "asked_for_a_person", urgent: bool = False) -> None:
    """Hand over with what is known; outside hours take a number so that the promise can be kept.

    A call is sent to a person at once: by day to the front desk, at night for urgent matters to whoever is on call.
    A call that came back unanswered is not sent again.
    """
    open_now = staffed(turn.desk.practice, turn.now, override=turn.desk.staffed) and not turn.state.get("unanswered")
    if not _waits(turn):
        await _open(turn, "human_request", rule, soon=open_now)
    until = due(turn.desk.practice, turn.now).isoformat()
    line = _line(turn, open_now=open_now, urgent=urgent)
    if line is not None:
        turn.state["connect"], turn.state["state"], turn.state["handed_over"] = line, "waiting_for_staff", True
        turn.say("connecting", due=until)
        return
    if open_now:
        turn.state["state"], turn.state["handed_over"] = "waiting_for_staff", True
        turn.say("handing_over", due=until)
        return
    if any(frame.get("kind") == "callback" for frame in turn.agenda):
        turn.say("person_not_now", due=until)
        return
    turn.say("person_not_now", due=until)
    turn.state["readback"] = None
    turn.agenda[:] = [one for one in turn.agenda if subject(turn, one).get("attempts", 0) < NOT_IDENTIFIED]
    if "callback" in turn.state.get("opened", []):  # staff has the number already
        turn.ask("anything_else", "anything_else")
        return
    frame = Frame(task=messages.TASK, kind="callback", who="self", details=_what_it_is_about(turn))
    turn.agenda.append(frame)
    callback.ask(turn, frame)


async def left_number(turn: Turn) -> bool:
    """Pass a number on that is given while a person is awaited, and say it back; False when something else was said, too."""
    if turn.state.get("state") != "waiting_for_staff" or turn.was_asked in NUMBERS:
        return False
    number = next((call for call in turn.calls if isinstance(call, GiveIdentity) and call.item == "phone"), None)
    if (
        number is None
        or not was_said(turn, number)
        or not await turn.desk.identity.can_be_called(SafeText(number.value))
    ):
        return False
    turn.take(GiveIdentity, lambda call: call is number)
    await _open(turn, "callback", "number_left", callback_number=number.value)
    turn.say("number_left", value=number.value)
    turn.calls = [call for call in turn.calls if not (isinstance(call, Express) and call.intent in BESIDE_A_NUMBER)]
    if turn.calls:
        return False
    turn.acts.extend(turn.state.get("question") or [])
    turn.asks = turn.was_asked
    return True


def _waits(turn: Turn) -> bool:
    """Say whether staff has this request already; who was handed back and asks again is a new one."""
    opened = turn.state.get("opened", [])
    if turn.state.get("handed_over") and turn.state.get("state") == "open" and not turn.state.get("unanswered"):
        turn.state["opened"] = opened = [kind for kind in opened if kind != "human_request"]
        turn.state["handed_over"] = False
    return "human_request" in opened


def _line(turn: Turn, *, open_now: bool, urgent: bool) -> PhoneKey | None:
    """Return where a call is sent; None when nobody picks up there now, or when this is no call."""
    if turn.state["channel"] != "phone" or turn.state.get("unanswered"):
        return None
    if open_now:
        return "front_desk"
    return "on_call" if urgent and turn.desk.practice.phones.on_call else None


def _what_it_is_about(turn: Turn) -> dict[str, str]:
    tasks = [frame["task"] for frame in turn.agenda]
    return {"message": ", ".join(tasks)} if tasks else {}


async def _open(turn: Turn, kind: TicketKind, rule: str, *, soon: bool = True, **more: str) -> None:
    person = turn.person("self")
    details = {
        **person["given"],
        **more,
        **turn.caller_number(),
        **{f"task_{place}": frame["task"] for place, frame in enumerate(turn.agenda)},
    }
    draft = Draft(
        kind=kind,
        summary=turn.desk.sentences.staff_note(rule),
        details=details,
        patient=person.get("patient") if person.get("verified") else None,
        rule=rule,
        due=due(turn.desk.practice, turn.now, urgent=soon),
    )
    await messages.open_ticket(turn, draft, once=f"{kind}-{rule}-{turn.state['turn']}")
