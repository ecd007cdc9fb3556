"""Where the time of a turn goes: ids and milliseconds, never words."""

import logging
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.channels.phone.listening import Utterance


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


@dataclass(frozen=True, kw_only=True)
class Timed:
    """An utterance on its way to being answered aloud. `began` and `answered`: seconds of the event loop's clock."""

    utterance: "Utterance"
    began: float
    answered: float

    def timing(self, call: str, turn: int, spoken: float) -> TurnTiming:
        """Return the milliseconds from the caller's last sound."""
        said = self.utterance

        def since(moment: float) -> int:
            return round((moment - said.ended) * 1_000)

        return TurnTiming(
            call=call, turn=turn, pause=since(said.paused), read=since(said.read), reading=said.reading_ms,
            ended=since(self.began), waist=round((self.answered - self.began) * 1_000),
            answered=since(self.answered), spoken=since(spoken),
        )  # fmt: skip
