"""Measures a Careline from outside: proxies that time the calls of its parts, and what a turn of the graph is made of."""

import inspect
import time
from collections import defaultdict
from typing import Any

STAGES = (
    "screen",
    "mask",
    "understand",
    "decide",
    "respond + check",
    "checkpoint",
    "unmask",
    "store",
    "whole turn",
    "whole turn, CPU",
)
NODES = {"understand": "understand", "decide": "decide", "respond": "respond + check", "check": "respond + check"}


class Stopwatch:
    """Milliseconds by stage; the times of one stage within a turn add up."""

    def __init__(self) -> None:
        self.turns: list[dict[str, float]] = []

    def begin(self) -> None:
        """Begin a turn."""
        self.turns.append(defaultdict(float))

    def add(self, stage: str, seconds: float) -> None:
        """Count time of the turn under way."""
        if self.turns:
            self.turns[-1][stage] += seconds * 1_000

    def of(self, stage: str) -> list[float]:
        """Return the times of a stage, one a turn in which it ran."""
        return [turn[stage] for turn in self.turns if stage in turn]


class Timed:
    """Stands in for a part; calls of the named methods are timed, everything else goes through."""

    def __init__(self, part: Any, watch: Stopwatch, **stages: str) -> None:
        self._part, self._watch, self._stages = part, watch, stages

    def __getattr__(self, name: str) -> Any:
        """Return the part's attribute, timed when it is one of the named methods."""
        found = getattr(self._part, name)
        stage = self._stages.get(name)
        if stage is None:
            return found
        return self._awaited(found, stage) if inspect.iscoroutinefunction(found) else self._called(found, stage)

    def _awaited(self, method: Any, stage: str) -> Any:
        async def timed(*args: Any, **more: Any) -> Any:
            began = time.perf_counter()
            try:
                return await method(*args, **more)
            finally:
                self._watch.add(stage, time.perf_counter() - began)

        return timed

    def _called(self, method: Any, stage: str) -> Any:
        def timed(*args: Any, **more: Any) -> Any:
            began = time.perf_counter()
            try:
                return method(*args, **more)
            finally:
                self._watch.add(stage, time.perf_counter() - began)

        return timed


class TimedGraph:
    """Stands in for the graph: the same nodes, streamed, so that each one's time is seen; the rest is checkpointing."""

    def __init__(self, graph: Any, watch: Stopwatch) -> None:
        self._graph, self._watch = graph, watch

    async def aget_state(self, config: Any) -> Any:
        """Read the state that was kept."""
        began = time.perf_counter()
        found = await self._graph.aget_state(config)
        self._watch.add("checkpoint", time.perf_counter() - began)
        return found

    async def ainvoke(self, given: Any, config: Any, **more: Any) -> Any:
        """Run a turn and return the state after it."""
        began = mark = time.perf_counter()
        after: Any = None
        inside = 0.0
        async for mode, body in self._graph.astream(given, config, stream_mode=["tasks", "values"], **more):
            now = time.perf_counter()
            if mode == "values":
                after = body
            elif "input" in body:
                mark = now
            else:
                inside += now - mark
                self._watch.add(NODES[body["name"]], now - mark)
        self._watch.add("checkpoint", time.perf_counter() - began - inside)
        return after
