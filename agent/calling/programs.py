"""More voices where Debian's small programs are installed: flite (English) and espeak-ng (every language)."""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.domain.errors import ConfigError, ServiceDown
from agent.domain.speech import LINE_RATE
from agent.domain.text import Lang
from agent.speech.audio import Samples, read_wav
from agent.speech.resampling import resample

FLITE = ("slt", "rms", "awb", "kal")
ESPEAK: dict[Lang, str] = {"en": "en-us", "es": "es-419"}
SECONDS = 30.0
"""How long a program may take."""


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


def programs(lang: Lang) -> tuple[str, ...]:
    """Return the names of a language's voices, installed or not."""
    return (*FLITE, "espeak") if lang == "en" else ("espeak",)


def program_voice(name: str, *, lang: Lang) -> ProgramVoice:
    """Return a voice of `programs`. ConfigError: its program is not installed."""
    if name in FLITE:
        return ProgramVoice(command=(_program("flite"), "-voice", name, "-f", "{words}", "-o", "{sound}"))
    options = ("-v", ESPEAK[lang], "-s", "150", "-f", "{words}", "-w", "{sound}")
    return ProgramVoice(command=(_program("espeak-ng"), *options))


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ConfigError(f"this voice needs the program {name}, which is not installed", key="--voice")
    return found
