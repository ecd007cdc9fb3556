"""The queues: the turns of one conversation run one after another, in order of arrival."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field

from agent.conversation.errors import QueueFull

MOST_QUEUED = 3
"""Messages that may wait while a turn runs."""


@dataclass
class _Line:
    """The queue of one conversation."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class Lines:
    """The queues of all conversations that somebody talks or waits in.

    `across` keeps other processes from answering in the same conversation meanwhile.
    """

    def __init__(self, across: Callable[[str], AbstractAsyncContextManager[None]] | None = None) -> None:
        self._lines: dict[str, _Line] = {}
        self._across = across or (lambda _: nullcontext())

    @asynccontextmanager
    async def turn_in(
        self, conversation: str, *, let_in: Callable[[], Awaitable[bool]] | None = None
    ) -> AsyncIterator[None]:
        """Take a place in the line at once. Into a full one comes only who is let in; None: everybody.

        Raises QueueFull.
        """
        line = self._lines.setdefault(conversation, _Line())
        full = line.waiting > MOST_QUEUED
        line.waiting += 1
        try:
            if full and let_in is not None and not await let_in():
                raise QueueFull("queue_full")
            async with line.lock, self._across(conversation):
                yield
        finally:
            line.waiting -= 1
            if not line.waiting:
                self._lines.pop(conversation, None)

    def forget(self, conversation: str) -> None:
        """Forget a line in which nobody waits."""
        line = self._lines.get(conversation)
        if line is not None and not line.waiting:
            self._lines.pop(conversation, None)
