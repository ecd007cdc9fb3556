"""Microphones that a Chromium of the tests believes in: a file instead of a device, none, or one that is refused."""

from pathlib import Path

import numpy as np

from agent.speech.audio import Samples, rounded, write_wav

RATE = 48_000
ALLOWED = "--use-fake-ui-for-media-stream"


def hears(file: Path) -> tuple[str, ...]:
    """Return the switches of a browser whose microphone plays this file, over and over, and is allowed."""
    return ("--use-fake-device-for-media-stream", ALLOWED, f"--use-file-for-fake-audio-capture={file}")


def write_babble(file: Path) -> Path:
    """Write two seconds of syllables without words: voiced enough that no noise suppression takes it for noise."""
    write_wav(file, babble(), RATE)
    return file


def babble(seconds: float = 2.0) -> Samples:
    """Return syllables at RATE: a gliding pitch with overtones, four times a second, no two alike."""
    times = np.arange(round(seconds * RATE)) / RATE
    syllable = np.floor(times * 4)
    pitch = 110 + 25 * np.sin(syllable * 2.3) + 15 * np.sin(2 * np.pi * times)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voiced = sum(np.sin(order * phase) / order for order in range(1, 20))
    return rounded(voiced * np.sin(np.pi * (times * 4 % 1)) ** 2 * 0.25 * 32767)
