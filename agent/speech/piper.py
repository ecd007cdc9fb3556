"""Piper: the first sound of a sentence after about 0.05 s. The engine is GPL-3.0-or-later, hence an optional extra.

A sentence is made in two steps (halves.py): its frames at once, then its sound piece by piece while it is heard.
"""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from agent.domain.errors import ConfigError
from agent.domain.speech import LINE_RATE
from agent.domain.text import ClearText, Lang
from agent.speech.audio import Samples, rounded, to_pcm
from agent.speech.halves import halves
from agent.speech.missing import needed
from agent.speech.resampling import Resampler
from agent.speech.workers import Workers

LOUDER = 1.4
"""The engine is quieter than what telephone lines carry."""
FRAME = 256
"""Samples of sound a frame makes."""
FIRST_PIECE, LONGEST_PIECE = 32, 128
"""Frames of a sentence's first piece (0.37 s of sound, 15 ms of work) and of its longest (1.5 s)."""
AROUND = 10
"""Frames on either side that a frame's sound depends on (measured: with 10 the pieces equal the whole)."""

Frames = npt.NDArray[np.float32]


class PiperVoice:
    """One voice of one language. What begins a text is urgent work; what follows can wait until then is heard."""

    rate = LINE_RATE

    def __init__(
        self, model: bytes, config: bytes, workers: Workers, *, lively: bool = True, pace: float = 1.0
    ) -> None:
        engine, onnxruntime = needed("piper"), needed("onnxruntime")
        logging.getLogger("piper").setLevel(logging.WARNING)  # at DEBUG it logs the words it speaks
        try:
            cut = halves(model)
        except (ValueError, IndexError):
            raise ConfigError("the voice is not a Piper model of the kind Careline can speak with") from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        start = partial(onnxruntime.InferenceSession, sess_options=options, providers=["CPUExecutionProvider"])
        self._to_frames, self._to_sound, self._seam = start(cut.first), start(cut.second), cut.seam
        self._words = engine.PiperVoice(
            session=self._to_frames, config=engine.PiperConfig.from_dict(json.loads(config))
        )
        how = self._words.config
        noise, stress = (how.noise_scale, how.noise_w_scale) if lively else (0.0, 0.0)
        self._scales = np.array([noise, how.length_scale / pace, stress], np.float32)
        self._workers = workers

    async def speak(self, words: ClearText, *, lang: Lang) -> AsyncIterator[bytes]:  # noqa: ARG002 - it has one
        """Speak sentence by sentence, each in growing pieces. See Voice."""
        run = partial(self._workers.run, service="voice")
        for number, sounds in enumerate(await run(partial(self._sounds, words.reveal()))):
            frames = await run(partial(self._frames, sounds), urgent=number == 0)
            line = Resampler(self._words.config.sample_rate, LINE_RATE)
            for start, end in pieces(frames.shape[2]):
                piece = await run(partial(self._sound, frames, start, end), urgent=number == 0 == start)
                yield to_pcm(line.push(piece))
            yield to_pcm(line.end())

    def _sounds(self, words: str) -> list[list[int]]:
        """Return each sentence as the numbers of its phonemes."""
        return [self._words.phonemes_to_ids(phonemes) for phonemes in self._words.phonemize(words) if phonemes]

    def _frames(self, sounds: list[int]) -> Frames:
        given = {
            "input": np.array([sounds], np.int64),
            "input_lengths": np.array([len(sounds)], np.int64),
            "scales": self._scales,
        }
        return np.asarray(self._to_frames.run([self._seam], given)[0], np.float32)

    def _sound(self, frames: Frames, start: int, end: int) -> Samples:
        first = max(start - AROUND, 0)
        made: Any = self._to_sound.run(None, {self._seam: frames[:, :, first : end + AROUND]})[0]
        return rounded(made.ravel()[(start - first) * FRAME : (end - first) * FRAME] * (LOUDER * 32_767))


def pieces(frames: int) -> Iterator[tuple[int, int]]:
    """Yield the pieces of a sentence, start and end, each up to twice as long as the one before.

    >>> list(pieces(300))
    [(0, 32), (32, 96), (96, 224), (224, 300)]
    """
    start, size = 0, FIRST_PIECE
    while start < frames:
        yield start, min(start + size, frames)
        start, size = start + size, min(2 * size, LONGEST_PIECE)
