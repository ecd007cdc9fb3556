"""Sound of files, and words of sound."""

from pathlib import Path

from agent.calling.ear import Listened
from agent.domain.errors import ConfigError
from agent.domain.speech import HEARD_RATE, LINE_RATE, Recognizer
from agent.domain.text import Lang
from agent.speech.audio import Samples, read_wav, to_pcm
from agent.speech.resampling import resample

SHORTEST_PART, LONGEST_PART = LINE_RATE // 10, 60 * LINE_RATE
"""Samples that a recognizer takes."""


def read_speech(file: Path) -> Samples:
    """Return a wav file as samples at LINE_RATE. ConfigError: it is none, or cannot be read."""
    try:
        samples, rate = read_wav(file)
    except OSError as refused:
        raise ConfigError(f"cannot be read ({(refused.strerror or '').lower()})", file=file) from None
    except ValueError as wrong:
        raise ConfigError(str(wrong), file=file) from None
    return resample(samples, rate, LINE_RATE)


async def written_down(listened: Listened, recognizer: Recognizer, *, lang: Lang) -> str:
    """Return what was said, sentence by sentence."""
    words = []
    for part in listened.parts():
        audio = to_pcm(resample(part[:LONGEST_PART], LINE_RATE, HEARD_RATE))
        readings = await recognizer.hear(audio, lang=lang) if part.size > SHORTEST_PART else []
        words += [readings[0].text.reveal()] if readings else []
    return " ".join(words)
