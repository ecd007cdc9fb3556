"""Sample rates changed: whole arrays, or a stream piece by piece without clicks at the borders (soxr, LGPL-2.1)."""

import numpy as np

from agent.speech.audio import Samples
from agent.speech.missing import needed


def resample(samples: Samples, rate: int, to: int) -> Samples:
    """Return the same sound at another rate; the length is that of the sound. VoiceMissing: the extra is absent."""
    if rate == to or not samples.size:
        return samples
    soxr = needed("soxr")
    made: Samples = soxr.resample(samples, rate, to, quality="HQ")
    return made


class Resampler:
    """One stream's change of rate. It holds a few milliseconds back; `end` gives them and closes the stream."""

    def __init__(self, rate: int, to: int) -> None:
        self._same = rate == to
        if not self._same:
            self._stream = needed("soxr").ResampleStream(rate, to, 1, dtype="int16", quality="HQ")

    def push(self, samples: Samples) -> Samples:
        """Return what is ready; the pieces together are the whole sound."""
        if self._same:
            return samples
        made: Samples = self._stream.resample_chunk(samples)
        return made

    def end(self) -> Samples:
        """Return the rest; nothing may be pushed afterwards."""
        if self._same:
            return np.zeros(0, np.int16)
        made: Samples = self._stream.resample_chunk(np.zeros(0, np.int16), last=True)
        return made
