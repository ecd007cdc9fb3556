"""The commit gate: when a yes may become a write.

A booking, move or cancellation happens only when the question the caller last heard, to its end, was the read-back of
exactly this proposal, and the answer is a yes that changes nothing.
"""

from collections.abc import Sequence

from agent.dialogue.state import PROPOSAL, ReadBack
from agent.dialogue.understanding.tools import (
    Args,
    Choose,
    Express,
    GiveIdentity,
    GiveLocation,
    GiveProvider,
    GiveStanding,
    GiveVisitType,
    GiveWhen,
    GiveWho,
    Intent,
)
from agent.domain.conversation import Asks
from agent.domain.scheduling import Proposal

CHANGES = (Choose, GiveIdentity, GiveLocation, GiveProvider, GiveStanding, GiveVisitType, GiveWhen, GiveWho)
"""Proposals that alter what was read back."""

TAKES_BACK: frozenset[Intent] = frozenset(
    {"deny", "unsure", "repeat", "stop", "ask_alternative", "reschedule", "cancel", "book", "human", "wrong_number"}
)
"""Intents beside which a yes is not a yes to the read-back."""


def yes_to(readback: ReadBack | None, asked: Asks | None, calls: Sequence[Args]) -> Proposal | None:
    """Return the proposal that this turn's words agree to, or None."""
    if readback is None or asked != "confirm" or not readback["heard"]:
        return None
    intents = {call.intent for call in calls if isinstance(call, Express)}
    if "affirm" not in intents or intents & TAKES_BACK:
        return None
    if any(isinstance(call, CHANGES) for call in calls):
        return None
    proposal: Proposal = PROPOSAL.validate_python(readback["proposal"])
    return proposal if proposal.id == readback["id"] else None
