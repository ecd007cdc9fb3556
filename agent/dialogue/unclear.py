"""Not understood: one clarifying question, then choices, then a person. And nothing is asked in circles."""

from agent.dialogue.state import Frame
from agent.dialogue.tasks import questions
from agent.dialogue.tasks.changing import offer_person
from agent.dialogue.turn import Turn

MOST_ASKED = 8
"""How often one task asks for the same thing, with other times on offer or not, before a person is offered."""
MOST_ROUNDS = 2
"""How often one question may come back with the same facts."""
TRIES = 3
"""Misunderstandings in a row before a person is offered."""


async def not_understood(turn: Turn) -> None:
    """One clarifying question, then choices, then a person; out of scope is told as such."""
    if turn.take_said("out_of_scope") and turn.state["understood"].get("confidence", 0) >= 0.5:
        turn.say("out_of_scope")
        return
    short_answer = turn.said("affirm", "deny", "unsure", "no_preference")
    if not short_answer and await questions.from_texts(turn, sure_only=turn.was_asked == "anything_else"):
        return
    opening = ("unsure",) if turn.was_asked in (None, "anything_else") else ()
    if turn.take_said("affirm", "no_preference", *opening):
        alarmed = turn.was_asked is None and {"crisis", "emergency"} & set(turn.state.get("opened", []))
        turn.say("staff_told" if alarmed else "how_can_i_help")
        turn.asks = "anything_else"
        return
    turn.state["misunderstood"] = turn.state.get("misunderstood", 0) + 1
    if turn.state["misunderstood"] >= TRIES:
        offer_person(turn)
    elif turn.state["misunderstood"] == 2:
        turn.ask("clarify", "clarify_choices", options=turn.option("book", "change", "question", "person"))
    else:
        turn.ask("clarify", "clarify")


def goes_round(turn: Turn, said_before: int) -> bool:
    """Count one question asked again after an answer that changed nothing; True when it must not be asked once more."""
    before = turn.state.get("question") or []
    same = bool(before) and turn.acts[said_before:][-1:] == before[-1:]
    again = turn.asks is not None and turn.asks == turn.was_asked and (same or not turn.progress)
    if not again or said_before or turn.asks in ("confirm", "anything_else"):
        turn.state["rounds"] = 0
        return False
    turn.state["rounds"] = turn.state.get("rounds", 0) + 1
    return same and turn.state["rounds"] >= MOST_ROUNDS  # other words, or the keypad, are another approach


def asked_too_often(turn: Turn, task: Frame) -> bool:
    """Whether one question of a task has come so often that somebody else should take over, whatever changed between."""
    if turn.asks is None or turn.asks in ("confirm", "anything_else"):
        return False
    return turn.times_asked(task, turn.asks) > MOST_ASKED
