"""What would have changed how a turn was understood, from what the understanding noted. Rule names, never words."""

from typing import Any

from agent.dialogue.understanding.rereading import SURE as GIVES_WAY
from agent.dialogue.understanding.wanting import ASIDE, LEAST

BY_RULE = {
    "choice": "a refusal, a question or another time beside the choice would have made it none",
    "short answer": "one word more that changes, doubts or asks something, and it is no short answer",
    "agrees": "a clause that does not agree from its first word to its last, and it is no yes",
    "yes, and": "a word of doubt after the yes, or a time, and it is a correction",
    "yes, and asks": "a question about what was read back, and it is no yes",
    "yes, again": "anything but what was read back after the yes, and it is a correction",
    "yes, described": "a description that does not fit who was read back, and it is a correction",
    "yes, but": "without what takes it back it would have been a yes",
    "no, and": "without the no the rest would have been read by itself",
    "correction": "without another time it would have been no correction",
    "slots": "a wish or a question said in the same breath would have come on top",
    "key": "words would have been read instead of the key",
}
"""By what the understanding notes of itself (agent/dialogue/understanding/proposals.py)."""


def otherwise(understood: dict[str, Any]) -> list[str]:
    """Return what would have led to another reading, most decisive first.

    >>> otherwise({"confidence": 0.41, "next": "cancel", "notes": ["classifier"], "by": "local"})
    ['6 points less and it would have been asked back', 'cancel had it been the likelier one']
    """
    notes: list[str] = understood.get("notes", [])
    lines = [BY_RULE[note] for note in notes if note in BY_RULE]
    if "classifier" in notes:
        lines += _by_classifier(float(understood["confidence"]), str(understood["next"]))
    if "another reading" in notes:
        lines.append(f"an answer in the best reading, or an intent of {GIVES_WAY:.0%} in it, and no other is looked at")
    return lines


def _by_classifier(confidence: float, following: str) -> list[str]:
    margin = round((confidence - LEAST) * 100)
    first = (
        f"{margin} points less and it would have been asked back"
        if margin >= 0
        else f"{-margin} points more and it would have been taken as said"
    )
    aside = [] if confidence >= ASIDE else [f"{following} had it been the likelier one"]
    return [first, *aside]
