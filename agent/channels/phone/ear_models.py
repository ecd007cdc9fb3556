"""The small models that say whether somebody speaks and whether they are done: loaded once, shared by all calls."""

import asyncio
import copy
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from agent.channels.phone.quiet import silence_libraries
from agent.channels.phone.voicing import WINDOW
from agent.domain.speech import HEARD_RATE
from agent.speech.models import listed, read_model

HEARS_LAST = 8 * HEARD_RATE
"""Samples of the end of an utterance that decide whether it is complete."""


MODELS = ("silero-vad", "smart-turn")
"""Their names in models.yaml; their files are verified by hash before they are loaded."""


class EarModels:
    """Silero's voice detection and smart-turn, as Pipecat brings them; one thread each.

    Loading takes a tenth of a second, an utterance's end 70 ms in a thread, a window of voice 0.1 ms.
    """

    def __init__(self, *, workers: int = 1) -> None:
        silence_libraries()
        for name in MODELS:
            read_model(listed()[name])
        from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
        from pipecat.audio.vad.silero import SileroVADAnalyzer

        self._turn = LocalSmartTurnAnalyzerV3(cpu_count=1, sample_rate=HEARD_RATE)
        self._turn.set_sample_rate(HEARD_RATE)
        self._silero = SileroVADAnalyzer(sample_rate=HEARD_RATE)
        self._silero.set_sample_rate(HEARD_RATE)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="end-of-turn")
        self._turn._predict_endpoint(np.zeros(HEARD_RATE, dtype=np.float32))  # the first run is slower

    def voice(self) -> "VoiceHeard":
        """Return an ear for one caller, with a memory of its own."""
        analyzer = copy.copy(self._silero)
        analyzer._model = copy.copy(self._silero._model)
        analyzer._model.reset_states()  # type: ignore[no-untyped-call]
        return VoiceHeard(analyzer)

    def close(self) -> None:
        """End the thread, after what it is doing: a process must not end in the middle of it."""
        self._pool.shutdown(cancel_futures=True)

    async def complete(self, audio: bytes) -> float:
        """Return how likely an utterance (PCM at HEARD_RATE) is complete, 0 to 1."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._complete, audio)

    def _complete(self, audio: bytes) -> float:
        samples = np.frombuffer(audio, dtype=np.int16)[-HEARS_LAST:].astype(np.float32) / 32_768
        return float(self._turn._predict_endpoint(samples)["probability"])


class VoiceHeard:
    """Cuts one caller's audio into windows and says how sure each is speech."""

    def __init__(self, analyzer: object) -> None:
        self._analyzer = analyzer
        self._rest = b""

    def confidences(self, audio: bytes) -> list[float]:
        """Return one confidence for each window completed by this audio."""
        self._rest += audio
        found: list[float] = []
        while len(self._rest) >= WINDOW * 2:
            window, self._rest = self._rest[: WINDOW * 2], self._rest[WINDOW * 2 :]
            found.append(float(np.squeeze(self._analyzer.voice_confidence(window))))  # type: ignore[attr-defined]
        return found
