"""Scenarios while the machinery fails, each run replayable by its seed.

    python -m evals.outages [PATH ...] [--runs 500] [--seed 1] [--kinds killed,full,...] [--log runs.jsonl]

Every conversation runs in a process of its own, on SQLite or PostgreSQL as its seed says. Before and during its turns
the model, the database, Redis, the disk, the clock or the process itself fail. What must hold: a write that was
acknowledged is there once, no success is told that is not written, every conversation comes to a receipt, a person or
a message, no answer is lost. Exits 1 when one run broke something. Seed N alone, with the same paths and kinds:
`--runs 1 --seed N --show`.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path

from agent.domain.clock import SystemClock
from agent.storage.checkpoints import open_checkpoints
from agent.storage.engine import open_database
from agent.storage.open import open_storage
from agent.storage.sealing import Sealer
from evals.benchmarks.bookers import KEY
from evals.command import name_of
from evals.model.peer import Peer
from evals.model.server import serving
from evals.outages.ground import Ground, Told
from evals.outages.judging import Run
from evals.outages.nursery import Loaded, Nursery, load
from evals.outages.places import LARGE, SMALL, disk
from evals.outages.plans import KINDS, Plan, plan
from evals.outages.running import run
from evals.outages.worker import work
from evals.schema import read_scenario, scenario_files
from evals.servers import CannotStart, postgres, redis

WAL = ("max_wal_size=8MB", "min_wal_size=2MB")


def told(paths: Sequence[Path] = ()) -> list[Told]:
    """Return the scenarios, of these files and folders or all, that bring no failures of their own."""
    files = [(file, *read_scenario(file)) for file in scenario_files(tuple(paths))]
    return [
        Told(file=file, name=name_of(file), scenario=one, setting=where) for file, one, where in files if not one.faults
    ]


@contextlib.asynccontextmanager
async def ground(nursery: Nursery, loaded: Loaded) -> AsyncIterator[Ground]:
    """Start servers and disks of their own. Raises CannotStart."""
    with contextlib.ExitStack() as undo:
        small, large = undo.enter_context(disk(SMALL)), undo.enter_context(disk(LARGE))
        bus, folder = undo.enter_context(redis()), undo.enter_context(tempfile.TemporaryDirectory())
        with postgres(*WAL, where=large.folder) as server:
            template, empty = server.database(), Path(folder) / "data"
            database = await open_database(server.url(template))
            await (await open_checkpoints(Path(), Sealer([b"k" * 32]), database.server)).close()
            await database.close()
            storage = await open_storage(empty, data_key=KEY, clock=SystemClock())
            await (await storage.checkpoints()).close()
            await storage.close()
            here = Ground(
                nursery=nursery, disks={"sqlite": small, "postgresql": large}, empty=empty, server=server,
                template=template, bus=bus,
                peer=Peer(loaded.models.understanding, [one.practice for one, _ in loaded.folders.values()]),
            )  # fmt: skip
            async with serving(here.decides) as model, here.listening():
                here.model = model.url
                yield here


class Plain:
    """The same conversations without failures, held when first asked for."""

    def __init__(self, here: Ground) -> None:
        self._here = here
        self._held: dict[str, Run] = {}

    async def of(self, one: Told) -> Run:
        """Return it."""
        if one.name not in self._held:
            calm = Plan(seed=1, scenario=0, engine="sqlite", model=False, turns=((),) * 40)
            self._held[one.name] = await run(self._here, one, calm, None)
        return self._held[one.name]


async def measure(
    nursery: Nursery,
    loaded: Loaded,
    scenarios: Sequence[Told],
    seeds: Sequence[int],
    *,
    kinds: Sequence[str],
    log: Path | None,
    show: bool = False,
) -> list[Run]:
    """Run them all and tell each that broke something."""
    done = list[Run]()
    async with ground(nursery, loaded) as here:
        if "full" in kinds and not all(one.real for one in here.disks.values()):
            print("no disk could be mounted here: `full` is left out", flush=True)
            kinds = [kind for kind in kinds if kind != "full"]
        plain = Plain(here)
        for seed in seeds:
            drawn = plan(seed, len(scenarios), kinds=kinds)
            one = scenarios[drawn.scenario]
            done.append(await run(here, one, drawn, await plain.of(one)))
            _tell(done[-1], log)
            if show:
                _show(done[-1])
    return done


def _tell(one: Run, log: Path | None) -> None:
    for what in one.broken:
        print(f"seed {one.seed} {one.scenario} {one.engine} [{' '.join(one.faults)}]: {what}", flush=True)
    if log is not None:
        row = {
            "seed": one.seed, "scenario": one.scenario, "engine": one.engine, "model": one.model, "faults": one.faults,
            "turns": len(one.replies), "commits": len(one.seen["commits"]), "tickets": len(one.seen["tickets"]),
            "state": one.seen["state"], "asked_for_a_person": one.finished, "broken": one.broken,
            "seconds": round(one.seconds, 1),
        }  # fmt: skip
        with log.open("a") as file:
            file.write(json.dumps(row) + "\n")


def _show(one: Run) -> None:
    print(f"--- seed {one.seed} {one.scenario} {one.engine}")
    said = iter(one.replies)
    for line, struck in zip(one.lines, one.faults, strict=True):
        reply = next(said, None)
        told = f"{reply['text']} [{reply['asks']} {reply['state']}] {reply['seconds']:.1f} s" if reply else ""
        print(f"  {struck}\n> {line}\n< {told}")


def total(done: Sequence[Run], *, seconds: float) -> str:
    """Return the count of everything."""
    names = [one for run in done for turn in run.faults if turn != "-" for one in re.split(r"\+(?=[a-z])", turn)]
    struck = Counter(re.split(r"[@+:]", one)[0] for one in names)
    return json.dumps(
        {
            "runs": len(done), "scenarios": len({one.scenario for one in done}),
            "engines": Counter(one.engine for one in done), "with_a_model": sum(one.model for one in done),
            "turns": sum(len(one.replies) for one in done), "failures": sum(struck.values()), "kinds": struck,
            "writes": sum(len(one.seen["commits"]) for one in done),
            "slowest_turn_s": round(max((reply["seconds"] for one in done for reply in one.replies), default=0), 1),
            "violations": sum(len(one.broken) for one in done),
            "seeds_broken": [one.seed for one in done if one.broken], "seconds": round(seconds),
        }
    )  # fmt: skip


def main() -> None:
    """Run; exit 1 when something did not hold."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("paths", nargs="*", type=Path, help="scenarios; all without any")
    options.add_argument("--runs", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--kinds", default=",".join(KINDS), help=f"of {', '.join(KINDS)}")
    options.add_argument("--log", type=Path, help="a JSON line for each run is added to this file")
    options.add_argument("--show", action="store_true", help="print every conversation")
    options.add_argument("--indexes", type=Path, help="a folder that keeps the indexes of the texts for the next time")
    given = options.parse_args()
    scenarios, began = told(given.paths), time.monotonic()
    indexes = given.indexes or Path(tempfile.mkdtemp(prefix="careline-indexes-"))
    loaded = load((one.setting.folder for one in scenarios), indexes)
    nursery = Nursery.open(partial(work, loaded=loaded))
    try:
        seeds = range(given.seed, given.seed + given.runs)
        done = asyncio.run(
            measure(nursery, loaded, scenarios, seeds, kinds=given.kinds.split(","), log=given.log, show=given.show)
        )
    except CannotStart as missing:
        sys.exit(f"no servers for this: {missing}")
    finally:
        nursery.close()
        if given.indexes is None:
            shutil.rmtree(indexes, ignore_errors=True)
    print(total(done, seconds=time.monotonic() - began))
    sys.stdout.flush()
    os._exit(1 if any(one.broken for one in done) else 0)


if __name__ == "__main__":
    main()
