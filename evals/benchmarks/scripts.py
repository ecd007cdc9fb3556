"""What the callers of the voice benchmarks say: calls.yaml, in lines."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from agent.calling.voices import CallerVoice
from agent.speech.audio import Samples

FILE = Path(__file__).with_name("calls.yaml")


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A line of a script; `breaks_in`: said over the answer to the one before."""

    words: str
    breaks_in: bool = False


Script = tuple[Spoken, ...]


def scripts() -> tuple[Script, ...]:
    """Return every script."""
    written: list[list[str]] = yaml.safe_load(FILE.read_text("utf-8"))
    return tuple(tuple(_line(line) for line in script) for script in written)


def _line(written: str) -> Spoken:
    return Spoken(words=written.removeprefix("! "), breaks_in=written.startswith("! "))


class Recorded:
    """A caller's voice that has spoken every line before: it costs nothing during a measurement."""

    def __init__(self, sounds: dict[str, Samples]) -> None:
        self._sounds = sounds

    async def speak(self, words: str) -> Samples:
        """Return the recording."""
        return self._sounds[words]


async def recorded(voice: CallerVoice) -> Recorded:
    """Speak every line of every script."""
    words = {line.words for script in scripts() for line in script}
    return Recorded({line: await voice.speak(line) for line in sorted(words)})
