"""What of an understanding stays once it is known what must be declined: a wish to be seen is no question of medicine."""

from collections.abc import Mapping
from typing import Any

from agent.dialogue.refusals.kinds import Recogniser
from agent.dialogue.refusals.recognise import REASON, WHO, asks_for_a_time, asks_for_an_opening
from agent.dialogue.understanding.tools import Intent, Utterance

VISITS: tuple[Intent, ...] = ("book", "new_patient", "reschedule", "cancel")
"""Wishes for a visit, or to change one: what is said beside them is what they are for."""
ADRIFT: tuple[Intent, ...] = (
    "clinical_question", "third_party", "out_of_scope", "unsure", "wrong_number", "affirm", "deny", "complaint",
)  # fmt: skip
"""Readings under which a front desk has nothing to do for a caller: no wish speaks against a refusal."""
DOUBTED = frozenset({"clinical_question", "third_party"})
"""Readings that decline by themselves: they count only where nothing speaks for a front desk's own work."""
NOTHING = DOUBTED | {"out_of_scope", "unsure", "wrong_number", "ask_alternative"}
"""Readings that begin nothing: beside them, who asks for a free time wants a visit."""
FREE_TO_BEGIN = (None, "anything_else", "clarify")
"""What may have been asked where words begin something new."""
Understood = Mapping[str, Any]


def settled(utterance: Utterance, understood: Understood, refusals: Recogniser) -> dict[str, Any]:
    """Return the kind of what must be declined, and the calls without what would decline and plainly must not."""
    calls = list(understood["calls"])
    said = {call["args"]["intent"] for call in calls if call["tool"] == "express"}
    booking = understood["intent"] in VISITS or bool(said & set(VISITS))
    adrift = understood["intent"] in ADRIFT and utterance.asked in FREE_TO_BEGIN
    kind = refusals.kind(utterance.text, asked=utterance.asked, booking=booking, adrift=adrift)
    opening = utterance.asked in FREE_TO_BEGIN and said <= NOTHING and asks_for_an_opening(utterance.text)
    if kind is not None or not (said & DOUBTED or opening):
        return {"refusal": kind}
    timed = opening or asks_for_a_time(utterance.text)
    if not (timed or utterance.asked in (*REASON, *WHO) or refusals.harmless(utterance.text)):
        return {"refusal": None}
    kept = [call for call in calls if call["args"].get("intent") not in (NOTHING if opening else DOUBTED)]
    if timed and utterance.asked in FREE_TO_BEGIN and said <= NOTHING:
        kept.append({"tool": "express", "args": {"intent": "book"}})
    return {"refusal": None, "calls": kept}
