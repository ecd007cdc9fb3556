"""Tells the other processes that there is something to read: Redis pub/sub. It carries no facts and may be lost.

The truth is the events table; who hears nothing here finds it by polling. What is sent is a keyed hash of a topic's
name, because the name of a conversation is what lets one take part in it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

from agent.domain.errors import ConfigError

if TYPE_CHECKING:
    from redis.asyncio import Redis

log = logging.getLogger("careline.storage")
CHANNEL = "careline:wake"
_MOST_WAITING = 1_000
_AGAIN = 1.0
"""Seconds between two tries to reach a Redis that is away."""


class Bus:
    """The ear and the mouth of one process."""

    def __init__(self, redis: "Redis", heard: Callable[[str], None]) -> None:
        self._redis, self._heard = redis, heard
        self._waiting: asyncio.Queue[str] = asyncio.Queue(_MOST_WAITING)
        self._tasks = [asyncio.create_task(self._for_ever(work)) for work in (self._send, self._listen)]
        self.listening = asyncio.Event()

    def tell(self, mark: str) -> None:
        """Send a mark soon. One that finds no room, or no Redis, is dropped."""
        with contextlib.suppress(asyncio.QueueFull):
            self._waiting.put_nowait(mark)

    async def close(self) -> None:
        """Stop listening."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.aclose()

    async def _for_ever(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        from redis.exceptions import RedisError

        told = False
        while True:
            try:
                await work()
            except (RedisError, OSError):
                if not told:
                    log.warning("redis_away")
                told = True
                self.listening.clear()
            await asyncio.sleep(_AGAIN)

    async def _send(self) -> None:
        while True:
            await self._redis.publish(CHANNEL, await self._waiting.get())

    async def _listen(self) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as ear:
            await ear.subscribe(CHANNEL)
            self.listening.set()
            while True:
                message = await ear.get_message(timeout=10.0)
                if message is not None:
                    self._heard(bytes(message["data"]).decode())


def open_bus(url: str, heard: Callable[[str], None]) -> Bus:
    """Return a bus; a Redis that is away is no mistake, an address that is none is. Raises ConfigError."""
    from redis.asyncio import Redis

    try:
        redis = Redis.from_url(url, socket_connect_timeout=2.0, socket_keepalive=True)
    except ValueError:  # its words may repeat the address, and with it a password
        sentence = "this is not an address of a Redis; write redis://USER:PASSWORD@HOST:6379/0"
        raise ConfigError(sentence, key="CARELINE_REDIS_URL") from None
    return Bus(redis, heard)
