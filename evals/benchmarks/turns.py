"""How long a turn of the chat takes, stage by stage: `python -m evals.benchmarks.turns [--rounds 6] [--seed 1] [--json]`.

Everything is real: models, masking, graph, schedule and encrypted storage over a passing data folder. The callers'
words vary (turns.yaml). The CPU row is what a machine with nothing else to do would come close to. Exits 1 when the whole turn's p95 is above --goal milliseconds.
"""

import argparse
import asyncio
import json
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Template
from typing import Any

import yaml
from pydantic import SecretStr

from agent.app import House, load_models, open_house, read_folder
from agent.commands.running import quiet
from agent.conversation import FrontDesk
from agent.domain.clock import StartedClock
from agent.domain.conversation import Heard
from agent.domain.text import ClearText
from agent.ehr.worlds import load_world, read_world
from agent.settings import Settings
from evals.benchmarks.stopwatch import STAGES, Stopwatch, Timed, TimedGraph

HERE = Path(__file__).parent
WORLD = HERE.parent / "worlds" / "monday.yaml"
DAYS = ("Tuesday", "Wednesday", "Thursday", "Friday", "next Monday", "the week after next")
TIMES = ("9:30", "ten", "half past two", "4 pm", "eleven fifteen")
PEOPLE = (("Ana", "Ruiz", "May 17, 1984"), ("Tunde", "Adeyemi", "11/3/79"), ("Marge", "Holloway", "February 14 1951"),
          ("Lucía", "Fuentes", "September twelfth nineteen ninety"), ("Owen", "Castellano", "3/4/1988"))  # fmt: skip


def conversations(rounds: int, seed: int) -> Iterator[list[str]]:
    """Yield what callers say, every conversation of turns.yaml `rounds` times in other words."""
    chance = random.Random(seed)
    scripts: list[list[str]] = yaml.safe_load((HERE / "turns.yaml").read_text("utf-8"))
    for _ in range(rounds):
        for script in scripts:
            first, last, born = chance.choice(PEOPLE)
            words = {"first": first, "last": last, "born": born}
            words |= {"day": chance.choice(DAYS), "time": chance.choice(TIMES)}
            yield [Template(line).substitute(words) for line in script]


def watched(house: House, watch: Stopwatch) -> FrontDesk:
    """Return the house's front desk with every part timed."""
    parts = house.front_desk._parts
    kept: dict[str, Any] = {
        "conversations": Timed(parts.storage.conversations, watch, record="store", about="store"),
        "decisions": Timed(parts.storage.decisions, watch, note="store"),
    }
    timed: dict[str, Any] = {
        "storage": replace(parts.storage, **kept),
        "boundary": Timed(parts.boundary, watch, mask="mask", unmask="unmask"),
        "screener": Timed(parts.screener, watch, screen="screen"),
        "graph": TimedGraph(parts.graph, watch),
    }
    return FrontDesk(replace(parts, **timed))


async def measure(folder: Path, rounds: int, seed: int) -> tuple[Stopwatch, dict[str, float]]:
    """Hold every conversation; return the times, and seconds and megabytes of loading."""
    before = resident()
    began = time.perf_counter()
    setting = read_world(WORLD)
    models = load_models()
    loaded = time.perf_counter() - began
    clock = StartedClock(setting.clock) if setting.clock else None
    house = await open_house(
        Settings(data_dir=folder, data_key=SecretStr(secrets.token_hex(32))),
        read_folder(setting.folder),
        models,
        clock=clock,
    )
    await load_world(setting.world, records=house.records, database=house.storage.database)
    await house.warm()
    ready = time.perf_counter() - began
    about = {"models_s": loaded, "ready_s": ready, "before_mb": before, "ready_mb": resident()}
    watch = Stopwatch()
    try:
        await talk(house.front_desk, Stopwatch(), next(conversations(1, seed)))  # the first call of all warms caches
        desk = watched(house, watch)
        for lines in conversations(rounds, seed):
            await talk(desk, watch, lines)
    finally:
        await house.close()
    return watch, about | {"after_mb": resident()}


async def talk(desk: FrontDesk, watch: Stopwatch, lines: list[str]) -> None:
    """Hold one conversation."""
    id, reply = await desk.open(channel="chat")
    for line in lines:
        if reply.state == "ended":
            return
        watch.begin()
        began, cpu = time.perf_counter(), time.process_time()
        reply = await desk.turn(id, Heard(best=ClearText(line)))
        watch.add("whole turn", time.perf_counter() - began)
        watch.add("whole turn, CPU", time.process_time() - cpu)


def resident() -> float:
    """Return this process's memory in megabytes."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1_024
    return 0.0


def table(watch: Stopwatch) -> list[dict[str, float | str | int]]:
    """Return p50, p95 and the share of the whole time, a row a stage."""
    whole = sum(watch.of("whole turn"))
    rows: list[dict[str, float | str | int]] = []
    for stage in STAGES:
        times = sorted(watch.of(stage)) or [0.0, 0.0]
        cuts = statistics.quantiles(times, n=20, method="inclusive")
        share = sum(times) / whole if whole else 0.0
        rows.append({"stage": stage, "turns": len(watch.of(stage)), "p50": round(statistics.median(times), 1),
                     "p95": round(cuts[18], 1), "max": round(times[-1], 1), "share": round(share, 3)})  # fmt: skip
    return rows


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=6)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--goal", type=float, default=150.0, help="milliseconds, p95 of the whole turn")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    quiet()
    cpu, began = time.process_time(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        watch, about = asyncio.run(measure(Path(folder), given.rounds, given.seed))
    busy = (time.process_time() - cpu) / (time.perf_counter() - began)
    rows = table(watch)
    p95 = next(float(row["p95"]) for row in rows if row["stage"] == "whole turn")
    if given.json:
        print(json.dumps({"stages": rows, "cpu_per_second": round(busy, 2), **about}))
    else:
        print(f"{'stage':<16}{'turns':>6}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'share':>8}")
        for row in rows:
            print(
                f"{row['stage']:<16}{row['turns']:>6}{row['p50']:>9}{row['p95']:>9}{row['max']:>9}{row['share']:>8.1%}"
            )
        print(f"\nmodels loaded in {about['models_s']:.1f} s, ready in {about['ready_s']:.1f} s (an empty data folder)")
        print(f"memory: {about['before_mb']:.0f} MB imports, {about['ready_mb']:.0f} MB ready, "
              f"{about['after_mb']:.0f} MB after {len(watch.turns)} turns; CPU seconds per second: {busy:.2f}")  # fmt: skip
    sys.exit(0 if p95 <= given.goal else 1)


if __name__ == "__main__":
    main()
