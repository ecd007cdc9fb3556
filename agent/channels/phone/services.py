"""Speech services of the pipeline: our voice behind Pipecat's interface, or a vendor's, named by a setting."""

import importlib
import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any

from pipecat.frames.frames import ErrorFrame, Frame, TTSAudioRawFrame
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService

from agent.domain.errors import ConfigError, ServiceError
from agent.domain.speech import Voice
from agent.domain.text import ClearText, Lang

LOCAL = "local"
SLOWEST = 15.0
"""Seconds a voice may take for its next sound; after that it counts as broken. A machine under load takes some."""


class OwnVoice(TTSService):
    """Speaks through the Voice port, a sentence at a time."""

    def __init__(self, voice: Voice, lang: Callable[[], Lang]) -> None:
        super().__init__(
            push_start_frame=True, push_stop_frames=True, push_text_frames=False, sample_rate=voice.rate,
            max_consecutive_zero_audio_contexts=0, stop_frame_timeout_s=SLOWEST, settings=TTSSettings(model=None, voice=None, language=None),
        )  # fmt: skip
        self._speaks, self._spoken_lang = voice, lang

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Yield the audio of one sentence as it is ready; a little silence for what cannot be said aloud."""
        spoke = False
        try:
            async for audio in self._speaks.speak(ClearText(text), lang=self._spoken_lang()):
                spoke = spoke or bool(audio)
                yield TTSAudioRawFrame(audio, self._speaks.rate, 1, context_id=context_id)
        except ServiceError as failed:
            yield ErrorFrame(error=f"voice failed: {failed.service}")
            return
        if not spoke:
            nothing = bytes(2 * self._speaks.rate // 10)
            yield TTSAudioRawFrame(nothing, self._speaks.rate, 1, context_id=context_id)


@dataclass(frozen=True, kw_only=True)
class CloudService:
    """A Pipecat service class, with the options it is made with for every call."""

    made: Callable[..., FrameProcessor]
    options: dict[str, Any] = field(default_factory=dict, repr=False)

    def make(self) -> FrameProcessor:
        """Return one for a call."""
        return self.made(**self.options)


@dataclass(frozen=True, kw_only=True)
class CloudServices:
    """What the operator has set instead of the local engines."""

    recognizer: CloudService | None = None
    voice: CloudService | None = None


def cloud_service(setting: str, value: str, options: str | None) -> CloudService | None:
    """Return the service a setting names as `package.module:Class`; None for `local`. ConfigError: it cannot be had."""
    if value == LOCAL:
        return None
    module, _, name = value.partition(":")
    key = f"CARELINE_{setting.upper()}"
    try:
        made = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        raise ConfigError(f"there is no speech service {value!r}; name it package.module:Class", key=key) from None
    return CloudService(made=made, options=_options(key, options))


def _options(key: str, options: str | None) -> dict[str, Any]:
    try:
        read = json.loads(options or "{}")
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise ConfigError("the options of a speech service are a JSON object", key=f"{key}_OPTIONS")
    return read
