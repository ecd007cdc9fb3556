"""Recognizer and voice that run on this machine, loaded and warmed up. No network, no key."""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import agent
from agent.domain.speech import LINE_RATE, Reading, Recognizer, Voice
from agent.domain.text import ClearText, Lang
from agent.speech.audio import silence, to_pcm
from agent.speech.cached import CachedVoice
from agent.speech.fixed import fixed_sentences
from agent.speech.missing import VoiceMissing, missing
from agent.speech.models import listed, packages_of, read_model
from agent.speech.pronunciation import read_pronunciation
from agent.speech.voices import load_voice, voice_of, voices
from agent.speech.whisper import Whisper
from agent.speech.workers import Workers

EARS: Mapping[Lang, str] = {"en": "whisper-base", "es": "whisper-base"}
"""The model that hears each language; docs/speech.md has the measurements behind it."""
_EVERY: tuple[Lang, ...] = ("en", "es")


@dataclass(frozen=True, kw_only=True)
class Speech:
    """The two ends of a call. Run `voice.prepare()` as a task: it learns the fixed sentences by heart."""

    recognizer: Recognizer
    voice: CachedVoice


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


def voice_missing(languages: Sequence[Lang] = _EVERY) -> tuple[str, ...]:
    """Return the packages these languages need that are not installed; none: calls can be taken. Imports nothing."""
    ears = ("ctranslate2", "tokenizers", *packages_of(*(EARS[lang] for lang in languages)))
    mouths = [module for lang in languages for module in voices()[voice_of(lang)].needs]
    return missing(tuple(dict.fromkeys((*ears, *mouths))))


async def load_speech(
    languages: Sequence[Lang],
    *,
    workers: int | None = None,
    prompts: Path | None = None,
    known: Mapping[str, str] | None = None,
    names: Sequence[str] = (),
) -> Speech:
    """Load and warm up what these languages need; about two seconds. Share one among all calls.

    `prompts` is the folder of sentences and pronunciation (ours without it); `known` fills blanks that are facts of
    the practice, e.g. {"practice": its name}, so that sentences with them count as fixed. `names` are those callers will say (providers,
    places): they are heard better. `workers`: threads for
    all engines together, by default one a core.

    VoiceMissing: the extra is not installed. ConfigError: a model's file is not the one Careline was tested with.
    """
    if absent := voice_missing(languages):
        raise VoiceMissing(absent)
    count = workers or len(os.sched_getaffinity(0))
    pool, folder = Workers(count), prompts or _shipped_prompts()
    ears = {
        name: Whisper(read_model(listed()[name]), pool, count, names=names)
        for name in {EARS[lang] for lang in languages}
    }
    mouths = {lang: load_voice(voice_of(lang), pool, lively=True) for lang in languages}
    speech = Speech(
        recognizer=Recognizers({lang: ears[EARS[lang]] for lang in languages}),
        voice=CachedVoice(
            Voices(mouths),
            {lang: fixed_sentences(folder, lang, known=known) for lang in languages},
            said={lang: read_pronunciation(folder / lang) for lang in languages},
        ),
    )
    await _warm_up(speech, languages)
    return speech


async def _warm_up(speech: Speech, languages: Sequence[Lang]) -> None:
    """Hear and speak once, so that the first caller does not wait for it."""
    for lang in languages:
        async for _ in speech.voice.speak(ClearText("911."), lang=lang):
            pass
        await speech.recognizer.hear(to_pcm(silence(1.0, 16_000) + 400), lang=lang)


def _shipped_prompts() -> Path:
    package = Path(str(agent.__file__)).parent
    in_checkout = package.parent / "prompts"
    return in_checkout if in_checkout.is_dir() else package / "data" / "prompts"
