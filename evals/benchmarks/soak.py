"""Calls for a long time: `python -m evals.benchmarks.soak [--minutes 20] [--calls 10] [--voice joe-slow] [--seed 1] [--out FILE]`.

So many callers talk, hang up and redial until the time is over; server and callers are two processes. Prints the
server's memory, tasks and calls every half minute. At the end, with all callers gone: memory growth after the first
fifth of the time (floor: below 5 %), tasks left over against before the first call (floor: 0), calls that failed and
errors the server logged (floor: 0). Exits 1 when a floor does not hold. Ctrl-C ends it early and still tells.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.calling.voices import CallerVoice
from evals.benchmarks.options import parser_of, rehearsed
from evals.benchmarks.phone_bench import SPREAD_HEAD, Server, Tally, keep_calling, run, spread, spread_line
from evals.benchmarks.scripts import scripts

GROWTH = 0.05
WARM_UP = 0.2
"""Share of the time after which memory counts."""
EVERY = 10.0
"""Seconds between two looks."""
SETTLED = 20.0
"""Seconds after the last call in which its tasks must have ended."""


@dataclass(kw_only=True)
class Measured:
    """What was seen over time."""

    tally: Tally = field(default_factory=Tally)
    looks: list[dict[str, Any]] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


def main() -> int:
    """Run it."""
    options = _options()
    measured = Measured()
    if not run(_run(options, measured)):
        return 2
    return _finish(measured, options.out)


def _options() -> argparse.Namespace:
    parser = parser_of(__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--calls", type=int, default=10)
    return parser.parse_args()


async def _run(options: argparse.Namespace, measured: Measured) -> None:
    async with rehearsed(options) as (up, voice):
        measured.before = await up.now()
        looking = asyncio.create_task(_look(up, measured))
        try:
            await _call(up, voice, measured.tally, options)
        finally:
            looking.cancel()
            measured.after = await _settled(up, measured.before["tasks"])


async def _call(up: Server, voice: CallerVoice, tally: Tally, options: argparse.Namespace) -> None:
    until: float = time.monotonic() + options.minutes * 60

    def enough() -> bool:
        return time.monotonic() >= until

    callers = (
        keep_calling(up.careline, scripts(), voice, tally, seed=options.seed * 100 + caller, enough=enough)
        for caller in range(options.calls)
    )
    await asyncio.gather(*callers)


async def _look(up: Server, measured: Measured) -> None:
    """Look every few seconds, tell every third time."""
    began = time.monotonic()
    while True:
        look = {"at": round(time.monotonic() - began), **await up.now()}
        measured.looks.append(look)
        if len(measured.looks) % 3 == 1:
            print(
                f"{look['at'] / 60:>6.1f} min  {look['rss_mb']:>7.0f} MB  {look['tasks']:>5} tasks  {look['calls']:>3} calls  "
                f"{measured.tally.turns:>6} answers  {sum(measured.tally.failed.values())} failed  errors {look['errors'] or 0}",
                flush=True,
            )
        await asyncio.sleep(EVERY)


async def _settled(up: Server, tasks: int) -> dict[str, Any]:
    """Return the figures once the last calls' tasks have ended, or after a while."""
    until = time.monotonic() + SETTLED
    await up.collect()
    figures = await up.now()
    while figures["tasks"] > tasks and time.monotonic() < until:
        await asyncio.sleep(1)
        figures = await up.now()
    return figures


def growth(looks: list[dict[str, Any]]) -> float | None:
    """Return how much memory grew after the warm-up: the last tenth's median over the first tenth's; None: too short."""
    warm = looks[int(len(looks) * WARM_UP) :]
    part = max(1, len(warm) // 10)
    if len(warm) < 2:
        return None
    first, last = (statistics.median(look["rss_mb"] for look in some) for some in (warm[:part], warm[-part:]))
    return float(last / first - 1)


def _finish(measured: Measured, out: Path | None) -> int:
    grown, tally = growth(measured.looks), measured.tally
    left = measured.after.get("tasks", 0) - measured.before["tasks"] if measured.after else None
    errors = dict(measured.after.get("errors", {}))
    print(f"\n{SPREAD_HEAD}\n{spread_line('voice to voice', tally.voice_to_voice)}")
    print(spread_line("interruption to clear", tally.barge_ins))
    print(f"calls: {tally.calls}, failed: {dict(tally.failed) or 'none'}, errors logged: {errors or 'none'}")
    print(f"memory growth after the warm-up: {grown:.1%}" if grown is not None else "memory growth: too short to tell")
    print(f"tasks left over: {left}" if left is not None else "tasks left over: not measured")
    held = grown is not None and grown < GROWTH and left is not None and left <= 0 and not errors and not tally.failed
    if out:
        report = {"looks": measured.looks, "growth": grown, "tasks_left": left, "errors": errors, "calls": tally.calls,
                  "failed": dict(tally.failed), "voice_to_voice_ms": spread(tally.voice_to_voice), "held": held}  # fmt: skip
        out.write_text(json.dumps(report, indent=1), encoding="utf-8")
    print("all floors hold" if held else "a floor does not hold")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
