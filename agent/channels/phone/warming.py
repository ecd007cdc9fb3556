"""What a call needs to hear and to speak, loaded and warm before the first call is answered."""

import asyncio
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from agent.channels.phone.parts import Hearing
from agent.domain.practice import Practice
from agent.domain.text import Lang
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.channels.phone.services import CloudServices
    from agent.speech.local import Speech

LOCAL = "local"


def missing_for_calls(settings: Settings, languages: tuple[Lang, ...]) -> tuple[str, ...]:
    """Return the packages without which no call can be taken; none when calls can be. Imports no vendor."""
    from agent.speech.local import voice_missing

    local = LOCAL in (settings.speech_to_text, settings.text_to_speech)
    absent = voice_missing(languages) if local else ()
    return absent if importlib.util.find_spec("pipecat") else tuple(dict.fromkeys((*absent, "pipecat-ai")))


async def load_hearing(settings: Settings, practice: Practice, prompts: Path) -> tuple[Hearing, "Speech | None"]:
    """Load the models in a thread, so that chat goes on meanwhile; about three seconds.

    ConfigError: a model is not the one Careline was tested with, or a speech service cannot be had.
    """
    from agent.channels.phone.quiet import silence_libraries

    silence_libraries()
    return await asyncio.to_thread(lambda: asyncio.run(_load(settings, practice, prompts)))


async def _load(settings: Settings, practice: Practice, prompts: Path) -> tuple[Hearing, "Speech | None"]:
    from agent.channels.phone import pipeline  # noqa: F401 - half a second that no caller should wait for
    from agent.channels.phone.ear_models import EarModels
    from agent.speech.local import load_speech

    cloud = cloud_of(settings)
    local = cloud.recognizer is None or cloud.voice is None
    known = {"practice": practice.name}
    names = [provider.name for provider in practice.providers]
    speech = await load_speech(practice.languages, prompts=prompts, known=known, names=names) if local else None
    hearing = Hearing(
        models=EarModels(),
        recognizer=speech.recognizer if speech else None,
        voice=speech.voice if speech else None,
        cloud=cloud,
    )
    return hearing, speech


def cloud_of(settings: Settings) -> "CloudServices":
    """Return the services of vendors that the operator has set. ConfigError: one cannot be had."""
    from agent.channels.phone.services import CloudServices, cloud_service

    heard, said = settings.speech_to_text_options, settings.text_to_speech_options
    return CloudServices(
        recognizer=cloud_service("speech_to_text", settings.speech_to_text, _revealed(heard)),
        voice=cloud_service("text_to_speech", settings.text_to_speech, _revealed(said)),
    )


def _revealed(options: SecretStr | None) -> str | None:
    return options.get_secret_value() if options is not None else None
