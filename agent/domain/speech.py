"""Speech in and speech out. What is heard and said may identify a patient: clear text, and audio is never kept."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.domain.text import ClearText, Lang

HEARD_RATE = 16_000
"""Samples a second of what a recognizer gets."""
LINE_RATE = 8_000
"""Samples a second of a telephone line (mu-law, mono)."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way to read what was said; `score` is a log probability a word, nearer zero is better."""

    text: ClearText
    score: float


class Recognizer(Protocol):
    """Speech to text, one utterance at a time."""

    async def hear(self, audio: bytes, *, lang: Lang) -> Sequence[Reading]:
        """Return the readings of an utterance, best first, without repeats; none when nobody spoke.

        `audio` is mono 16-bit little-endian PCM at HEARD_RATE, 0.1 to 60 seconds. ServiceError: the engine failed.
        """


class Voice(Protocol):
    """Text to speech."""

    rate: int
    """Samples a second of what it speaks."""

    def speak(self, words: ClearText, *, lang: Lang) -> AsyncIterator[bytes]:
        """Speak as mono 16-bit little-endian PCM at `rate`, in pieces as they are ready. ServiceError: it failed."""
