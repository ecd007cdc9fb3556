"""A second wish in one utterance, about another visit: "cancel the one on the 5th and move the 19th to Friday".

Each part orders something of its own kind of verb and says which visit it means; what is ordered instead of something
("cancel it and book Friday instead") is one wish in two verbs.
"""

import re
from collections.abc import Callable

from agent.dialogue.understanding.plain import folded
from agent.dialogue.understanding.tools import Intent

MOST = 3
"""Wishes taken up out of one utterance."""
_VERBS: dict[Intent, str] = {
    "cancel": r"cancel|call off|drop|scrap|cancelar|cancel[ae]|anular|anul[ae]",
    "reschedule": r"move|reschedule|re-schedule|push|postpone|change|switch|"
    r"mover|muev[ae]|cambiar|cambi[ae]|pasar|pas[ae]|reagendar|reprogramar|aplazar|posponer",
    "book": r"book|schedule|make an?|set up|get an?|need an?|agendar|agend[ae]|reservar|reserv[ae]|sacar|hacer una|pedir|necesito una?|quiero una?",
}
"""The verbs of a wish; of several in one part those listed first are meant: "I need to cancel a visit"."""
_ANY = "|".join(_VERBS.values())
_FILLERS = r"(?:then|also|please|just|i|want|wanted|need|needed|would|like|i'd|to|can|could|you|we|have|por favor|tambien|luego|despues|quiero|quisiera|necesito|me)"
_CUT = re.compile(
    rf"(?:\s*[,;.]\s+(?:and |y |then |also )?|\s+(?:and|plus|then|y|e|luego)\s+)(?=(?:{_FILLERS}\s+)*?(?:{_ANY})\b)",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\b(?:instead|rather|in its place|it|them|both|same|en su lugar|en vez|mejor|if|unless|or|si|o)\b"
)
"""Words that make one wish, or none, of two verbs."""


def split(text: str) -> list[tuple[Intent, str]]:
    """Return the orders of an utterance in turn, each with its words; fewer than two when there is only one.

    >>> split("Please cancel the 5th and move the one on the 19th to Friday")
    [('cancel', 'Please cancel the 5th'), ('reschedule', 'move the one on the 19th to Friday')]
    >>> split("cancel my visit and book Friday instead")
    []
    """
    words = folded(text)
    if "?" in text.rstrip("? ") or _INSTEAD.search(words) or len(words) != len(text):
        return []
    orders: list[tuple[Intent, str]] = []
    lead = ""
    for part in _CUT.split(text):
        order = _ordered(part)
        if order is not None:
            orders.append((order, f"{lead}{part.strip(' ,;')}"))
        lead = "" if order is not None else f"{lead}{part.strip(' ,;.')}. "
    return orders if len(orders) > 1 and not lead else []


def several(text: str, names_a_visit: Callable[[Intent, str], bool]) -> list[tuple[Intent, str]]:
    """Return the orders of an utterance in turn, when each of them says which visit it means."""
    orders = split(text)[:MOST]
    return orders if all(names_a_visit(intent, words) for intent, words in orders) else []


def _ordered(part: str) -> Intent | None:
    """Return what some words order."""
    said = folded(part)
    return next((intent for intent, verbs in _VERBS.items() if re.search(rf"\b(?:{verbs})\b", said)), None)
