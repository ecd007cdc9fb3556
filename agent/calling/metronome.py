"""The beat of a line: every 20 ms by the monotonic clock, without drift."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

STEP = 0.02
"""Seconds of sound in a frame."""


@dataclass(frozen=True, kw_only=True)
class Metronome:
    """Counts frames. A beat that comes late is followed by the next ones at once, so the count never falls behind."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def beats(self) -> AsyncIterator[tuple[float, float]]:
        """Yield at every beat when it was due and when it came, in seconds of `now`."""
        start, count = self.now(), 0
        while True:
            due = start + count * STEP
            await self.sleep(max(due - self.now(), 0.0))
            yield due, self.now()
            count += 1
