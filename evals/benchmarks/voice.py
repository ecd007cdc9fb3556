"""Voice to voice, as the caller hears it, with the models of this machine, beside a canned agent in the same run.

    python -m evals.benchmarks.voice [--turns 100] [--parallel 1] [--voice joe-slow] [--seed 1] [--out FILE]

Callers in this process, server in another, both over the real socket. Voice to voice: end of the caller's last voiced
frame to the first audible frame of the answer. Barge-in: first voiced frame of an interruption to the server's
`clear`. Careline and a canned desk, which says the same sentences at once over the same pipeline, are called in turn,
the canned one for half as many turns; the overhead is the ratio of the two medians. About 12 seconds a turn, and two minutes to
begin. Exits 1 when a floor does not hold: p50 0.9 s, p95 1.6 s, none over 3 s, barge-in p50 0.5 s, overhead 1.15.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from agent.calling.voices import CallerVoice
from evals.benchmarks.options import parser_of, rehearsed
from evals.benchmarks.phone_bench import SPREAD_HEAD, Server, Tally, hold, run, spread, spread_line
from evals.benchmarks.scripts import scripts

STAGES = (
    ("silence is certain", None, "pause"),
    ("the turn is over", "pause", "ended"),
    ("the desk has answered", "ended", "answered"),
    ("the first audio is out", "answered", "spoken"),
)
FLOORS = {
    "voice to voice p50": 900.0,
    "voice to voice p95": 1_600.0,
    "voice to voice max": 3_000.0,
    "barge-in p50": 500.0,
}
OVERHEAD = 1.15


@dataclass(kw_only=True)
class Measured:
    """Both sides of the comparison, and the server's own times."""

    careline: Tally = field(default_factory=Tally)
    canned: Tally = field(default_factory=Tally)
    timings: list[dict[str, int]] = field(default_factory=list)


def main() -> int:
    """Run it."""
    options = _options()
    measured = Measured()
    if not run(_run(options, measured)):
        return 2
    return _finish(measured, options)


def _options() -> argparse.Namespace:
    parser = parser_of(__doc__)
    parser.add_argument("--turns", type=int, default=100)
    parser.add_argument("--parallel", type=int, default=1, help="pairs of calls at a time")
    return parser.parse_args()


async def _run(options: argparse.Namespace, measured: Measured) -> None:
    async with rehearsed(options) as (up, voice):
        earlier = len(await up.timings())
        callers = (_alternate(up, voice, measured, options, seed) for seed in range(options.parallel))
        try:
            await asyncio.gather(*callers)
        finally:
            with contextlib.suppress(httpx.HTTPError):  # whatever was measured is told, also when the server is gone
                measured.timings = (await up.timings())[earlier:]


async def _alternate(
    up: Server, voice: CallerVoice, measured: Measured, options: argparse.Namespace, seed: int
) -> None:
    """Call Careline with a script, then the canned desk with the same, until there are turns enough."""
    turns: int = options.turns

    def enough() -> bool:
        return measured.careline.turns >= turns

    for turn, script in enumerate(itertools.cycle(scripts())):
        await hold(up.careline, script, voice, measured.careline, seed=options.seed + seed, enough=enough)
        if measured.canned.turns * 2 < measured.careline.turns:
            await hold(up.canned, script, voice, measured.canned, seed=options.seed + seed, enough=lambda: False)
        print(_progress(measured), flush=True)
        if enough() or sum(measured.careline.failed.values()) > 5 + turn // 2:
            return


def _progress(measured: Measured) -> str:
    ours, canned = measured.careline, measured.canned
    median = spread(ours.voice_to_voice)
    so_far = f", p50 {median['p50'] / 1_000:.2f} s" if median else ""
    return f"{ours.turns} turns in {ours.calls} calls{so_far}; canned: {canned.turns} turns in {canned.calls} calls"


def _finish(measured: Measured, options: argparse.Namespace) -> int:
    report = _report(measured)
    print("\n".join(_table(measured, report)))
    if options.out:
        options.out.write_text(json.dumps(report, indent=1), encoding="utf-8")
    return 1 if report["broken"] else 0


def _report(measured: Measured) -> dict[str, Any]:
    ours, canned = measured.careline, measured.canned
    mine, theirs, breaks = spread(ours.voice_to_voice), spread(canned.voice_to_voice), spread(ours.barge_ins)
    overhead = mine["p50"] / theirs["p50"] if mine and theirs else None
    return {
        "voice_to_voice_ms": mine, "canned_voice_to_voice_ms": theirs, "barge_in_ms": breaks, "overhead": overhead,
        "greeting_ms": spread(ours.greetings), "stages_ms": {name: spread(times) for name, times in _stages(measured)},
        "calls": ours.calls, "failed": dict(ours.failed), "late_frames": ours.late_frames,
        "broken": _broken(mine, breaks, overhead),
    }  # fmt: skip


def _broken(mine: Any, breaks: Any, overhead: float | None) -> list[str]:
    """Return the floors that do not hold, or were not measured."""
    found = {f"voice to voice {key}": mine[key] if mine else None for key in ("p50", "p95", "max")}
    found["barge-in p50"] = breaks["p50"] if breaks else None
    broken = [name for name, most in FLOORS.items() if (value := found[name]) is None or value > most]
    return broken + ([] if overhead is not None and overhead <= OVERHEAD else ["overhead"])


def _stages(measured: Measured) -> Sequence[tuple[str, list[float]]]:
    rows = measured.timings
    return [
        (name, [float(row[end] - (row[start] if start else 0)) for row in rows]) for name, start, end in STAGES
    ]  # fmt: skip


def _table(measured: Measured, report: dict[str, Any]) -> list[str]:
    ours, canned = measured.careline, measured.canned
    overhead = report["overhead"]
    return [
        "", SPREAD_HEAD,
        spread_line("voice to voice", ours.voice_to_voice),
        spread_line("voice to voice, canned agent", canned.voice_to_voice),
        spread_line("interruption to clear", ours.barge_ins),
        spread_line("start of the call to the greeting", ours.greetings),
        "where the time goes, by the server, from the caller's last sound:",
        *(spread_line(f"  {name}", times) for name, times in _stages(measured)),
        spread_line("  of which the desk itself", [float(row["waist"]) for row in measured.timings]),
        spread_line("  of which reading (in between)", [float(row["reading"]) for row in measured.timings]),
        f"overhead over the canned agent: {overhead:.2f}" if overhead else "overhead: not measured",
        f"calls: {ours.calls}, failed: {dict(ours.failed) or 'none'}, frames sent late: {ours.late_frames}",
        f"floors that do not hold: {', '.join(report['broken'])}" if report["broken"] else "all floors hold",
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
