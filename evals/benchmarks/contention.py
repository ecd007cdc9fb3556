"""Many bookers at once.

    python -m evals.benchmarks.contention [--bookers 50] [--attempts 10000] [--processes 2] [--engine postgresql]

Prints one JSON line and exits 1 when any two visits overlap, or a row is left over.
"""

import argparse
import asyncio
import json
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

from evals.benchmarks.bookers import Audit, Tally, audit, booker, open_desk, slots
from evals.servers import on


async def bookers_of_one_process(
    folder: Path, *, process: int, bookers: int, attempts: int, seed: int, url: str | None = None
) -> Tally:
    """Run some bookers side by side on one event loop."""
    storage, schedule, practice = await open_desk(folder, url)
    wanted, tally = await slots(schedule, practice), Tally()
    names = [f"{process}-{number}" for number in range(bookers)]
    tasks = [
        booker(schedule, wanted, tally, name=name, attempts=attempts // bookers, seed=seed * 1_000 + process * 100 + at)
        for at, name in enumerate(names)
    ]
    await asyncio.gather(*tasks)
    await storage.close()
    return tally


async def check(folder: Path, url: str | None = None) -> Audit:
    """Look at the finished schedule."""
    storage, _, _ = await open_desk(folder, url)
    found = await audit(storage.database)
    await storage.close()
    return found


def _process(folder: str, process: int, bookers: int, attempts: int, seed: int, url: str | None) -> Tally:
    return asyncio.run(
        bookers_of_one_process(Path(folder), process=process, bookers=bookers, attempts=attempts, seed=seed, url=url)
    )


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bookers", type=int, default=50)
    options.add_argument("--attempts", type=int, default=10_000)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    given = options.parse_args()
    with on(given.engine) as url, tempfile.TemporaryDirectory() as folder:
        asyncio.run(check(Path(folder), url))  # makes the tables
        began = time.perf_counter()
        share = (given.bookers // given.processes, given.attempts // given.processes)
        work = [(folder, process, *share, given.seed, url) for process in range(given.processes)]
        with multiprocessing.get_context("spawn").Pool(given.processes) as pool:
            tallies = pool.starmap(_process, work)
        seconds = time.perf_counter() - began
        found = asyncio.run(check(Path(folder), url))
    waits = sorted(second for tally in tallies for second in tally.seconds)
    attempts = sum(tally.attempts for tally in tallies)
    print(
        json.dumps(
            {
                "attempts": attempts,
                "done": sum(tally.done for tally in tallies),
                "refused": sum(tally.refused for tally in tallies),
                **vars(found),
                "per_second": round(attempts / seconds, 1),
                "p50_ms": round(waits[len(waits) // 2] * 1000, 1),
                "p99_ms": round(waits[int(len(waits) * 0.99)] * 1000, 1),
            }
        )
    )
    sys.exit(0 if found.clean else 1)


if __name__ == "__main__":
    main()
