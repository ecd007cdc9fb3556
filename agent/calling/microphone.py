"""What the caller sends: speech when there is any, the line's own noise always."""

import asyncio

import numpy as np

from agent.calling.earpiece import FRAME
from agent.domain.speech import LINE_RATE
from agent.speech.audio import Samples, rms, rounded, to_mulaw, with_noise

VOICED = 0.01
"""Loudness of a frame, as a share of full scale, from which it counts as speech (-40 dBFS)."""
SPEECH = 0.08
"""Loudness that all speech is brought to (-22 dBFS), so that a noise in decibels means the same for every voice."""
FLOOR = 0.0005
"""Loudness of a quiet line (-66 dBFS)."""
LOOP = 4 * LINE_RATE


class Utterance:
    """Something said, in frames; tells when its first and its last voiced frame were sent, on the line's clock."""

    def __init__(self, samples: Samples) -> None:
        frames = _frames(levelled(samples))
        voiced = [rms(frame) > VOICED for frame in frames]
        first = voiced.index(True) if any(voiced) else 0
        last = len(voiced) - voiced[::-1].index(True) if any(voiced) else 0
        self._frames, self._voiced, self._next = frames[first:last], voiced[first:last], 0
        self.began: float | None = None
        self.ended: float | None = None
        self.sent = asyncio.Event()
        if not self._voiced:
            self.sent.set()

    @property
    def seconds(self) -> float:
        """How long it takes to say."""
        return len(self._voiced) * FRAME / LINE_RATE

    def next(self, at: float) -> Samples:
        """Return the next frame, sent now."""
        frame, voiced = self._frames[self._next], self._voiced[self._next]
        self._next += 1
        if voiced:
            self.began = at if self.began is None else self.began
            self.ended = at
        if self._next == len(self._voiced):
            self.sent.set()
        return frame


class Microphone:
    """Gives a frame of mu-law every 20 ms; utterances one after another."""

    def __init__(self, *, seed: int = 1) -> None:
        self._queue: list[Utterance] = []
        self._seed, self._place = seed, 0
        self._floor = _floor(FLOOR, seed)

    def noise(self, snr: float | None) -> None:
        """Put noise on the line from now on, `snr` decibels below speech; None: a quiet line again."""
        self._floor = _floor(FLOOR if snr is None else SPEECH / 10 ** (snr / 20), self._seed)

    def say(self, utterance: Utterance) -> None:
        """Begin to speak, after what is being said."""
        if not utterance.sent.is_set():
            self._queue.append(utterance)

    def frame(self, at: float) -> bytes:
        """Return the next 20 ms of mu-law, sent now."""
        noise = self._floor[self._place : self._place + FRAME]
        self._place = (self._place + FRAME) % LOOP
        if not self._queue:
            return to_mulaw(noise)
        speaking = self._queue[0]
        sound = speaking.next(at)
        if speaking.sent.is_set():
            self._queue.pop(0)
        return to_mulaw(rounded(sound.astype(np.float64) + noise))


def levelled(samples: Samples) -> Samples:
    """Return speech at the usual loudness, measured where somebody speaks."""
    loud = [frame for frame in _frames(samples) if rms(frame) > VOICED / 2]
    if not loud:
        return samples
    return rounded(samples.astype(np.float64) * (SPEECH / rms(np.concatenate(loud))))


def _frames(samples: Samples) -> list[Samples]:
    padded = np.pad(samples, (0, -samples.size % FRAME))
    return list(padded.reshape(-1, FRAME))


def _floor(loudness: float, seed: int) -> Samples:
    """Return four seconds of pink-ish noise, repeated for the whole call."""
    steady = np.full(LOOP, 2_000, np.int16)
    noise = with_noise(steady, snr=0, seed=seed).astype(np.float64) - steady
    return rounded(noise * (loudness / rms(rounded(noise))))
