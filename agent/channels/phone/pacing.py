"""How fast speech is sent: as fast as it is heard, and a little ahead, so that a busy moment of ours makes no gap."""

import asyncio
import time
from dataclasses import dataclass

from fastapi import WebSocket
from pipecat.transports.websocket.fastapi import (
    FastAPIWebsocketOutputTransport,
    FastAPIWebsocketParams,
    FastAPIWebsocketTransport,
)

LEAD = 0.16
"""Seconds sent ahead. What is ahead is dropped by the far end when the caller breaks in."""


@dataclass
class Pace:
    """Keeps `lead` seconds ahead of a listener who hears at the speed of sound."""

    lead: float = LEAD
    _heard_until: float = 0.0

    def wait(self, seconds: float, now: float) -> float:
        """Return how many seconds to wait after sending so many of sound; `now` on any steady clock."""
        self._heard_until = max(self._heard_until, now) + seconds
        return max(0.0, self._heard_until - now - self.lead)

    def restart(self) -> None:
        """The far end has dropped what it had not played."""
        self._heard_until = 0.0


class PacedOutput(FastAPIWebsocketOutputTransport):
    """Pipecat's output keeps one frame ahead; this one `LEAD`."""

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        self._pace = Pace()

    async def _write_audio_sleep(self) -> None:
        if not self._next_send_time:  # Pipecat's mark of an interruption
            self._pace.restart()
            self._next_send_time = 1
        await asyncio.sleep(self._pace.wait(self._send_interval, time.monotonic()))


class PacedTransport(FastAPIWebsocketTransport):
    """The line, in and out."""

    def __init__(self, websocket: WebSocket, params: FastAPIWebsocketParams) -> None:
        super().__init__(websocket, params)
        self._output = PacedOutput(self, self._client, self._params, name=self._output_name)
