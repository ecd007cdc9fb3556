"""The caller's voice: one that comes with the extra `voice` (agent/speech/voices.yaml), or one of Debian's programs."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from agent.calling.programs import program_voice, programs
from agent.domain.errors import ConfigError
from agent.domain.speech import LINE_RATE, Voice
from agent.domain.text import ClearText, Lang
from agent.speech.audio import Samples, from_pcm
from agent.speech.resampling import resample
from agent.speech.voices import load_voice, voice_of, voices


class CallerVoice(Protocol):
    """Text to samples at LINE_RATE."""

    async def speak(self, words: str) -> Samples:
        """Return the whole utterance. ServiceError: the engine failed."""
        ...


@dataclass(frozen=True, kw_only=True)
class PortVoice:
    """A caller that speaks with any Voice."""

    voice: Voice
    lang: Lang

    async def speak(self, words: str) -> Samples:
        """See CallerVoice."""
        pieces = [from_pcm(piece) async for piece in self.voice.speak(ClearText(words), lang=self.lang)]
        spoken = np.concatenate(pieces) if pieces else np.zeros(0, np.int16)
        return resample(spoken, self.voice.rate, LINE_RATE)


def caller_voice(name: str | None, *, lang: Lang, local: Voice | None = None) -> CallerVoice:
    """Load a voice by name; without one, `local` or else the agent's own.

    ConfigError: no voice of this language is called so, or what it needs is not installed.
    """
    if name is None and local is not None:
        return PortVoice(voice=local, lang=lang)
    known = known_voice(name, lang=lang)
    if known in voices():
        return PortVoice(voice=load_voice(known), lang=lang)
    return program_voice(known, lang=lang)


def known_voice(name: str | None, *, lang: Lang) -> str:
    """Return the name of a voice of this language. ConfigError: there is none of this name."""
    there = (*(one for one, row in voices().items() if row.lang == lang), *programs(lang))
    if name is None:
        return voice_of(lang)
    if name not in there:
        raise ConfigError(f"no {lang} voice is called {name!r}; there are {', '.join(there)}", key="--voice")
    return name
