"""A few threads for all engines together, so that many calls do not fight over the cores."""

import asyncio
import itertools
import queue
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any, TypeVar

from agent.domain.errors import ServiceDown

Made = TypeVar("Made")
UNHURRIED: ContextVar[bool] = ContextVar("unhurried", default=False)
"""Set while no caller waits for what is made: none of it is urgent then."""


class Workers:
    """`count` threads, one piece of work each. Urgent work goes first; work given up before it began is not done."""

    def __init__(self, count: int) -> None:
        self._waiting: queue.PriorityQueue[tuple[bool, int, Future[Any], Callable[[], Any]]] = queue.PriorityQueue()
        self._order = itertools.count()
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="speech")

    async def run(self, work: Callable[[], Made], *, service: str, urgent: bool = True) -> Made:
        """Return what the work returns; the event loop goes on meanwhile.

        ServiceDown, naming the service: the engine raised. What it raised may hold what was said: its kind is kept.
        """
        future: Future[Made | _Broken] = Future()
        self._waiting.put((not urgent or UNHURRIED.get(), next(self._order), future, work))
        self._threads.submit(self._next)
        made = await asyncio.wrap_future(future)
        if isinstance(made, _Broken):
            raise ServiceDown(service, made.kind)
        return made

    def _next(self) -> None:
        """Do the most urgent work that waits. Called once for each."""
        _, _, future, work = self._waiting.get()
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work())
        except Exception as failed:  # engines raise anything; who waits for the future is told its kind
            future.set_result(_Broken(type(failed).__name__))


class _Broken:
    def __init__(self, kind: str) -> None:
        self.kind = kind
