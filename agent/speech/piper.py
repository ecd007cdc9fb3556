"""Piper: a spoken sentence in about a twentieth of its length. The engine is GPL-3.0-or-later, hence an optional extra."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from agent.domain.errors import ServiceDown
from agent.domain.speech import LINE_RATE
from agent.domain.text import ClearText, Lang
from agent.speech.audio import Samples, to_pcm
from agent.speech.missing import needed
from agent.speech.resampling import resample

PIECE = LINE_RATE // 5
"""Samples of a piece handed on: a fifth of a second."""


class PiperVoice:
    """One voice of one language, sentence by sentence. `workers` sentences are spoken at a time, one thread each."""

    rate = LINE_RATE

    def __init__(self, model: bytes, config: bytes, *, workers: int = 1, pace: float = 1.0) -> None:
        engine, onnxruntime = needed("piper"), needed("onnxruntime")
        logging.getLogger("piper").setLevel(logging.WARNING)  # it logs the words it speaks when set to DEBUG
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._engine = engine.PiperVoice(session=session, config=engine.PiperConfig.from_dict(json.loads(config)))
        self._how = engine.SynthesisConfig(length_scale=pace)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="speaking")

    async def speak(self, words: ClearText, *, lang: Lang) -> AsyncIterator[bytes]:  # noqa: ARG002 - one language
        """Speak in pieces of 0.2 s, sentence by sentence. See Voice. ServiceDown: the engine failed."""
        loop = asyncio.get_running_loop()
        sentences = await loop.run_in_executor(self._pool, self._phonemes, words.reveal())
        for phonemes in sentences:
            samples = await loop.run_in_executor(self._pool, self._spoken, phonemes)
            for at in range(0, samples.size, PIECE):
                yield to_pcm(samples[at : at + PIECE])

    def _phonemes(self, words: str) -> list[list[str]]:
        try:
            return [phonemes for phonemes in self._engine.phonemize(words) if phonemes]
        except (RuntimeError, ValueError) as failed:
            raise ServiceDown("voice", type(failed).__name__) from None

    def _spoken(self, phonemes: list[str]) -> Samples:
        try:
            made: Any = self._engine.phoneme_ids_to_audio(self._engine.phonemes_to_ids(phonemes), self._how)
        except (RuntimeError, ValueError) as failed:
            raise ServiceDown("voice", type(failed).__name__) from None
        return resample((made.clip(-1, 1) * 32_767).astype("int16"), self._engine.config.sample_rate, LINE_RATE)
