"""What an utterance that answers no question wishes: the classifier's intents, weighed by what the words speak of."""

import re
from typing import Literal

from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.tools import Intent

SURE_OF_A_MOVE = 0.9
"""The classifier alone may move a visit of which nothing was said only from here on; below, a new one is wished for."""
NAMED = 0.8
"""How likely a visit is wished for whose name is all that was said."""
_MOVES = re.compile(
    r"\b(?:mov\w*|chang\w*|resched\w*|re schedule|push\w*|bump|switch\w*|swap|postpon\w*|delay|shift|instead|rather|different|another|earlier|later|sooner|"
    r"(?:my|our|his|her|their|the|that|this) (?:\w+ ){0,2}?(?:appointment|appt|visit|booking|slot|time)|already|can't make|cant make|cannot make|won't make|"
    r"cambi\w*|reprogram\w*|reagend\w*|adelant\w*|aplaz\w*|pospon\w*|pasar\w*|pase\w*|(?:mi|su|la|nuestra) (?:cita|visita)|ya tengo|otr[ao])\b"
)
"""Words that tell of a visit that is there already."""
_A_NEW_ONE = re.compile(
    r"\b(?:need\w*|want\w*|like|arrange|book|schedule|get|necesit\w*|quier\w*|quisier\w*) (?:\w+ ){0,2}?(?:an?|una?)\b"
)
"""Words that ask for a visit that is not there yet."""
_FROM_TO = re.compile(
    r"\b(?:the|my|our|that|his|her|their|la|mi|su|nuestra|esa) (?:\w+ )?(?:appointment|appt|visit|booking|cita|visita|turno) "
    r"(?:\w+ ){0,3}?(?:on|of|from|for|del?) (?:\w+ ){1,6}?(?:to|onto|para|al?|hasta) (?:\w+ ){0,2}?(?:\d|\w*day|lunes|martes|miercoles|jueves|viernes|sabado|domingo|next|tomorrow|manana)"
)
"""A visit from one day to another is moved, whatever the verb: "la cita del martes para el jueves"."""
ASKS = re.compile(r"\b(?:what|should|can i|could|is it|is this|how|why|do i|does|que|puedo|debo|es normal)\b")
"""Words that ask for advice."""


def first_wish(
    found: dict[Intent, float], text: str, *, timed: bool, offered: bool, visit: Literal["only", "new", "own"] | None
) -> dict[Intent, float]:
    """Return the intents that stand: nothing was offered to ask another of; a complaint beside a time asks no advice.

    `timed` says whether a time was wished for; `visit` what is said of a kind of visit: nothing else at all, that it is
    wanted, or that it is somebody's already.
    """
    if visit == "only":
        return {"book": NAMED}
    wish, words = dict(found), plain(text)
    if _FROM_TO.search(words) and "cancel" not in wish:
        wish["reschedule"] = max(wish.pop("book", NAMED), wish.get("reschedule", 0.0), SURE_OF_A_MOVE)
    if timed and not offered and "ask_alternative" in wish:
        wish["book"] = max(wish.pop("ask_alternative"), wish.get("book", 0.0))
    new = visit == "new" or _A_NEW_ONE.search(words)
    if 0 < wish.get("reschedule", 0) < SURE_OF_A_MOVE and new and not _MOVES.search(words):
        wish["book"] = max(wish.pop("reschedule"), wish.get("book", 0.0))
    if "book" in wish:
        wish.pop("repeat", None)
        if timed and not ASKS.search(words):
            wish.pop("clinical_question", None)
    return wish
