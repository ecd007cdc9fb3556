"""The calls going on in this process: how many there may be, and a polite end for all of them."""

import asyncio
import math
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PER_CORE = 4
"""Calls that talk at the same time on one core before answers come late."""


def calls_here() -> int:
    """Return how many calls this machine answers at a time."""
    return PER_CORE * (os.cpu_count() or 1)


class Busy(Exception):
    """All lines are taken, or we are about to stop."""


@dataclass
class Lines:
    """Admission control and the register of live calls."""

    limit: int = field(default_factory=calls_here)
    telephones: bool = False  # a number leads here: half of the lines, rounded up, are kept for it
    warm: bool = False  # models are loaded
    warming: "asyncio.Task[None] | None" = None  # loads them; calls that come meanwhile are answered once it is done
    closing: bool = False
    _live: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    _browsers: set[str] = field(default_factory=set)
    _free: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def count(self) -> int:
        """How many calls are going on."""
        return len(self._live)

    @property
    def open(self) -> bool:
        """Whether another call can be answered now."""
        return self._ready and self.count < self.limit

    @property
    def open_for_browser(self) -> bool:
        """Whether another call from a browser can be answered now: they may never lock telephones out."""
        most = max(1, self.limit // 2) if self.telephones else self.limit
        return self.open and len(self._browsers) < most

    @property
    def _ready(self) -> bool:
        loads = self.warming is not None and not self.warming.done()
        return (self.warm or loads) and not self.closing

    @property
    def settled(self) -> bool:
        """Whether it is clear that calls can be answered, or that they cannot: nothing is being loaded."""
        return self.warming is None or self.warming.done()

    async def warmed(self) -> bool:
        """Wait until the models are loaded; False when that failed."""
        if not self.warm and self.warming is not None:
            await asyncio.wait({self.warming})
        return self.warm

    @contextmanager
    def take(self, call: str, *, back: bool = False, browser: bool = False) -> Iterator[None]:
        """Take a line for one call; who comes `back` from a transfer is let in even when all are taken.

        Busy: there is none.
        """
        free = self.open_for_browser if browser else self.open
        if not (free or (back and self._ready)) or call in self._live:
            raise Busy(call)
        self._live[call] = _nothing
        if browser:
            self._browsers.add(call)
        self._free.clear()
        try:
            yield
        finally:
            self._live.pop(call, None)
            self._browsers.discard(call)
            self._free.set()

    def on_drain(self, call: str, say_goodbye: Callable[[], Awaitable[None]]) -> None:
        """Remember how this call is told that we stop."""
        if call in self._live:
            self._live[call] = say_goodbye

    async def drain(self, seconds: float = 15.0) -> None:
        """Take no new call, tell the running ones, and wait until they have ended or the seconds are over."""
        self.closing = True
        for say_goodbye in list(self._live.values()):
            await say_goodbye()
        until = asyncio.get_running_loop().time() + seconds
        while self._live and (left := until - asyncio.get_running_loop().time()) > 0:
            self._free.clear()
            try:
                await asyncio.wait_for(self._free.wait(), math.ceil(left))
            except TimeoutError:
                return


async def _nothing() -> None:
    return
