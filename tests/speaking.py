"""Speech for the tests of calls: the real engines, loaded once, and doubles of the ports that follow a script."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import numpy as np
import pytest

from agent.domain.errors import ServiceDown
from agent.domain.speech import HEARD_RATE, LINE_RATE, Reading, Voice
from agent.domain.text import ClearText, Lang
from agent.speech.audio import Samples, from_pcm, to_pcm
from agent.speech.local import Speech, load_speech, voice_missing

Made = TypeVar("Made")

needs_voice = pytest.mark.skipif(
    bool(voice_missing()), reason=f"the extra `voice` is not installed: {', '.join(voice_missing())}"
)


def apart(work: Coroutine[None, None, Made]) -> Made:
    """Run to the end on a loop of its own, whatever loop the test has."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@cache
def local_speech() -> Speech:
    """The engines on this machine, with two providers' names to expect."""
    return apart(load_speech(["en", "es"], workers=1, names=["Dr. Hana Kim", "Dr. Kwame Osei"]))


class ScriptedRecognizer:
    """Hears what it was told to, unless there is silence."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines or ("i need a visit",)

    async def hear(self, audio: bytes, *, lang: Lang) -> Sequence[Reading]:
        await asyncio.sleep(0)
        if not from_pcm(audio).any():
            return []
        return [Reading(text=ClearText(line), score=-0.1 * at) for at, line in enumerate(self.lines, 1)]


class ScriptedVoice:
    """Speaks a tone of 50 ms a letter and remembers what it was given."""

    rate = LINE_RATE

    def __init__(self, *, failing: bool = False) -> None:
        self.given: list[str] = []
        self.failing = failing

    async def speak(self, words: ClearText, *, lang: Lang) -> AsyncIterator[bytes]:
        await asyncio.sleep(0)
        self.given.append(words.reveal())
        for letter in words.reveal().strip():
            if self.failing:
                raise ServiceDown("voice", "scripted")
            yield to_pcm(np.full(LINE_RATE // 20, 1_000 + ord(letter) % 500, np.int16))


async def spoken(voice: Voice, words: str, *, lang: Lang = "en") -> Samples:
    """All that is spoken of some words."""
    return from_pcm(b"".join([piece async for piece in voice.speak(ClearText(words), lang=lang)]))


def at_heard_rate(sound: Samples) -> bytes:
    """A line's sound as the recognizer wants it."""
    from agent.speech.resampling import resample

    return to_pcm(resample(sound, LINE_RATE, HEARD_RATE))
