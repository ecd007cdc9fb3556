"""Twilio's Media Streams on the wire, as frames: also `mark` and `stop`, which Pipecat's serializer leaves out."""

import base64
import binascii
from typing import Any

from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.frames.frames import Frame, InputAudioRawFrame, InputDTMFFrame
from pipecat.serializers.twilio import TwilioFrameSerializer

from agent.channels.phone.frames import LineStopped, MarkHeard
from agent.channels.phone.messages import read_message
from agent.speech.audio import from_mulaw

LONGEST_PAYLOAD = 8_000
"""Bytes of audio one message may bring: a second. Twilio sends 160."""


class MediaSerializer(TwilioFrameSerializer):
    """Never ends a call by itself: a call that is being sent to a person would die with the pipeline."""

    def __init__(self, stream_sid: str) -> None:
        super().__init__(stream_sid, params=TwilioFrameSerializer.InputParams(auto_hang_up=False))

    async def deserialize(self, data: str | bytes) -> Frame | None:
        """Return the frame of a message, None for one that says nothing to us or makes no sense."""
        message = read_message(data)
        match message.get("event"):
            case "media":
                return await self._audio(_payload(message))
            case "dtmf":
                return _key(_text(message, "dtmf", "digit"))
            case "mark":
                return MarkHeard(mark=_text(message, "mark", "name"))
            case "stop":
                return LineStopped()
        return None

    async def _audio(self, payload: bytes) -> Frame | None:
        if not payload:
            return None
        samples = from_mulaw(payload).tobytes()
        audio = await self._input_resampler.resample(samples, self._twilio_sample_rate, self._sample_rate)
        return InputAudioRawFrame(audio=audio, num_channels=1, sample_rate=self._sample_rate) if audio else None


def _payload(message: dict[str, Any]) -> bytes:
    try:
        return base64.b64decode(_text(message, "media", "payload"), validate=True)[:LONGEST_PAYLOAD]
    except (binascii.Error, ValueError):
        return b""


def _key(digit: str) -> Frame | None:
    try:
        return InputDTMFFrame(button=KeypadEntry(digit))
    except ValueError:
        return None


def _text(message: dict[str, Any], part: str, name: str) -> str:
    inner = message.get(part)
    found = inner.get(name) if isinstance(inner, dict) else None
    return found if isinstance(found, str) else ""
