"""What a call does later or beside: tasks and named timers, all of them gone when the call is over."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

log = logging.getLogger("careline.phone")
Work = Coroutine[None, None, None]


@dataclass
class Timers:
    """Tasks of our own: what fails in one of Pipecat's goes to a log that is switched off. `failed` is told instead."""

    failed: Callable[[], None]
    _timers: dict[str, asyncio.TimerHandle] = field(default_factory=dict)
    _doing: set["asyncio.Task[None]"] = field(default_factory=set)

    def do(self, work: Work) -> None:
        """Do this now, beside everything else."""
        task = asyncio.create_task(work)
        self._doing.add(task)
        task.add_done_callback(self._done)

    def set(self, name: str, seconds: float, work: Callable[[], Work]) -> None:
        """Do this later; setting a name again moves it."""
        self.drop(name)
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, lambda: self.do(work()))

    def drop(self, *names: str) -> None:
        """Forget these."""
        for name in names:
            timer = self._timers.pop(name, None)
            if timer is not None:
                timer.cancel()

    async def let_go(self) -> None:
        """Forget all, and end every task but the one that asks."""
        self.drop(*list(self._timers))
        doing = [task for task in self._doing if task is not asyncio.current_task()]
        for task in doing:
            task.cancel()
        await asyncio.gather(*doing, return_exceptions=True)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._doing.discard(task)
        failure = None if task.cancelled() else task.exception()
        if failure is not None:
            log.error("call_failed %s", type(failure).__name__)
            self.failed()
