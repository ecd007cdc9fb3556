"""Recognizer and voice that run on this machine, loaded and warmed up. No network, no key."""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from agent.domain.speech import LINE_RATE, Reading, Recognizer, Voice
from agent.domain.text import ClearText, Lang
from agent.speech.audio import silence, to_pcm
from agent.speech.missing import PACKAGES, VoiceMissing, missing
from agent.speech.models import listed, read_model
from agent.speech.piper import PiperVoice
from agent.speech.whisper import Whisper

EARS: Mapping[Lang, str] = {"en": "whisper-tiny.en", "es": "whisper-base"}
"""The model that hears each language."""


@dataclass(frozen=True, kw_only=True)
class Speech:
    """The two ends of a call."""

    recognizer: Recognizer
    voice: Voice


class Recognizers:
    """One recognizer a language, behind the port."""

    def __init__(self, of: Mapping[Lang, Recognizer]) -> None:
        self._of = of

    async def hear(self, audio: bytes, *, lang: Lang) -> Sequence[Reading]:
        """See Recognizer."""
        return await self._of[lang].hear(audio, lang=lang)


class Voices:
    """One voice a language, behind the port; all at LINE_RATE."""

    rate = LINE_RATE

    def __init__(self, of: Mapping[Lang, Voice]) -> None:
        self._of = of

    def speak(self, words: ClearText, *, lang: Lang) -> AsyncIterator[bytes]:
        """See Voice."""
        return self._of[lang].speak(words, lang=lang)


def voice_missing() -> tuple[str, ...]:
    """Return the packages of the extra `voice` that are not installed; none when calls can be taken. Imports nothing."""
    return missing(tuple(PACKAGES))


async def load_speech(languages: Sequence[Lang], *, workers: int | None = None) -> Speech:
    """Load and warm up what these languages need; about two seconds. Share one among all calls.

    VoiceMissing: the extra is not installed. ConfigError: a model's file is not the one Careline was tested with.
    """
    absent = voice_missing()
    if absent:
        raise VoiceMissing(absent)
    workers = workers or len(os.sched_getaffinity(0))
    engines = {
        name: Whisper(read_model(listed()[name]), workers=workers) for name in {EARS[lang] for lang in languages}
    }
    joe = read_model(listed()["piper-joe"])
    voice = PiperVoice(joe["model.onnx"], joe["model.json"], workers=workers)
    speech = Speech(
        recognizer=Recognizers({lang: engines[EARS[lang]] for lang in languages}),
        voice=Voices(dict.fromkeys(languages, voice)),
    )
    await warm_up(speech, languages)
    return speech


async def warm_up(speech: Speech, languages: Sequence[Lang]) -> None:
    """Hear and speak once, so that the first caller does not wait for it."""
    for lang in languages:
        async for _ in speech.voice.speak(ClearText("Hello."), lang=lang):
            pass
        await speech.recognizer.hear(to_pcm(silence(1.0, 16_000) + 400), lang=lang)
