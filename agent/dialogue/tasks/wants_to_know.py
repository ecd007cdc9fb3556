"""Whether a caller wants to be told something, rather than have something done or answer what was asked."""

import re

from agent.dialogue.retrieval.asking import TIMES, aspect
from agent.dialogue.retrieval.gloss import in_english
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.tools import (
    Choose,
    Express,
    GiveIdentity,
    GiveProvider,
    GiveVisitType,
    GiveWhen,
    Intent,
)
from agent.language.fold import fold

DONE_FOR: tuple[Intent, ...] = ("book", "reschedule", "cancel", "check_appointment", "find_provider", "new_patient", "human",
    "refill", "results", "records", "message", "running_late", "change_language", "speech_control", "repeat", "interpreter",
    "third_party", "affirm", "deny")  # fmt: skip
"""What a caller wants done; "can you ..." then asks for it rather than about it."""
BOOKS: tuple[Intent, ...] = ("book", "new_patient", "find_provider", "check_appointment")
"""What a question about a visit sounds like."""
SURELY = 0.9
"""Confidence from which a question after what may or must be done is a wish after all."""
_STANDS: frozenset[str] = TIMES - {"duration", "often"}
"""Sorts of answer that say when one's own visit is."""
_MUST = re.compile(r"\b(?:do|does|must|should|need) (?:i|we|he|she|they|my \w+|the \w+)\b")
_GETS = re.compile(
    r"\b(?:get|have an?|book|make|schedule|reserve|set up|see|seen|look at|check|examine|treat|fit|squeeze|take|talk|speak|move|"
    r"reschedule|change|switch|push|order|request|send|find|register|sign|give|dar|call|transfer|help|start|come in|go)\b"
)
"""What is asked for with "can I" rather than about."""
_ALONG = re.compile(r"\b(?:with (?:me|us)|conmigo|con nosotr[oa]s)\b")
"""Who comes along is no visit of their own."""
_ORDERS = re.compile(r"\b(?:book|make|schedule|reserve|set up|get|an appointment|a visit)\b")
"""What makes a visit of it after all: "can you book my wife with me"."""
_OPENING = 4
"""Words at the beginning among which a question word makes an utterance ask about something."""


def is_question(turn: Turn) -> bool:
    """Say whether an utterance has the form of a question."""
    return aspect(turn.state["heard"], turn.state["lang"]).asked


def asks_about(turn: Turn) -> bool:
    """Say whether this asks how something is ("what do I bring?") with nothing else under way."""
    return turn.was_asked in (None, "anything_else") and not turn.has(GiveIdentity) and _about(turn)


def is_asked(turn: Turn) -> bool:
    """Say whether something is to be told: a price, a place, how a thing is done, or if there is such a thing.

    Free times are no knowledge: a question after a time for a visit belongs to the booking.
    """
    wanted = aspect(turn.state["heard"], turn.state["lang"])
    if not wanted.asked or _answers(turn):
        return False
    if turn.said("check_appointment") and wanted.sorts and wanted.sorts <= _STANDS:
        return False  # when one's own visit is stands in no text
    if turn.has(GiveVisitType) or turn.has(GiveProvider) or turn.has(GiveWhen):
        return bool(wanted.sorts - TIMES) or (_about(turn) and not wanted.sorts) or asks_leave(turn)
    return bool(wanted.sorts) or _about(turn) or not turn.said(*DONE_FOR) or asks_leave(turn)


def asks_leave(turn: Turn) -> bool:
    """Say whether it is asked what may or must be done ("do I need a referral?", "may my sister come in with me?").

    "Can I get an appointment?" asks for the thing itself.
    """
    if turn.was_asked not in (None, "anything_else") or turn.has(GiveWhen) or turn.has(GiveIdentity):
        return False
    if _needs_a_visit(turn):
        return False
    wanted = aspect(turn.state["heard"], turn.state["lang"])
    words = fold(in_english(turn.state["heard"], turn.state["lang"]))
    may = wanted.may and not _GETS.search(words)
    return wanted.asked and bool(may or _MUST.search(words) or _ALONG.search(words))


def _needs_a_visit(turn: Turn) -> bool:
    """Say whether a kind of visit is named and booked, and nothing asked: only the gloss of "necesito" is a question."""
    stated = turn.state["lang"] == "es" and "?" not in turn.state["heard"]
    return stated and turn.state["understood"].get("intent") == "book" and turn.has(GiveVisitType)


def only_asks_leave(turn: Turn) -> bool:
    """Say whether such a question merely sounds like a wish for a visit."""
    words = fold(in_english(turn.state["heard"], turn.state["lang"]))
    unsure = float(turn.state["understood"].get("confidence", 0)) < SURELY
    along = _ALONG.search(words) and not _ORDERS.search(words)
    return asks_leave(turn) and bool(unsure or along) and turn.said(*BOOKS)


def _about(turn: Turn) -> bool:
    return aspect(turn.state["heard"], turn.state["lang"], opening=_OPENING).about


def _answers(turn: Turn) -> bool:
    """Say whether this answers what was asked just now."""
    if turn.was_asked in (None, "anything_else"):
        return False
    given = (Choose, GiveIdentity, GiveWhen, GiveVisitType, GiveProvider)
    return any(turn.has(kind) for kind in given) or turn.has(Express, lambda call: call.intent in ("affirm", "deny"))
