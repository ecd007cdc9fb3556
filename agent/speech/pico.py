"""SVOX Pico (Apache-2.0): small voices with their own character, ten times faster than Piper. English and Spanish."""

from collections.abc import AsyncIterator
from functools import partial
from threading import Lock

from agent.domain.speech import LINE_RATE
from agent.domain.text import ClearText, Lang
from agent.speech.audio import Samples, from_pcm, to_pcm, trimmed
from agent.speech.missing import needed
from agent.speech.resampling import resample
from agent.speech.sentences import sentences
from agent.speech.workers import Workers

PICO_RATE = 16_000
LOUDNESS = 0.3
"""The engine speaks close to full scale; a share of it sounds as loud as Piper."""
BEFORE, AFTER = 0.05, 0.25
"""Seconds of quiet left around a sentence; the engine leaves up to a whole one."""
_ONE_AT_A_TIME = Lock()


class PicoVoice:
    """One voice. The engine holds the interpreter while it speaks: 5 ms for each second of speech."""

    rate = LINE_RATE

    def __init__(self, name: str, workers: Workers, *, pitch: float = 1.0, pace: float = 1.0) -> None:
        self._speak = partial(
            needed("py_nanotts").NanoTTS().speak, voice=name, speed=pace, pitch=pitch, volume=LOUDNESS
        )
        self._workers = workers

    async def speak(self, words: ClearText, *, lang: Lang) -> AsyncIterator[bytes]:  # noqa: ARG002 - it has one
        """Speak in pieces of one sentence. See Voice."""
        for number, sentence in enumerate(sentences(words.reveal())):
            work = partial(self._spoken, sentence.text)
            yield to_pcm(await self._workers.run(work, service="voice", urgent=number == 0))

    def _spoken(self, sentence: str) -> Samples:
        with _ONE_AT_A_TIME:
            made = self._speak(sentence)
        return resample(trimmed(from_pcm(made), PICO_RATE, before=BEFORE, after=AFTER), PICO_RATE, LINE_RATE)
