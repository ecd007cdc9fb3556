"""Whether a caller wants to be told something, rather than have something done or answer what was asked."""

from agent.dialogue.retrieval.asking import TIMES, aspect
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

DONE_FOR: tuple[Intent, ...] = ("book", "reschedule", "cancel", "check_appointment", "find_provider", "new_patient", "human",
    "refill", "results", "records", "message", "running_late", "change_language", "speech_control", "repeat", "interpreter",
    "third_party", "affirm", "deny")  # fmt: skip
"""What a caller wants done; "can you ..." then asks for it rather than about it."""
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
    if turn.said("check_appointment") and wanted.sorts and wanted.sorts <= TIMES:
        return False  # when one's own visit is stands in no text
    if turn.has(GiveVisitType) or turn.has(GiveProvider) or turn.has(GiveWhen):
        return bool(wanted.sorts - TIMES) or (_about(turn) and not wanted.sorts)
    return bool(wanted.sorts) or _about(turn) or not turn.said(*DONE_FOR)


def _about(turn: Turn) -> bool:
    return aspect(turn.state["heard"], turn.state["lang"], opening=_OPENING).about


def _answers(turn: Turn) -> bool:
    """Say whether this answers what was asked just now."""
    if turn.was_asked in (None, "anything_else"):
        return False
    given = (Choose, GiveIdentity, GiveWhen, GiveVisitType, GiveProvider)
    return any(turn.has(kind) for kind in given) or turn.has(Express, lambda call: call.intent in ("affirm", "deny"))
