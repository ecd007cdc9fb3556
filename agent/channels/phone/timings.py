"""Where the time of a turn goes: ids and milliseconds, never words."""

import logging
from collections import deque
from dataclasses import asdict, dataclass, field

log = logging.getLogger("careline.phone")


@dataclass(frozen=True, kw_only=True)
class TurnTiming:
    """One answered utterance, in milliseconds from the caller's last sound.

    `pause` the silence was certain, `read` the words were there, `ended` the turn was over, `answered` the waist had
    answered, `spoken` the first audio of the answer went out. `reading` and `waist` are how long those alone took.
    """

    call: str
    turn: int
    pause: int
    read: int
    reading: int
    ended: int
    waist: int
    answered: int
    spoken: int


@dataclass
class Timings:
    """The last turns of this process."""

    turns: deque[TurnTiming] = field(default_factory=lambda: deque(maxlen=10_000))

    def note(self, timing: TurnTiming) -> None:
        """Keep one, and log it."""
        self.turns.append(timing)
        log.info("call_turn", extra=asdict(timing))

    def rows(self) -> list[dict[str, object]]:
        """Return them as plain rows."""
        return [asdict(timing) for timing in self.turns]
