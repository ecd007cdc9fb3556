"""What a caller can measure of a call: how long the answers took, how fast an interruption was noticed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.calling.ear import Spurt


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """What was said (nothing, for the greeting) and what was heard after it.

    `captions` and `understood` are the server's own texts of both sides, where it sends them.
    """

    said: str | None
    heard: str
    captions: tuple[str, ...] = ()
    understood: tuple[str, ...] = ()
    voice_to_voice_ms: float | None = None
    """End of the caller's last voiced frame to the first audible frame of the answer; None: it began before."""
    barge_in_ms: float | None = None
    """Start of the caller's first voiced frame to the server's `clear`."""
    heard_seconds: float = 0.0


@dataclass(kw_only=True)
class Measures:
    """All exchanges of a call, and how well this machine kept time."""

    exchanges: list[Exchange] = field(default_factory=list)
    greeting_ms: float | None = None
    """Start of the call to the first audible frame."""
    late_frames: int = 0
    """Frames more than 40 ms late while something was measured: this machine was busy, do not trust the latencies."""

    @property
    def voice_to_voice(self) -> list[float]:
        """Return all voice-to-voice times, milliseconds."""
        return [one.voice_to_voice_ms for one in self.exchanges if one.voice_to_voice_ms is not None]

    @property
    def barge_ins(self) -> list[float]:
        """Return all times to `clear`, milliseconds."""
        return [one.barge_in_ms for one in self.exchanges if one.barge_in_ms is not None]


def answering(spurts: Sequence[Spurt], *, ended: float) -> Spurt | None:
    """Return the talk that answers an utterance: the first one that began after its end."""
    return next((spurt for spurt in spurts if spurt.start >= ended), None)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile; `values` is not empty.

    >>> percentile([400, 100, 200, 300], 0.5)
    200
    """
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * round(share * 100) // 100) - 1)]
