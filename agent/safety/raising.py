"""A second opinion on an utterance, such as a language model's, may raise its level and never lower it."""

from collections.abc import Mapping
from typing import get_args

from agent.domain.safety import Flag, Level

GRAVITY: Mapping[Level, int] = {"ask": 1, "urgent": 2, "988": 3, "911": 3}
"""988 and 911 weigh the same: which of the two is the screen's to say."""


def raised(flag: Flag | None, opinion: object) -> Flag | None:
    """Return the graver of what the screen found and what somebody else thinks.

    `opinion` comes from outside: anything that is no level counts for nothing. The rule of a raised flag is
    ``opinion.<level>``, so that a record tells who raised it.

    >>> raised(None, "urgent")
    Flag(level='urgent', rule='opinion.urgent')
    >>> raised(Flag(level="911", rule="chest.pain"), None).level
    '911'
    """
    level = next((known for known in get_args(Level) if known == opinion), None)
    if level is None or (flag is not None and GRAVITY[flag.level] >= GRAVITY[level]):
        return flag
    return Flag(level=level, rule=f"opinion.{level}")
