"""An answer as the caller hears it, and when a person would take it to be over."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.calling.ear import Spurt
from agent.calling.measures import answering

ANSWER_WITHIN = 20.0
"""Seconds to wait for an answer to begin."""
LONGEST = 90.0
"""Seconds an answer may last."""
QUIET = 0.8
"""Seconds of silence after which a question is over."""
MORE_TO_COME = 2.0
"""Seconds of silence after which anything else is over: a person waits for the next sentence."""
UNSURE = 1.4
"""Seconds of silence after which talk without captions is over."""
ANNOUNCED = 6.0
"""Seconds to wait for the sound of words that were shown already."""
UNDER_WAY = 3.0
"""Seconds to wait for a better answer when the agent spoke before the caller had finished."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was heard; `text` is the recognizer's, or without one the server's captions."""

    text: str
    captions: tuple[str, ...]
    understood: tuple[str, ...]
    """What the server understood of the caller, where it tells."""
    voice_to_voice_ms: float | None
    seconds: float
    ended: bool
    """The other end has hung up."""


def patience(captions: Sequence[str]) -> float:
    """Return the seconds of silence after which a person takes the agent to be done.

    >>> patience(["Let me read that back: a follow-up visit."]) > patience(["Shall I book it?"])
    True
    """
    if not captions:
        return UNSURE
    return QUIET if captions[-1].rstrip().endswith("?") else MORE_TO_COME


def is_over(spurts: Sequence[Spurt], *, said: float, now: float, quiet: float, announced: bool) -> bool:
    """Say whether the answer to what was said (until `said`) is over; `announced`: sound is still to come.

    `said` and `now` are seconds of the line's clock, `quiet` the seconds of silence that end an answer.
    """
    if not spurts:
        return False
    silent = now - spurts[-1].end
    if announced and silent < ANNOUNCED:
        return False
    if answering(spurts, ended=said) is not None:
        return silent > quiet
    return min(silent, now - said) > UNDER_WAY
