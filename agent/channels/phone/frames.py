"""What passes between our own parts of the pipeline, besides Pipecat's frames. All of it overtakes queued audio."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipecat.frames.frames import SystemFrame

from agent.domain.speech import Reading


@dataclass
class SpeechBegan(SystemFrame):
    """The caller speaks (or made a noise): enough for not talking over them, too little for cutting ourselves off."""


@dataclass
class SpeechLasts(SystemFrame):
    """The caller has spoken long enough to mean it: what we are saying stops."""


@dataclass
class SpeechPaused(SystemFrame):
    """The caller paused. `ended` is when they spoke last, on the event loop's clock, in seconds.

    `complete` is how likely they are done, 0 to 1.
    """

    pause: int = 0
    ended: float = 0.0
    complete: float = 0.0


@dataclass
class SpeechRead(SystemFrame):
    """What was said since the last turn, read up to this pause: best first, none when nobody spoke words.

    `failed`: none because the recognizer broke.
    """

    pause: int = 0
    readings: Sequence[Reading] = field(default=(), repr=False)
    ms: int = 0
    failed: bool = False


@dataclass
class SpeechCut(SystemFrame):
    """The turn so far is taken though no pause was heard; its words follow. The next turn begins here."""


@dataclass
class CutRead(SystemFrame):
    """What was said up to such a cut, at `ended` on the event loop's clock, after `seconds` of sound."""

    readings: Sequence[Reading] = field(default=(), repr=False)
    seconds: float = 0.0
    ended: float = 0.0
    ms: int = 0
    failed: bool = False


@dataclass
class TurnTaken(SystemFrame):
    """Upstream: the words so far have become a turn; what is heard from now on is the next one.

    `early`: though no pause was certain yet. Who goes on speaking begins to speak anew.
    """

    early: bool = False


@dataclass
class MarkHeard(SystemFrame):
    """The far end has played everything up to this mark."""

    mark: str = ""


@dataclass
class LineStopped(SystemFrame):
    """The telephone service says that the call, or its stream, is over."""
