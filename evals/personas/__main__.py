"""Sixty personas, several trials each: pass^n and turns per success, by behaviour.

    python -m evals.personas [--seeds 4] [--from 1] [--only ID ...] [--file frontdesk.yaml] [--out failures.txt]

Exit status 0 when at least the floor passes in every trial and nothing was written that nobody wished for.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from agent.app import load_models
from evals.http_callers.people import read_file
from evals.personas.figures import figures, table
from evals.personas.running import Trial, run_person, run_persona
from evals.personas.table import HERE, read_table
from evals.runner import Stage

Trials = dict[str, tuple[str, list[Trial]]]


def main() -> int:
    """Run them, print the table and write down what failed."""
    options = _options()
    trials = asyncio.run(_run(options))
    for line in table(trials):
        print(line)
    options.out.write_text("\n".join(_stories(trials)), encoding="utf-8")
    print(f"failures: {options.out}")
    false = any(
        problem.startswith("FALSE") for _, one in trials.values() for trial in one for problem in trial.problems
    )
    return 0 if figures([one for _, one in trials.values()]).pass_all >= options.floor and not false else 1


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
        if options.file:
            file = read_file(options.file)
            world = HERE / f"{file.world}.yaml"
            for person in file.callers:
                if options.only is None or person.id in options.only:
                    runs = [await run_person(person, stage, seed=seed, world=world) for seed in seeds]
                    trials[person.id] = (file.world, runs)
                    _tell(person.id, runs)
        else:
            for row in read_table().personas:
                if options.only is None or row.id in options.only:
                    runs = [await run_persona(row, stage, seed=seed) for seed in seeds]
                    trials[row.id] = (row.behaviour, runs)
                    _tell(row.id, runs)
    finally:
        stage.close()
    return trials


def _tell(name: str, runs: list[Trial]) -> None:
    marks = "".join("x" if trial.problems else "." for trial in runs)
    print(f"{marks} {name}", file=sys.stderr, flush=True)


def _stories(trials: Trials) -> list[str]:
    lines = []
    for name, (_, runs) in trials.items():
        for seed, trial in enumerate(runs):
            if trial.problems:
                lines += [f"=== {name} trial {seed + 1} ({trial.turns} turns)", *trial.problems]
                lines += [f"  agent: {trial.outcome.opening}"]
                for turn in trial.outcome.turns:
                    lines += [f"caller: {turn.caller}", f"  agent: {turn.agent}   [{turn.asks}]"]
                lines.append("")
    return lines


if __name__ == "__main__":
    sys.exit(main())
