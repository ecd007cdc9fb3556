"""The number to call back: asked, over the phone said back and agreed to, by keypad when it was not understood twice."""

from agent.dialogue.state import Frame
from agent.dialogue.tasks.identify import by_keys
from agent.dialogue.tasks.people import subject, was_said
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.tools import GiveIdentity
from agent.domain.text import SafeText

MOST_ASKED = 2
"""How often the number is asked for where nothing is said back; over the phone twice as often."""
NONE = "none given"


async def take_number(turn: Turn, frame: Frame) -> None:
    """Take a number said while a number to call back was asked, or the yes or no to one that was said back."""
    details = frame.setdefault("details", {})
    number = turn.take(GiveIdentity, lambda call: call.item == "phone" and was_said(turn, call))
    if number is not None and await turn.desk.identity.can_be_called(SafeText(number.value)):
        details["callback_number"] = number.value
        frame["number_agreed"] = turn.state["channel"] != "phone"
    elif number is not None:  # a figure is missing: asked for again
        details.pop("callback_number", None)
    elif turn.was_asked == "callback_number":
        _answer(turn, frame)
    elif "phone" in subject(turn, frame)["given"]:
        details.setdefault("callback_number", subject(turn, frame)["given"]["phone"])
        frame.setdefault("number_agreed", True)


def _answer(turn: Turn, frame: Frame) -> None:
    """Hear a yes or no: to the number said back, to the number the call comes from, or to being asked at all."""
    details, asked = frame.setdefault("details", {}), _asked(turn)
    called_from = turn.state.get("called_from")
    if asked == "ask_callback_here" and called_from and turn.take_said("affirm"):
        details["callback_number"], frame["number_agreed"] = called_from, True
    elif asked == "check_number" and turn.take_said("affirm"):
        frame["number_agreed"] = True
    elif asked in ("ask_callback_here", "check_number") and turn.take_said("deny"):
        details.pop("callback_number", None)
        turn.progress = True
    elif turn.take_said("deny", "unsure"):
        details["callback_number"], frame["number_agreed"] = NONE, True


def settled(turn: Turn, frame: Frame) -> bool:
    """Say whether the number is there, or was asked for often enough; else ask."""
    on_the_phone = turn.state["channel"] == "phone"
    asked = turn.times_asked(frame, "callback_number")
    if turn.was_asked == "callback_number" and asked >= MOST_ASKED * (2 if on_the_phone else 1):
        return True
    number = frame.get("details", {}).get("callback_number")
    if number is None:
        ask(turn, frame)
        return False
    if on_the_phone and not frame.get("number_agreed") and number != NONE:
        turn.ask("callback_number", "check_number", value=number)
        return False
    return True


def ask(turn: Turn, frame: Frame) -> None:
    """Ask for the number: whether it is the one the call comes from, then for any, then by keypad."""
    asked_before = turn.times_asked(frame, "callback_number")
    if turn.state.get("called_from") and not asked_before:
        act = "ask_callback_here"
    else:
        act = "ask_phone_keys" if by_keys(turn, frame, "callback_number") else "ask_callback_number"
    turn.ask("callback_number", act)


def _asked(turn: Turn) -> str | None:
    """Return the act that asked last."""
    question = turn.state.get("question") or []
    return question[-1]["act"] if question else None
