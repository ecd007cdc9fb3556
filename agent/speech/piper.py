"""Piper: a sentence is made in about a twentieth of its length. The engine is GPL-3.0-or-later, hence optional."""

import json
import logging
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from agent.domain.speech import LINE_RATE
from agent.domain.text import ClearText, Lang
from agent.speech.audio import Samples, rounded, to_pcm
from agent.speech.missing import needed
from agent.speech.resampling import resample
from agent.speech.workers import Workers

PIECE = LINE_RATE // 5
"""Samples of a piece handed on: a fifth of a second."""
LOUDER = 1.4
"""The engine is quieter than what telephone lines carry."""
FIRST_CLAUSE = 25
"""Sounds (about five words) after which a first sentence may be cut at a comma, so that it is heard sooner."""


class PiperVoice:
    """One voice of one language. What begins a text is urgent work; what follows can wait until then is heard."""

    rate = LINE_RATE

    def __init__(
        self, model: bytes, config: bytes, workers: Workers, *, lively: bool = True, pace: float = 1.0
    ) -> None:
        engine, onnxruntime = needed("piper"), needed("onnxruntime")
        logging.getLogger("piper").setLevel(logging.WARNING)  # at DEBUG it logs the words it speaks
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._engine = engine.PiperVoice(session=session, config=engine.PiperConfig.from_dict(json.loads(config)))
        self._how = engine.SynthesisConfig(length_scale=1 / pace)
        if not lively:
            self._how.noise_scale = self._how.noise_w_scale = 0.0
        self._workers = workers

    async def speak(self, words: ClearText, *, lang: Lang) -> AsyncIterator[bytes]:  # noqa: ARG002 - it has one
        """Speak in pieces of 0.2 s, sentence by sentence. See Voice."""
        run = partial(self._workers.run, service="voice")
        clauses = first_clause_cut(await run(partial(self._phonemes, words.reveal())))
        for number, phonemes in enumerate(clauses):
            samples = await run(partial(self._spoken, phonemes), urgent=number == 0)
            for at in range(0, samples.size, PIECE):
                yield to_pcm(samples[at : at + PIECE])

    def _phonemes(self, words: str) -> list[list[str]]:
        return [phonemes for phonemes in self._engine.phonemize(words) if phonemes]

    def _spoken(self, phonemes: list[str]) -> Samples:
        made: Any = self._engine.phoneme_ids_to_audio(self._engine.phonemes_to_ids(phonemes), self._how)
        return resample(rounded(made * (LOUDER * 32_767)), self._engine.config.sample_rate, LINE_RATE)


def first_clause_cut(sentences: list[list[str]]) -> list[list[str]]:
    """Return the sentences with a long first one cut after a comma or colon; the sounds stay the same."""
    if not sentences:
        return []
    first = sentences[0]
    for at in range(FIRST_CLAUSE, len(first) - FIRST_CLAUSE):
        if first[at] in ",:;" and first[at + 1] == " ":
            return [first[: at + 1], first[at + 2 :], *sentences[1:]]
    return sentences
