"""A yes that stands beside questions: "That's right. Do they take walk-ins?", "Yes, and how is their rating?"."""

import re

from agent.dialogue.understanding.agreeing import agrees
from agent.dialogue.understanding.answers import read_answer
from agent.dialogue.understanding.plain import plain

_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_ASKS = re.compile(
    r"^(?:(?:and|also|oh|um|uh|so|by the way|one more thing|just|y|tambien|ademas) )*"
    r"(?:what|what's|where|where's|how|how's|who|who's|which|when|why|is|are|was|do|does|did|can i|can you tell|could you tell|could i|could you give|can you give|will|would|should|may i|"
    r"tell me|let me know|i'd like to know|i would like to know|i was wondering|i wonder|que|cual|donde|como|cuanto|cuando|quien|hay|tiene|tienen|puedo|me puede decir|digame|aceptan)\b"
)
_CHANGES = re.compile(
    r"\b(?:another|other|others|different|change|instead|later|earlier|sooner|move|cancel|wait|not|rather|make it|wrong|else|switch|reschedule|before|after|better|"
    r"otr[oa]s?|cambiar|cancelar|antes|despues|mejor|mas tarde|mas temprano|no)\b|n't\b"
)

_WHAT_WAS_READ = re.compile(
    r"\b(?:(?:what|which|que|cual)(?: \w+)? (?:time|day|date|hour|doctor|hora|dia|fecha|doctora?)(?! (?:do|does|are|is)\b)|what was|when (?:is|was) (?:it|that)|when again|who (?:is|was) it|con quien|cuando (?:es|era|dijo)|para cuando)\b"
)
"""Who asks what was just read back, has not heard it."""
_BEGUN = re.compile(
    r"(?:i|i'm|i'd|i'll|it|it's|that|that's|this|the|so|well|um|uh|uhm|hm|hmm|let|me|my|and|we|you|oh|ah|er|yeah|"
    r"yo|pues|este|eh|bueno|es|la|el|me|y)(?: (?:i|it|that|this|the|mean|guess|um|uh|me|so|well|yo|la|el))?"
)
"""What a sentence begins with that says nothing yet; "no..." and "Friday..." do."""
_BROKEN_OFF = 2
"""Words at most of a sentence that was begun and left: "I... yes"."""


def sentences(text: str) -> list[str]:
    """Return the sentences of an answer."""
    return [part for part in _SENTENCE.split(text.strip()) if part]


def asks_what_was_read(text: str) -> bool:
    """Say whether words ask for what was just read back: "yes, what time did you say?"."""
    return bool(_WHAT_WAS_READ.search(plain(text)))


def yes_among_questions(text: str, lang: str = "en", *, task: str | None = None) -> bool:
    """Say whether an answer is a yes, and beside it only questions that want nothing changed, or hedges before it."""
    if asks_what_was_read(text):
        return False
    verdicts = [_verdict(part, task, lang) for part in sentences(text)]
    return "yes" in verdicts and None not in verdicts and (verdicts[-1] == "yes" or "hedge" not in verdicts)


def _verdict(part: str, task: str | None, lang: str) -> str | None:
    if agrees(part, task=task, lang=lang):
        return "yes"
    answer = read_answer(part, asked="confirm", lang=lang)
    words = plain(part)
    if part.endswith(("...", "…")) and len(words.split()) <= _BROKEN_OFF and _BEGUN.fullmatch(words):
        return "hedge"
    if answer is not None and not answer.rest:
        return _whole(answer.intent, weak=answer.weak) if "?" not in part else None
    asked = answer.rest if answer is not None and answer.intent == "affirm" and not answer.weak else part
    asks = bool(_ASKS.match(plain(asked)))
    if (asks or (asked is part and part.rstrip().endswith("?"))) and not _CHANGES.search(words):
        return "yes" if asked is not part else "asks"
    return None


def _whole(intent: str, *, weak: bool) -> str | None:
    if intent == "affirm":
        return "hedge" if weak else "yes"
    return {"unsure": "hedge", "thanks": "asks", "greeting": "asks"}.get(intent)
