"""Several things in one utterance: cuts it where a new clause begins."""

import re

MOST = 4
_JOINT = re.compile(
    r"(?<=[.!?;])\s+|"
    r"\s*,?\s+(?=(?:but|also|plus|actually|oh and|and also|pero|ademas|tambien|by the way)\b)|"
    r"\s*,?\s+(?=and (?:can|could|do|does|is|are|what|where|when|how|will|would|i|i'm|i'd|my|also|you|we|if|then|please|it's|who|which)\b)|"
    r"\s*,\s+(?=(?:please |just |then |so )?(?:move|cancel|reschedule|push|book|schedule|switch) (?:it|my|me|the|that|an?|his|her|our)\b)|"
    r"\s*,\s+(?=(?:can|could|do you|does|is there|are you|what|where|when|how|i need|i want|i'd like)\b)|"
    r"\s*,?\s+(?=y (?:quiero|quisiera|necesito|tambien|donde|cuanto|puedo|me|que|aceptan|tienen)\b)",
    re.IGNORECASE,
)


def clauses(text: str) -> list[str]:
    """Return the clauses of an utterance in order, at most four; one when there is nothing to cut."""
    parts = [part.strip(" ,") for part in _JOINT.split(text) if part and part.strip(" ,.!?;")]
    merged: list[str] = []
    for part in parts:
        if merged and (len(part.split()) < 2 or (len(merged[-1].split()) < 2 and len(merged) == 1)):
            merged[-1] = f"{merged[-1]} {part}"
        else:
            merged.append(part)
    if len(merged) > MOST:
        merged = [*merged[: MOST - 1], " ".join(merged[MOST - 1 :])]
    return merged or [text]
