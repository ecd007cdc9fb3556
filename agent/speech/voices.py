"""The voices by name, as voices.yaml lists them."""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from agent.domain.errors import ConfigError
from agent.domain.speech import Voice
from agent.domain.text import Lang
from agent.speech.missing import VoiceMissing, missing
from agent.speech.models import listed, packages_of, read_model
from agent.speech.pico import PicoVoice
from agent.speech.piper import PiperVoice
from agent.speech.workers import Workers

LISTED = Path(__file__).with_name("voices.yaml")
_ENGINES = {"piper": ("piper", "onnxruntime", "soxr"), "pico": ("py_nanotts", "soxr")}


class VoiceRow(BaseModel):
    """One voice: its language, engine and model, who it speaks for, and how high and fast it speaks (1 is as made)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lang: Lang
    engine: Literal["piper", "pico"]
    model: str
    speaks_for: Literal["agent", "caller"]
    locale: str = ""
    pitch: float = 1.0
    pace: float = 1.0

    @property
    def needs(self) -> tuple[str, ...]:
        """The modules it cannot do without."""
        return (*_ENGINES[self.engine], *packages_of(self.model))


@cache
def voices() -> dict[str, VoiceRow]:
    """Return all voices by name, installed or not."""
    return {name: VoiceRow.model_validate(row) for name, row in yaml.safe_load(LISTED.read_text("utf-8")).items()}


def voice_of(lang: Lang) -> str:
    """Return the name of the voice in which callers hear a language."""
    return next(name for name, row in voices().items() if row.lang == lang and row.speaks_for == "agent")


def load_voice(name: str, workers: Workers | None = None, *, lively: bool = False) -> Voice:
    """Load one voice at LINE_RATE; without `lively` equal words give equal sound (but for a
    thousandth with Pico). ConfigError: no such voice.

    VoiceMissing: its packages are not installed.
    """
    row = voices().get(name)
    if row is None:
        raise ConfigError(f"there is no voice {name!r}; there are {', '.join(voices())}")
    if absent := missing(row.needs):
        raise VoiceMissing(absent)
    files, workers = read_model(listed()[row.model]), workers or Workers(1)
    if row.engine == "pico":
        return PicoVoice(row.locale, workers, pitch=row.pitch, pace=row.pace)
    return PiperVoice(files["model.onnx"], files["model.json"], workers, lively=lively, pace=row.pace)
