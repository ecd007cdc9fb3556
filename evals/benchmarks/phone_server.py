"""The server of the voice benchmarks, in a process of its own: Careline's phone, a canned one beside it, and figures.

`python -m evals.benchmarks.phone_server` prints one line of JSON, {"careline", "canned", "figures"}: three addresses
on loopback. It runs until its standard input is closed, so it never outlives whoever started it.
"""

import asyncio
import contextlib
import gc
import json
import logging
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from agent.app import House, load_models, open_house, read_folder
from agent.channels.phone.lines import calls_here
from agent.commands.running import quiet
from agent.domain.clock import StartedClock, SystemClock
from agent.ehr.worlds import load_world, read_world
from agent.settings import Settings
from evals.benchmarks.canned import Canned, answers_of
from evals.benchmarks.scripts import scripts
from evals.voice.server import Line, hearing_of, line_of, serving

WORLD = Path(__file__).parents[1] / "worlds" / "callers.yaml"
AMPLE = 64
"""Calls at a time while the limit is not what is measured."""
LEARNING = 120.0
"""Seconds to wait until all fixed sentences are known by heart."""


class Errors(logging.Handler):
    """Counts what the server logs as an error, by its first word."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.counts: dict[str, int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        name = str(record.msg).split(" ", 1)[0]
        self.counts[name] = self.counts.get(name, 0) + 1


def figures(careline: Line, canned: Line, errors: Errors) -> FastAPI:
    """Make the routes that tell what the server knows of itself."""
    app = FastAPI(docs_url=None, redoc_url=None)

    @app.get("/figures")
    async def now() -> dict[str, Any]:
        """Memory, tasks, calls, CPU seconds, errors so far."""
        return {
            "rss_mb": resident(),
            "tasks": len(asyncio.all_tasks()),
            "calls": careline.phone.parts.lines.count + canned.phone.parts.lines.count,
            "cpu_s": time.process_time(),
            "errors": errors.counts,
        }

    @app.get("/timings")
    async def timings() -> list[dict[str, object]]:
        """Where the time of every turn with Careline went."""
        return careline.phone.parts.timings.rows()

    @app.post("/limit/{calls}")
    async def limit(calls: int) -> dict[str, int]:
        """Set how many calls Careline takes at a time; 0: as it is shipped."""
        careline.phone.parts.lines.limit = calls or calls_here()
        return {"limit": careline.phone.parts.lines.limit}

    @app.post("/collect")
    async def collect() -> dict[str, int]:
        """Let go of what nobody holds any more."""
        return {"collected": gc.collect()}

    return app


def resident() -> float:
    """Return this process's memory in megabytes."""
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def open_bench(folder: Path) -> House:
    """Open a Careline on the callers' world."""
    setting = read_world(WORLD)
    clock = StartedClock(setting.clock) if setting.clock else SystemClock()
    house = await open_house(Settings(data_dir=folder), read_folder(setting.folder), load_models(), clock=clock)
    await load_world(setting.world, records=house.records, database=house.storage.database)
    await house.warm()
    return house


async def _sweep(house: House) -> None:
    """Sweep as the real server does."""
    while True:
        await asyncio.sleep(60)
        await house.sweep()


async def serve() -> None:
    """Serve until nobody is there any more."""
    errors = Errors()
    logging.getLogger("careline").addHandler(errors)
    with tempfile.TemporaryDirectory(prefix="careline-bench-") as passing:
        house = await open_bench(Path(passing) / "data")
        try:
            hearing = await hearing_of(house.folder.practice, learning=LEARNING)
            canned = Canned(house, {script[0].words: await answers_of(house, script) for script in scripts()})
            async with contextlib.AsyncExitStack() as up:
                ours = await up.enter_async_context(line_of(house, house.front_desk, hearing, calls=AMPLE))
                other = await up.enter_async_context(line_of(house, canned, hearing, calls=AMPLE))
                told = await up.enter_async_context(serving(figures(ours, other, errors)))
                print(json.dumps({"careline": ours.url, "canned": other.url, "figures": told}), flush=True)
                sweeping = asyncio.create_task(_sweep(house))
                await asyncio.to_thread(sys.stdin.buffer.read)
                sweeping.cancel()
        finally:
            await house.close()


def main() -> None:
    """Serve; ends with whoever started it."""
    quiet()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever measures
    asyncio.run(serve())


if __name__ == "__main__":
    main()
