"""Callers who go on while a model is still thinking: what it would say is not waited for any longer."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Hurry:
    """Of all conversations: who waits for a model, and who shall not any longer."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Event] = {}

    def call(self, conversation: str) -> None:
        """The caller spoke over us, or sent another message: answer without the model. Nothing when none is asked."""
        if (event := self._waiting.get(conversation)) is not None:
            event.set()

    async def first(self, conversation: str | None, asking: Coroutine[Any, Any, T]) -> T | None:
        """Return what is asked for; None, with the asking cancelled and ended, when the caller went on first."""
        hurried, event = asyncio.ensure_future(self._heard(conversation)), asyncio.ensure_future(asking)
        try:
            await asyncio.wait({hurried, event}, return_when=asyncio.FIRST_COMPLETED)
            return event.result() if event.done() else None
        finally:
            for task in (hurried, event):
                task.cancel()
            await asyncio.gather(hurried, event, return_exceptions=True)
            if conversation is not None:
                self._waiting.pop(conversation, None)

    async def _heard(self, conversation: str | None) -> None:
        event = asyncio.Event()
        if conversation is not None:
            self._waiting[conversation] = event
        await event.wait()
