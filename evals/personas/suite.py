"""Personas within `careline eval`: a few of them without paths, all of them for the folder evals/personas."""

import time
from pathlib import Path

from evals.personas.figures import table
from evals.personas.running import Trial, run_persona
from evals.personas.table import HERE, Row, read_table
from evals.results import Result
from evals.runner import Stage


def asked_for(paths: tuple[Path, ...]) -> tuple[tuple[Path, ...], tuple[Row, ...]]:
    """Return the paths that hold scenarios, and the personas to run: the short ones when no path is given."""
    rows = read_table().personas
    if not paths:
        return (), tuple(row for row in rows if row.short)
    others = tuple(path for path in paths if path.resolve() != HERE.resolve())
    return others, rows if len(others) < len(paths) else ()


async def hold(row: Row, stage: Stage, *, trials: int, seed: int) -> Result:
    """Hold a persona's trials. Each draws other words."""
    started = time.monotonic()
    runs = [await run_persona(row, stage, seed=seed * 1_000 + trial) for trial in range(trials)]
    return Result(
        name=f"personas/{row.id}",
        purpose=f"{row.who} wants {row.visit} with {row.with_}: {row.behaviour}",
        problems=[run.problems for run in runs],
        outcomes=[run.outcome for run in runs],
        seconds=time.monotonic() - started,
        behaviour=row.behaviour,
        needed=[(run.turns, run.shortest) for run in runs],
    )


def persona_lines(results: list[Result]) -> list[str]:
    """Return pass^n and turns per success by behaviour; nothing when no persona was run."""
    trials = {
        result.name: (result.behaviour, [_trial(result, at) for at in range(len(result.needed))])
        for result in results
        if result.behaviour
    }
    return table(trials) if trials else []


def _trial(result: Result, at: int) -> Trial:
    turns, shortest = result.needed[at]
    return Trial(outcome=result.outcomes[at], problems=result.problems[at], turns=turns, shortest=shortest)
