"""What the caller heard since it was last asked: the sound, and when somebody spoke in it."""

from dataclasses import dataclass, replace

import numpy as np

from agent.calling.earpiece import FRAME
from agent.calling.metronome import STEP
from agent.domain.speech import LINE_RATE
from agent.speech.audio import Samples, from_mulaw, rms

AUDIBLE = 0.004
"""Loudness of a frame, as a share of full scale, from which a person notices it (-48 dBFS)."""
PAUSE = 0.3
"""Seconds of silence within one spurt of talk."""
LEAD = 5 * FRAME
"""Samples before a spurt that belong to it: the soft beginning of a word."""


@dataclass(frozen=True, kw_only=True)
class Spurt:
    """Uninterrupted talk, in seconds of the line's clock: its first audible frame began, its last one ended."""

    start: float
    end: float


@dataclass(frozen=True, kw_only=True)
class Listened:
    """What was heard: samples at LINE_RATE from the first audible frame on, and the spurts of talk in it."""

    samples: Samples
    spurts: tuple[Spurt, ...]
    begins: tuple[int, ...] = ()
    """The sample at which each spurt begins."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.samples.size / LINE_RATE

    def parts(self) -> list[Samples]:
        """Return the sound cut in the pauses: sentences are recognized one by one, or their ends get lost."""
        cuts = [at - LEAD for at in self.begins[1:]]
        return [part for part in np.split(self.samples, cuts) if part.size]


class Ear:
    """Listens to every frame that was played."""

    def __init__(self) -> None:
        self.spurts: list[Spurt] = []
        self._frames: list[bytes] = []
        self._begins: list[int] = []
        self._last_loud = 0

    def note(self, frame: bytes, at: float) -> None:
        """Hear a frame that begins to play now, at so many seconds of the line's clock."""
        loud = rms(from_mulaw(frame)) > AUDIBLE
        if loud:
            self._talk(at)
        if self.spurts:
            self._frames.append(frame)
            self._last_loud = len(self._frames) if loud else self._last_loud

    def _talk(self, at: float) -> None:
        if self.spurts and at - self.spurts[-1].end < PAUSE:
            self.spurts[-1] = replace(self.spurts[-1], end=at + STEP)
        else:
            self.spurts.append(Spurt(start=at, end=at + STEP))
            self._begins.append(len(self._frames) * FRAME)

    def take(self) -> Listened:
        """Return what was heard since the last time, without the silence at its end, and forget it."""
        heard = b"".join(self._frames[: self._last_loud])
        samples = from_mulaw(heard) if heard else np.zeros(0, np.int16)
        listened = Listened(samples=samples, spurts=tuple(self.spurts), begins=tuple(self._begins))
        self.spurts, self._frames, self._begins, self._last_loud = [], [], [], 0
        return listened
