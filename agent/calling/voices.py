"""The caller's voice: the local voice that Careline speaks with itself, or one of Debian's small ones.

`joe` needs the extra `voice`; `slt` (a woman), `rms`, `awb` and `kal` need the program flite and speak English;
`espeak` needs espeak-ng and speaks every language.
"""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from agent.domain.errors import ConfigError, ServiceDown
from agent.domain.speech import LINE_RATE, Voice
from agent.domain.text import ClearText, Lang
from agent.speech.audio import Samples, from_pcm, read_wav
from agent.speech.resampling import resample

FLITE = ("slt", "rms", "awb", "kal")
SECONDS = 30.0
"""How long a program may take."""
NAMES = ("joe", *FLITE, "espeak")
ESPEAK: dict[Lang, str] = {"en": "en-us", "es": "es-419"}


class CallerVoice(Protocol):
    """Text to samples at LINE_RATE."""

    async def speak(self, words: str) -> Samples:
        """Return the whole utterance. ServiceError: the engine failed."""


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


@dataclass(frozen=True, kw_only=True)
class ProgramVoice:
    """A caller that speaks with a program which reads words from a file and writes a wav file."""

    command: Sequence[str]
    """The program and its arguments; {words} and {sound} stand for the two files."""

    async def speak(self, words: str) -> Samples:
        """See CallerVoice."""
        return await asyncio.to_thread(self._speak, words)

    def _speak(self, words: str) -> Samples:
        """Speak by files: a command line is there for everybody to see."""
        with tempfile.TemporaryDirectory() as passing:
            given, made = Path(passing, "words.txt"), Path(passing, "sound.wav")
            given.write_text(words + "\n", "utf-8")
            filled = [part.format(words=given, sound=made) for part in self.command]
            done = subprocess.run(filled, capture_output=True, check=False, timeout=SECONDS)  # noqa: S603 - no shell
            if done.returncode != 0:
                raise ServiceDown("voice", Path(filled[0]).name)
            samples, rate = read_wav(made)
        return resample(samples, rate, LINE_RATE)


def caller_voice(name: str | None, *, lang: Lang, local: Voice) -> CallerVoice:
    """Return a voice by name; without one, `espeak` for Spanish where it is installed, else `joe`.

    ConfigError: no such voice, or its program is not installed.
    """
    if name is None:
        name = "espeak" if lang == "es" and shutil.which("espeak-ng") else "joe"
    if name == "joe":
        return PortVoice(voice=local, lang=lang)
    if name in FLITE:
        return ProgramVoice(command=[_program("flite"), "-voice", name, "-f", "{words}", "-o", "{sound}"])
    if name == "espeak":
        program = _program("espeak-ng")
        return ProgramVoice(command=[program, "-v", ESPEAK[lang], "-s", "150", "-f", "{words}", "-w", "{sound}"])
    raise ConfigError(f"no voice is called {name!r}; there are {', '.join(NAMES)}", key="--voice")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ConfigError(f"this voice needs the program {name}, which is not installed", key="--voice")
    return found
