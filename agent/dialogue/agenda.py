"""What is on the agenda: which words begin a task, which belong to the open one, what comes after a finished one."""

import re
from collections.abc import Awaitable, Callable
from copy import deepcopy

from agent.dialogue.meant import IDENTITY, SURE_OF_A_PERSON, agrees, asks_back, wants_a_visit
from agent.dialogue.state import Dialogue, Frame
from agent.dialogue.tasks import book, cancel, changing, check_visits, companions, messages, reschedule
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.reading import calls_of, read_utterance
from agent.dialogue.understanding.tools import Choose, Express, GiveIdentity, GiveWhen, Intent
from agent.domain.conversation import Asks

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
SAME_TASK: dict[str, tuple[Intent, ...]] = {
    "book": ("book", "find_provider", "new_patient", "reschedule", "check_appointment"),
    "companion": ("book", "find_provider", "new_patient", "reschedule", "check_appointment"),
    "reschedule": ("reschedule", "book", "check_appointment"),
    "cancel": ("cancel", "check_appointment"),
    "check_visits": ("check_appointment",),
    "message": ("message",),
}
"""While a task is open, these words belong to it rather than starting another."""

_LINK = re.compile(r"[\s,;.]*(?:\b(?:and|plus|then|also|y|e|luego)[\s,]*)*$", re.IGNORECASE)
"""What joins one wish to the next."""


def start(turn: Turn) -> None:
    """Put what the caller wants on the agenda; words that belong to the open task stay with it."""
    open_task = turn.agenda[-1]["task"] if turn.agenda else None
    main = turn.state["understood"].get("intent")
    later = [call for call in turn.calls if isinstance(call, Express) and call.intent in STARTS and call.words]
    turn.calls = [call for call in turn.calls if call not in later]
    for call in later:  # what is said of another visit says nothing of this one
        before, _, after = turn.state["heard"].partition(call.words or "")
        turn.state["heard"] = f"{_LINK.sub('', before)} {after}".strip() if call.words else before
    wanted = [call for call in turn.calls if isinstance(call, Express) and call.intent in STARTS]
    about_a_visit = wants_a_visit(turn) and any(
        STARTS[call.intent]["task"] not in ("message", "check_visits") for call in wanted
    )
    for call in sorted(wanted, key=lambda call: call.intent == main):  # the main thing comes on top
        turn.calls.remove(call)
        if _taken_over(turn, call.intent):
            continue
        if open_task is not None and (call.intent in _belonging(turn) or not _sure(turn)):
            turn.progress = turn.progress or call.intent in _belonging(turn)
            continue
        if STARTS[call.intent]["task"] in ("message", "check_visits") and (about_a_visit or asks_back(turn)):
            continue
        frame = deepcopy(STARTS[call.intent])
        if any(other["task"] == frame["task"] and other.get("kind") == frame.get("kind") for other in turn.agenda):
            continue
        if agrees(turn):
            turn.agenda.insert(0, frame)  # what was read back is done first
            continue
        turn.state["readback"] = None
        turn.was_asked = None if open_task is None or turn.was_asked != "anything_else" else turn.was_asked
        turn.agenda.append(frame)
        turn.progress = True
    _put_below(turn, later)


def _put_below(turn: Turn, later: list[Express]) -> None:
    """Let the further wishes of an utterance wait below its first one, the next of them on top."""
    if not turn.agenda:
        return
    place = len(turn.agenda) - 1
    for call in later:
        turn.agenda.insert(place, Frame(**{**deepcopy(STARTS[call.intent]), "said": call.words or ""}))


async def run(turn: Turn, frame: Frame) -> None:
    """Let a task go on; one that waited for its turn hears the words that wished for it."""
    words = frame.pop("said", None)
    if words:
        turn.state["heard"] = words
        alone: Dialogue = {**turn.state, "agenda": [], "asked": None, "reply": "", "alternatives": []}
        turn.state["understood"] = await read_utterance(alone, turn.desk)
        turn.calls = [call for call in calls_of(turn.state["understood"]) if not isinstance(call, Express)]
        turn.was_asked = None
    await TASKS[frame["task"]](turn, frame)


def _belonging(turn: Turn) -> tuple[Intent, ...]:
    """Return the words that belong to the open task; while a waiting list is offered, those of its booking do, too."""
    frame = turn.agenda[-1]
    return SAME_TASK["book"] if frame.get("instead") else SAME_TASK[frame["task"]]


def _taken_over(turn: Turn, intent: Intent) -> bool:
    """Let a wish take the place of the move under way: to cancel that visit, or, after a refused read-back, to book.

    After a refused read-back of a new visit, the one that is there already may be what was to be moved all along.
    """
    if not turn.agenda or turn.agenda[-1]["task"] not in ("book", "reschedule"):
        return False
    frame = turn.agenda[-1]
    if frame["task"] == "book":
        return intent == "reschedule" and bool(frame.get("refusals")) and changing.move_instead(turn, frame)
    if intent == "cancel" and not agrees(turn):
        kept = {key: frame[key] for key in ("who", "age", "visit", "visits") if frame.get(key)}  # type: ignore[literal-required]
        turn.finish(frame)
        turn.agenda.append(Frame(task="cancel", **kept))  # type: ignore[typeddict-item]
        turn.take_said("deny")
        turn.was_asked, turn.progress = None, True
        return True
    if intent in ("book", "new_patient") and frame.get("refusals") and changing.new_visit(turn, frame, said=True):
        turn.progress = True
        return True
    return False


def _sure(turn: Turn) -> bool:
    """A task is begun in the middle of another only on clear words that do not answer what was asked."""
    confidence = float(turn.state["understood"].get("confidence", 0))
    if turn.was_asked in IDENTITY and turn.has(GiveIdentity):
        return False
    if turn.was_asked in ANSWERED_BY:
        answers = turn.has(Choose) or turn.said("affirm", "deny") or wants_a_visit(turn) or turn.has(GiveWhen)
        return confidence >= SURE_OF_A_PERSON and not answers
    return confidence >= 0.6


async def next_on_agenda(turn: Turn, done: Frame | None) -> None:
    """When a task ended and another waits below it, go on with that one instead of asking for anything else."""
    if turn.asks not in (None, "anything_else") or not turn.agenda or turn.agenda[-1] is done:
        return None
    if turn.asks is None:  # part of the task below: nothing to say in between
        return await run(turn, turn.agenda[-1])
    turn.acts = [act for act in turn.acts if act["act"] != "anything_else"]
    turn.asks = None
    turn.was_asked = None
    below = turn.agenda[-1]
    begins = below.get("said") or not below.get("asked")
    turn.say("then_the_other" if begins else "back_to_task", task=below["task"])
    return await run(turn, below)
