"""Sixty personas, several trials each: pass^n and turns per success, by behaviour.

    python -m evals.personas [--seeds 4] [--from 1] [--only ID ...] [--file frontdesk.yaml] [--out failures.txt]

Exit status 0 when at least the floor passes in every trial and nothing was written that nobody wished for.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TextIO

from agent.app import load_models
from evals.http_callers.people import Person, read_file
from evals.personas.figures import figures, table
from evals.personas.running import Trial, run_person, run_persona
from evals.personas.table import HERE, Row, read_table
from evals.runner import Stage

Hold = Callable[[int], Awaitable[Trial]]
Trials = dict[str, tuple[str, list[Trial]]]


def main() -> int:
    """Run them, print the table and write down what failed, as it fails."""
    options = _options()
    trials = asyncio.run(_run(options))
    for line in table(trials):
        print(line)
    print(f"failures: {options.out}")
    runs = [one for _, one in trials.values()]
    false = any(problem.startswith("FALSE") for one in runs for trial in one for problem in trial.problems)
    return 0 if figures(runs).pass_all >= options.floor and not false else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--from", type=int, default=1, dest="first")
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--file", type=Path, help="callers of a file instead of the table, in the world it names")
    parser.add_argument("--out", type=Path, default=Path("personas-failures.txt"))
    parser.add_argument("--floor", type=float, default=0.95)
    return parser.parse_args()


async def _run(options: argparse.Namespace) -> Trials:
    stage, trials = Stage(load_models()), Trials()
    seeds = range(options.first, options.first + options.seeds)
    try:
        with options.out.open("w", encoding="utf-8") as out:
            for name, kind, hold in _all(options.file, stage):
                if options.only is None or name in options.only:
                    trials[name] = (kind, [await hold(seed) for seed in seeds])
                    _tell(name, trials[name][1], out)
    finally:
        stage.close()
    return trials


def _all(file: Path | None, stage: Stage) -> Iterator[tuple[str, str, Hold]]:
    """Yield everybody: name, the group they are counted in, and how a trial with a seed is held."""
    if file is None:
        for row in read_table().personas:
            yield row.id, row.behaviour, partial(_row, row, stage)
        return
    callers = read_file(file)
    for person in callers.callers:
        yield person.id, callers.world, partial(_person, person, stage, HERE / f"{callers.world}.yaml")


async def _row(row: Row, stage: Stage, seed: int) -> Trial:
    return await run_persona(row, stage, seed=seed)


async def _person(person: Person, stage: Stage, world: Path, seed: int) -> Trial:
    return await run_person(person, stage, seed=seed, world=world)


def _tell(name: str, runs: list[Trial], out: TextIO) -> None:
    """Print one mark for each trial, and write down the conversations that failed."""
    marks = "".join("x" if trial.problems else "." for trial in runs)
    print(f"{marks} {name}", file=sys.stderr, flush=True)
    for number, trial in enumerate(runs, 1):
        if trial.problems:
            out.write("\n".join([f"=== {name} trial {number} ({trial.turns} turns)", *trial.problems, ""]))
            out.write(f"  agent: {trial.outcome.opening}\n")
            out.writelines(
                f"caller: {turn.caller}\n  agent: {turn.agent}   [{turn.asks}]\n" for turn in trial.outcome.turns
            )
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
