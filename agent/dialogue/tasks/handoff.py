"""A person: now when somebody can answer, otherwise a ticket with a due time and a number to call back."""

from agent.dialogue.policy.staffing import due, staffed
from agent.dialogue.state import Frame
from agent.dialogue.tasks import messages
from agent.dialogue.turn import Turn
from agent.domain.handoff import Draft, HandoffKind


async def to_person(turn: Turn, *, rule: str = "asked_for_a_person") -> None:
    """Hand over with what is known; outside hours take a number so that the promise can be kept."""
    open_now = staffed(turn.desk.practice, turn.now, override=turn.desk.staffed)
    if "human_request" not in turn.state.get("opened", []):
        await _open(turn, "human_request", rule, soon=open_now)
    until = due(turn.desk.practice, turn.now).isoformat()
    if open_now:
        turn.state["state"] = "waiting_for_staff"
        turn.say("handing_over", due=until)
        return
    if any(frame.get("kind") == "callback" for frame in turn.agenda):
        turn.say("person_not_now", due=until)
        return
    turn.say("person_not_now", due=until)
    turn.state["readback"] = None
    turn.agenda.append(Frame(task=messages.TASK, kind="callback", who="self", details=_what_it_is_about(turn)))
    turn.ask("callback_number", "ask_callback_number")


def _what_it_is_about(turn: Turn) -> dict[str, str]:
    tasks = [frame["task"] for frame in turn.agenda]
    return {"message": ", ".join(tasks)} if tasks else {}


async def _open(turn: Turn, kind: HandoffKind, rule: str, *, soon: bool) -> None:
    person = turn.person("self")
    details = {**person["given"], **{f"task_{place}": frame["task"] for place, frame in enumerate(turn.agenda)}}
    draft = Draft(
        kind=kind,
        summary=turn.desk.sentences.staff_note(rule),
        details=details,
        patient=person.get("patient") if person.get("verified") else None,
        rule=rule,
        due=due(turn.desk.practice, turn.now, urgent=soon),
    )
    await messages.open_ticket(turn, draft, once=f"{kind}-{rule}")
