"""A write that has begun goes on to its end, also when the turn that began it is cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")
_running: "dict[asyncio.Task[Any], str]" = {}  # the loop itself keeps only weak references to tasks


async def shielded(write: Coroutine[Any, Any, _T], name: str = "") -> _T:
    """Await a write; a cancellation ends the waiting, not the write."""
    task = asyncio.ensure_future(write)
    _running[task] = name
    task.add_done_callback(_running.pop)
    return await asyncio.shield(task)


async def ended(name: str, *, within: float) -> bool:
    """Wait so many seconds for the writes of this name that are still under way here; False when one still is."""
    under_way = [task for task, of in _running.items() if of == name]
    return not under_way or not (await asyncio.wait(under_way, timeout=within))[1]
