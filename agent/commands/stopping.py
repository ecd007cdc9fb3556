"""A server that stops when it is told to, and lets its caller close what is open."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import uvicorn

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class PoliteServer(uvicorn.Server):
    """Stops at SIGINT or SIGTERM, once answers under way are given, without raising the signal a second time.

    uvicorn raises it again after its own shutdown, which would end the process before the data folder is closed; and
    it cuts sockets before the application hears of it: `farewell` is for those who are to be told first.
    """

    def __init__(self, config: uvicorn.Config, *, farewell: Callable[[], Awaitable[None]] | None = None) -> None:
        super().__init__(config)
        self._farewell = farewell

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say goodbye to callers, then stop."""
        if self._farewell is not None:
            await self._farewell()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Listen to the signals while the server runs."""
        loop = asyncio.get_running_loop()
        for one in SIGNALS:
            loop.add_signal_handler(one, self.handle_exit, one, None)
        try:
            yield
        finally:
            for one in SIGNALS:
                loop.remove_signal_handler(one)
