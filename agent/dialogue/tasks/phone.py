"""What a call brings besides words: silence, a hang-up, a transfer nobody answered, a call that was cut off."""

from collections.abc import Awaitable, Callable

from agent.dialogue.policy.staffing import due
from agent.dialogue.policy.wish_notes import wish_note
from agent.dialogue.state import Frame
from agent.dialogue.tasks import companions, handoff, messages
from agent.dialogue.tasks.messages import DETAIL
from agent.dialogue.tasks.people import subject
from agent.dialogue.tasks.safety import in_doubt
from agent.dialogue.tasks.wished import wish_of
from agent.dialogue.turn import Turn
from agent.domain.conversation import Event
from agent.domain.handoff import Draft

PROMPTED = ("still_there", "still_there_again")
"""What a silent caller hears, one after the other, before a message is left and the call ends."""
UNREAD = 3
"""Utterances without a word in a row after which a person is offered."""
KEPT = ("task",)
"""What of a task outlives a dropped call: whoever calls now may be somebody else in the house."""


async def notice(turn: Turn, event: Event) -> None:
    """Act on what the channel noticed."""
    await _NOTICED[event](turn)


async def _silence(turn: Turn) -> None:
    """A prompt, a second, then a message and goodbye."""
    turn.state["silences"] = turn.state.get("silences", 0) + 1
    if turn.state["silences"] <= len(PROMPTED):
        turn.say(PROMPTED[turn.state["silences"] - 1])
        _ask_again(turn)
        return
    noted = await _leave_what_is_known(turn, "caller_silent")
    turn.say("goodbye_silent_noted" if noted else "goodbye_silent")
    turn.state["state"] = "ended"


async def _unclear(turn: Turn) -> None:
    """Somebody spoke and no word was read: asked again, and a person offered when that does not help."""
    turn.state["silences"] = 0
    turn.state["misunderstood"] = turn.state.get("misunderstood", 0) + 1
    if turn.state["misunderstood"] >= UNREAD:
        turn.ask("clarify", "offer_person", options=turn.option("person", "message"))
        return
    turn.say("sorry_again")
    _ask_again(turn)


def _ask_again(turn: Turn) -> None:
    """Repeat what was asked; a read-back counts once it was heard again."""
    turn.acts.extend(act for act in turn.state.get("question") or [] if act["act"] not in (*PROMPTED, "sorry_again"))
    turn.asks = turn.was_asked
    readback = turn.state.get("readback")
    if readback is not None:
        readback["heard"] = turn.state["channel"] != "phone"


async def _hang_up(turn: Turn) -> None:
    """Leave a note of an open task; without one the conversation is over."""
    waiting = turn.state.get("state") == "waiting_for_staff"  # staff has the ticket already
    if in_doubt(turn.state) or (turn.agenda and not waiting):
        await _leave_what_is_known(turn, "caller_hung_up")
        turn.asks = turn.was_asked
        return
    turn.state["state"] = "waiting_for_staff" if waiting else "ended"


async def _nobody_answered(turn: Turn) -> None:
    """The caller is back from a line that nobody picked up: a promise instead, and no second ringing."""
    turn.state["unanswered"] = True
    turn.state["state"] = "open"
    turn.say("nobody_answered")
    await handoff.to_person(turn)


async def _resumed(turn: Turn) -> None:
    """Whoever calls may be somebody else: what was begun stays, all that was said of it is forgotten."""
    turn.state["people"] = {
        who: {"given": {}, "attempts": person.get("attempts", 0), "verified": False}
        for who, person in turn.state.get("people", {}).items()
    }
    turn.state["agenda"] = [
        Frame(**{key: value for key, value in frame.items() if key in KEPT})  # type: ignore[typeddict-item]
        for frame in turn.agenda
        if frame["task"] != "companion"
    ]
    turn.state["readback"] = turn.state["safety"] = None
    turn.state["silences"] = 0
    turn.state["state"] = "open"
    turn.ask("clarify", "resumed" if turn.agenda else "how_can_i_help")


async def _leave_what_is_known(turn: Turn, rule: str) -> bool:
    """Open a ticket with what was said so far: urgent when a safety question stands open. False: there is nothing."""
    doubt = in_doubt(turn.state)
    frame = turn.agenda[-1] if turn.agenda else Frame(task="message", kind="message")
    details = _known(turn, frame)
    if not details and not doubt:
        return False
    person = subject(turn, frame)
    kind = frame.get("kind", "message") if frame["task"] == messages.TASK else "message"
    draft = Draft(
        kind="urgent" if doubt else kind,  # type: ignore[arg-type]
        summary=turn.desk.sentences.staff_note(f"{rule}_in_doubt" if doubt else rule),
        details=details,
        patient=person.get("patient") if person.get("verified") else None,
        rule=turn.state["safety"]["rule"] if doubt and turn.state["safety"] else rule,
        due=due(turn.desk.practice, turn.now, urgent=doubt),
    )
    await messages.open_ticket(turn, draft, once=f"{rule}-{turn.state['turn']}")
    if doubt and turn.state["safety"]:
        turn.state["safety"]["told"] = True
    return True


def _known(turn: Turn, frame: Frame) -> dict[str, str]:
    """Return what staff should see: who, what for, when, and the number the call came from."""
    known: dict[str, str] = {}
    for one in turn.agenda or [frame]:
        also = "also_" if one["task"] == companions.TASK else ""
        known |= {f"{also}{item}": value for item, value in subject(turn, one)["given"].items()}
        known |= _wanted(one)
    if turn.agenda:
        known["task"] = DETAIL.get(frame.get("kind", ""), frame.get("kind") or frame["task"])
    return {**known, **turn.caller_number()}


def _wanted(frame: Frame) -> dict[str, str]:
    provider = (frame.get("provider") or {}).get("provider")
    wanted = {
        "wanted_visit_type": frame.get("visit_type"),
        "wanted_reason": frame.get("reason"),
        "wanted_location": frame.get("location"),
        "wanted_provider": provider,
        "wanted_when": wish_note(wish_of(frame)),
    }
    return {**{key: str(value) for key, value in wanted.items() if value}, **frame.get("details", {})}


def declined(turn: Turn) -> bool:
    """Hear a no to going on after a dropped call: nothing of it is left."""
    question = turn.state.get("question") or []
    if not question or question[-1]["act"] != "resumed" or not turn.take_said("deny"):
        return False
    turn.agenda.clear()
    turn.ask("anything_else", "how_can_i_help")
    return True


_NOTICED: dict[Event, Callable[[Turn], Awaitable[None]]] = {
    "silence": _silence,
    "unclear": _unclear,
    "hang_up": _hang_up,
    "nobody_answered": _nobody_answered,
    "resumed": _resumed,
}
