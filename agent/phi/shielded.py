"""A write that has begun goes on to its end, also when the turn that began it is cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")
_running: "set[asyncio.Task[Any]]" = set()  # the loop itself keeps only weak references to tasks


async def shielded(write: Coroutine[Any, Any, _T]) -> _T:
    """Await a write; a cancellation ends the waiting, not the write."""
    task = asyncio.ensure_future(write)
    _running.add(task)
    task.add_done_callback(_running.discard)
    return await asyncio.shield(task)
