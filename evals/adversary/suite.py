"""The whole eval suite held with an adversary for an understanding."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from agent.app import Models, load_models
from agent.dialogue.response.sentences import Sentences
from agent.dialogue.understanding.tools import Understanding
from agent.settings import shipped
from evals.adversary.judging import Case, Seen, kinds, violations
from evals.adversary.understanding import Adversary
from evals.command import name_of
from evals.houses import Stage
from evals.runner import run_scenario
from evals.schema import read_scenario, scenario_files


@dataclass(kw_only=True)
class Held:
    """One scenario held with one seed."""

    name: str
    seed: int
    alone: bool
    turns: int = 0
    writes: int = 0
    problems: list[str] = field(default_factory=list)


async def hold(files: Sequence[Path], *, seeds: Sequence[int], models: Models | None = None) -> list[Held]:
    """Hold every scenario once a seed; odd seeds with the honest understanding beside the adversary, even ones alone."""
    models = models or load_models()
    held: list[Held] = []
    for seed in seeds:
        alone = seed % 2 == 0
        beside: Understanding | None = None if alone else models.understanding
        stage = Stage(replace(models, understanding=Adversary(seed=seed, honest=beside)))
        try:
            for file in files:
                held.append(await hold_one(file, stage, seed=seed, alone=alone))
        finally:
            stage.close()
    return held


async def hold_one(file: Path, stage: Stage, *, seed: int, alone: bool) -> Held:
    scenario, setting = read_scenario(file)
    seen = Seen()
    outcome = await run_scenario(scenario, setting, stage, seed=seed, look=seen.look)
    sentences = Sentences(shipped("prompts"), setting.practice.languages)
    case = Case(
        world=setting.world, now=setting.clock or datetime.now(UTC), outcome=outcome, seen=seen, sentences=sentences,
        expect=scenario.expect,
    )  # fmt: skip
    problems = violations(case)
    if scenario.faults:
        problems = [problem for problem in problems if not problem.startswith("failed")]
    writes = sum(before != after for before, after in zip(seen.rows, seen.rows[1:], strict=False))
    return Held(name=name_of(file), seed=seed, alone=alone, turns=len(outcome.turns), writes=writes, problems=problems)


def table(held: Sequence[Held]) -> str:
    """Return what a run comes to, by kind of violation."""
    total = Counter[str]()
    for one in held:
        total.update(kinds(one.problems))
    turns, writes = sum(one.turns for one in held), sum(one.writes for one in held)
    lines = [f"{len(held)} conversations, {turns} turns, {writes} authorised or unauthorised writes"]
    lines += [f"  {kind}: {count}" for kind, count in sorted(total.items())]
    lines.append(f"{sum(total.values())} violations")
    return "\n".join(lines)


async def whole(paths: tuple[Path, ...], seeds: Sequence[int]) -> list[Held]:
    """Hold everything below some paths; all scenarios without any."""
    return await hold(scenario_files(paths), seeds=seeds)
