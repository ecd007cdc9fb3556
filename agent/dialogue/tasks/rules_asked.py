"""Questions that the practice's rules answer whatever they sound like: what a missed visit costs, where a car is left."""

import re
from collections.abc import Sequence

from agent.dialogue.policy import practice_answers
from agent.dialogue.policy.practice_facts import Fact
from agent.dialogue.retrieval.asking import aspect
from agent.dialogue.retrieval.gloss import in_english
from agent.dialogue.turn import Turn
from agent.language.fold import fold

_MISSES = re.compile(
    r"\b(?:cancel\w*|miss(?:ed|ing)?|no shows?|skip|(?:don't|do not|can't|not) (?:come|show up|make it))\b"
)
_COSTS = frozenset({"price", "duration"})
"""Whoever asks how much a missed visit is, or how long before it can be cancelled, asks for the rule."""
_CAR = re.compile(
    r"\b(?:parking|(?:leave|put|park) (?:\w+ )?(?:car|van|truck|bike)|dej\w+ (?:\w+ )?(?:carro|coche|auto|camioneta|moto))\b"
)


def rules_asked(turn: Turn) -> Sequence[Fact]:
    """Return what the practice's rules say to a question; nothing when it is about something else."""
    wanted = aspect(turn.state["heard"], turn.state["lang"])
    if not wanted.asked or turn.was_asked not in (None, "anything_else"):
        return []
    heard = turn.state["heard"]
    words = f"{fold(heard)} {fold(in_english(heard, turn.state['lang']))}"
    wishes = turn.said("book", "reschedule", "new_patient")
    if wanted.sorts & _COSTS and _MISSES.search(words) and not wishes:
        return practice_answers.cancel_rule(turn.desk.practice)
    if wanted.sorts <= {"place"} and _CAR.search(words):
        return practice_answers.parking(turn.desk.practice, None)
    return []
