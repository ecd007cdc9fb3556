"""The messages of Twilio's Media Streams, as Twilio sends them, and the ones a server may send."""

import base64
import json
from collections.abc import Mapping
from typing import Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, ValidationError

from agent.calling.metronome import STEP
from agent.domain.speech import LINE_RATE


class Media(BaseModel):
    """Sound, mu-law in base64."""

    payload: Base64Bytes


class Mark(BaseModel):
    """A name the network says back once the sound before it was played."""

    name: str


class FromServer(BaseModel):
    """Anything a server sends; browser calls also get captions and states."""

    model_config = ConfigDict(extra="ignore")

    event: Literal["media", "mark", "clear", "caption", "state"]
    media: Media | None = None
    mark: Mark | None = None
    who: str | None = None
    text: str | None = None
    state: str | None = None

    def sound(self) -> bytes:
        """Return the mu-law bytes of a media message."""
        return self.media.payload if self.media else b""


def parse(message: str | bytes) -> FromServer | None:
    """Return a server's message; None for one that the protocol does not know, which the network ignores."""
    try:
        return FromServer.model_validate_json(message)
    except ValidationError:
        return None


class Envelope:
    """Writes the messages of one stream, numbered as Twilio numbers them."""

    def __init__(self, *, stream: str, call: str, account: str) -> None:
        self.stream, self.call, self.account = stream, call, account
        self._number, self._chunk = 0, 0

    def connected(self) -> str:
        """Return the first message of all."""
        return json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})

    def start(self, parameters: Mapping[str, str]) -> str:
        """Return the message that says whose call this is."""
        return self._numbered(
            "start",
            {
                "accountSid": self.account,
                "streamSid": self.stream,
                "callSid": self.call,
                "tracks": ["inbound"],
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": LINE_RATE, "channels": 1},
                "customParameters": dict(parameters),
            },
        )

    def media(self, frame: bytes) -> str:
        """Return 20 ms of the caller's sound."""
        self._chunk += 1
        since_start = str(round((self._chunk - 1) * STEP * 1_000))
        payload = base64.b64encode(frame).decode()
        return self._numbered(
            "media", {"track": "inbound", "chunk": str(self._chunk), "timestamp": since_start, "payload": payload}
        )

    def mark(self, name: str) -> str:
        """Return a mark that was reached or cleared."""
        return self._numbered("mark", {"name": name})

    def key(self, digit: str) -> str:
        """Return a key pressed by the caller."""
        return self._numbered("dtmf", {"track": "inbound_track", "digit": digit})

    def stop(self) -> str:
        """Return the last message."""
        return self._numbered("stop", {"accountSid": self.account, "callSid": self.call})

    def _numbered(self, event: str, content: dict[str, object]) -> str:
        self._number += 1
        return json.dumps(
            {"event": event, "sequenceNumber": str(self._number), event: content, "streamSid": self.stream}
        )
