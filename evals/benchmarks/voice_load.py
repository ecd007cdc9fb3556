"""How many calls one machine talks to at once: `python -m evals.benchmarks.voice_load`.

    [--levels 1,2,4,6,8,10,12] [--turns 30] [--seconds 60] [--voice joe-slow] [--seed 1] [--out FILE]

Callers in this process with recorded voices and no recognizer, server in another. Each level lasts until there are
`turns` answers, and `seconds` at least. The limit on calls is lifted for that; then as many callers as double the
shipped limit ring at once, to see that those beyond it are turned away and those within it are served. Prints p50 and
p95 by level, CPU of server and callers, and how many calls a core carries before p95 doubles (floor: 4). About 12
minutes. Exits 1 when the floor does not hold, or was not reached. Ctrl-C prints what is there.
"""

import argparse
import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.calling.voices import CallerVoice
from evals.benchmarks.options import parser_of, rehearsed
from evals.benchmarks.phone_bench import Server, Tally, hold, keep_calling, run, spread
from evals.benchmarks.scripts import scripts

FLOOR = 4
"""Calls a core must carry before p95 doubles."""
AMPLE = 64
HEAD = f"{'calls':>5}{'answers':>9}{'p50 s':>8}{'p95 s':>8}{'max s':>8}{'clear s':>9}{'late':>7}{'failed':>8}{'server CPU':>12}{'callers CPU':>13}"


@dataclass(kw_only=True)
class Level:
    """What so many calls at once came to. CPU is cores in use."""

    calls: int
    tally: Tally = field(default_factory=Tally)
    server_cpu: float = 0.0
    callers_cpu: float = 0.0

    @property
    def p95(self) -> float | None:
        """Milliseconds; None without an answer."""
        found = spread(self.tally.voice_to_voice)
        return found["p95"] if found else None

    def line(self) -> str:
        """Return it as a line of the table."""
        found, breaks = spread(self.tally.voice_to_voice), spread(self.tally.barge_ins)
        times = "".join(f"{found[key] / 1_000:>8.2f}" for key in ("p50", "p95", "max")) if found else f"{'-':>8}" * 3
        clear = f"{breaks['p50'] / 1_000:>9.2f}" if breaks else f"{'-':>9}"
        return (
            f"{self.calls:>5}{self.tally.turns:>9}{times}{clear}{self.tally.late_frames:>7}"
            f"{sum(self.tally.failed.values()):>8}{self.server_cpu:>12.2f}{self.callers_cpu:>13.2f}"
        )


@dataclass(kw_only=True)
class Measured:
    """All levels, and what came of too many callers."""

    levels: list[Level] = field(default_factory=list)
    limit: int | None = None
    beyond: Level | None = None


def main() -> int:
    """Run it."""
    options = _options()
    measured = Measured()
    if not run(_run(options, measured)):
        return 2
    return _finish(measured, options.out)


def _options() -> argparse.Namespace:
    parser = parser_of(__doc__)
    parser.add_argument("--levels", default="1,2,4,6,8,10,12")
    parser.add_argument("--turns", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60.0)
    return parser.parse_args()


async def _run(options: argparse.Namespace, measured: Measured) -> None:
    async with rehearsed(options) as (up, voice):
        print(HEAD, flush=True)
        for calls in map(int, options.levels.split(",")):
            level = Level(calls=calls)
            measured.levels.append(level)
            await _at_once(up, voice, level, options)
            print(level.line(), flush=True)
        measured.limit = await up.limit(0)
        measured.beyond = Level(calls=2 * measured.limit)
        await _too_many(up, voice, measured.beyond, options.seed)
        await up.limit(AMPLE)


async def _at_once(up: Server, voice: CallerVoice, level: Level, options: argparse.Namespace) -> None:
    """Let so many callers call until there are answers enough."""
    began = time.monotonic()

    def enough() -> bool:
        return bool(time.monotonic() - began >= options.seconds and level.tally.turns >= options.turns)

    async with _cpu(up, level):
        await asyncio.gather(
            *(
                keep_calling(
                    up.careline,
                    scripts(),
                    voice,
                    level.tally,
                    seed=options.seed * 100 + caller,
                    enough=_or_given_up(enough, level),
                )
                for caller in range(level.calls)
            )
        )


def _or_given_up(enough: Callable[[], bool], level: Level) -> Callable[[], bool]:
    """Stop also when calls only fail."""
    return lambda: enough() or sum(level.tally.failed.values()) > 3 * level.calls


async def _too_many(up: Server, voice: CallerVoice, level: Level, seed: int) -> None:
    """Ring with more callers than the limit at once, each for one short script."""
    short = scripts()[0][:2]
    async with _cpu(up, level):
        callers = (
            hold(up.careline, short, voice, level.tally, seed=seed + caller, enough=lambda: False)
            for caller in range(level.calls)
        )
        await asyncio.gather(*callers)


@contextlib.asynccontextmanager
async def _cpu(up: Server, level: Level) -> Any:
    before, mine, began = (await up.now())["cpu_s"], time.process_time(), time.monotonic()
    try:
        yield
    finally:
        seconds = time.monotonic() - began
        level.callers_cpu = (time.process_time() - mine) / seconds
        level.server_cpu = ((await up.now())["cpu_s"] - before) / seconds


def carried(levels: list[Level]) -> int:
    """Return the most calls at once up to which p95 stayed below twice that of the fewest."""
    first = levels[0].p95 if levels else None
    most = 0
    for level in levels:
        if first is None or level.p95 is None or level.p95 >= 2 * first:
            break
        most = level.calls
    return most


def _finish(measured: Measured, out: Path | None) -> int:
    cores = os.cpu_count() or 1
    per_core = carried(measured.levels) / cores
    print(f"\n{HEAD}\n" + "\n".join(level.line() for level in measured.levels))
    print(f"calls a core before p95 doubles: {per_core:g} on {cores} cores (floor {FLOOR})")
    admitted = _tell_beyond(measured)
    if out:
        report = {"levels": [_json(level) for level in measured.levels], "cores": cores, "per_core": per_core,
                  "limit": measured.limit, "beyond": _json(measured.beyond) if measured.beyond else None}  # fmt: skip
        out.write_text(json.dumps(report, indent=1), encoding="utf-8")
    return 0 if per_core >= FLOOR and admitted else 1


def _tell_beyond(measured: Measured) -> bool:
    """Print what admission control did; True when exactly the calls beyond the limit were turned away."""
    beyond = measured.beyond
    if beyond is None or measured.limit is None:
        print("admission control: not measured")
        return False
    refused = sum(beyond.tally.failed.values())
    print(
        f"admission control: {beyond.calls} rang at once with a limit of {measured.limit}: "
        f"{beyond.tally.calls} were served, {refused} turned away"
    )
    print(f"{HEAD}\n{beyond.line()}")
    return beyond.tally.calls == measured.limit and refused == beyond.calls - measured.limit


def _json(level: Level) -> dict[str, Any]:
    return {
        "calls": level.calls, "voice_to_voice_ms": spread(level.tally.voice_to_voice),
        "barge_in_ms": spread(level.tally.barge_ins), "greeting_ms": spread(level.tally.greetings),
        "late_frames": level.tally.late_frames, "failed": dict(level.tally.failed),
        "server_cpu": round(level.server_cpu, 2), "callers_cpu": round(level.callers_cpu, 2),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
