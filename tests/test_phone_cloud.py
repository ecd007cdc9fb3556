"""A speech service of a vendor is configuration only: a Pipecat class named by a setting hears and speaks."""

import contextlib
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, ClassVar

import pytest

pytest.importorskip("pipecat", reason="the extra `voice` is not installed")
pytest.importorskip("piper", reason="the extra `voice` is not installed")

import numpy as np
from pipecat.frames.frames import Frame, TranscriptionFrame, TTSAudioRawFrame
from pipecat.services.settings import STTSettings, TTSSettings
from pipecat.services.stt_service import SegmentedSTTService
from pipecat.services.tts_service import TTSService

from agent.channels.phone.ear_models import EarModels
from agent.channels.phone.parts import Hearing
from agent.channels.phone.warming import cloud_of
from agent.domain.clock import SystemClock
from agent.domain.errors import ConfigError
from agent.settings import Settings
from agent.storage.open import open_storage
from tests.phone_line import Speech, booth_over, says, until

HOURS = "When are you open on Friday?"


class VendorEars(SegmentedSTTService):
    """Hears the same words in whatever was said."""

    def __init__(self, *, words: str) -> None:
        super().__init__(settings=STTSettings(model=None, language=None))
        self._words = words

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame, None]:
        yield TranscriptionFrame(self._words, "", "")


class VendorVoice(TTSService):
    """Speaks in tones."""

    spoke: ClassVar[list[str]] = []

    def __init__(self, *, pitch: int) -> None:
        super().__init__(
            push_start_frame=True, push_stop_frames=True, sample_rate=16_000,
            settings=TTSSettings(model=None, voice=None, language=None),
        )  # fmt: skip
        self._pitch = pitch

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame, None]:
        self.spoke.append(text)
        tone = 8_000 * np.sin(np.arange(8_000) * 2 * np.pi * self._pitch / 16_000)
        yield TTSAudioRawFrame(tone.astype(np.int16).tobytes(), 16_000, 1, context_id=context_id)


def settings(tmp_path: Path, **more: Any) -> Settings:
    return Settings(
        data_dir=tmp_path,
        speech_to_text="tests.test_phone_cloud:VendorEars",
        speech_to_text_options=json.dumps({"words": "are you open on friday"}),
        text_to_speech="tests.test_phone_cloud:VendorVoice",
        text_to_speech_options=json.dumps({"pitch": 440}),
        **more,
    )


async def test_a_service_named_by_a_setting_hears_and_speaks(tmp_path: Path) -> None:
    from tests.test_phone_cloud import VendorVoice as Named

    speech = Speech()
    await speech.prepare(HOURS)
    storage = await open_storage(tmp_path / "data", clock=SystemClock())
    hearing = Hearing(models=EarModels(), cloud=cloud_of(settings(tmp_path)))

    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(storage.close)
        phone = await stack.enter_async_context(booth_over(storage, None, speech, hearing=hearing))
        phone.desk.replies = [says("Yes we are.", id="yes")]
        async with phone.call() as line:
            await phone.quiet(line, 1)
            await phone.speak(line, HOURS)
            await until(lambda: ("spoken", "yes", len("Yes we are.")) in phone.desk.told)

    assert phone.desk.turns[0] == "are you open on friday"
    assert Named.spoke == ["Hello there.", "Yes we are."]


@pytest.mark.parametrize("name", ["nowhere.at_all:Ears", "tests.test_phone_cloud:Nobody", "nonsense"])
def test_a_service_that_does_not_exist_is_a_mistake_in_one_setting(tmp_path: Path, name: str) -> None:
    wrong = settings(tmp_path).model_copy(update={"speech_to_text": name})

    with pytest.raises(ConfigError, match="CARELINE_SPEECH_TO_TEXT") as refused:
        cloud_of(wrong)

    assert "friday" not in str(refused.value)


def test_options_that_are_no_object_are_a_mistake_and_never_shown(tmp_path: Path) -> None:
    wrong = Settings(
        data_dir=tmp_path, text_to_speech="tests.test_phone_cloud:VendorVoice", text_to_speech_options='"sk-1"'
    )

    with pytest.raises(ConfigError, match="CARELINE_TEXT_TO_SPEECH_OPTIONS") as refused:
        cloud_of(wrong)

    assert "sk-1" not in str(refused.value) + repr(wrong)


def test_local_engines_are_no_service_of_a_vendor(tmp_path: Path) -> None:
    services = cloud_of(Settings(data_dir=tmp_path))

    assert services.recognizer is None
    assert services.voice is None
