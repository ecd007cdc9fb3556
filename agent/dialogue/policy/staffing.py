"""When a person can answer, and until when a promise is due."""

from datetime import datetime, timedelta

from agent.dialogue.policy.opening import is_open, next_opening
from agent.domain.practice import Practice

ANSWER_WITHIN = timedelta(hours=2)
"""Working time in which staff answers a message."""
URGENT_WITHIN = timedelta(minutes=15)


def staffed(practice: Practice, now: datetime, *, override: bool | None = None) -> bool:
    """Say whether a person answers now: during opening hours, unless staff has switched otherwise."""
    return is_open(practice, now) if override is None else override


def due(practice: Practice, now: datetime, *, urgent: bool = False) -> datetime:
    """Return when a ticket opened now must have been acted on at the latest."""
    if urgent:
        return now + URGENT_WITHIN
    start = now if is_open(practice, now) else next_opening(practice, now) or now + timedelta(days=1)
    end = start + ANSWER_WITHIN
    if is_open(practice, end - timedelta(minutes=1)):
        return end
    return (next_opening(practice, end) or end) + ANSWER_WITHIN
