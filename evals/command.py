"""`careline eval`: runs scenarios, reports, and holds them against a baseline."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import click

from agent.app import load_models
from agent.domain.errors import ConfigError
from agent.ehr.worlds import Setting
from evals.checks import failures
from evals.houses import Stage
from evals.personas.suite import asked_for, hold, persona_lines
from evals.report import model_line, write_report
from evals.results import Result
from evals.runner import run_scenario
from evals.schema import Scenario, read_scenario, scenario_files

ROOT = Path(__file__).parent / "scenarios"


async def evaluate(
    paths: tuple[Path, ...],
    *,
    trials: int,
    seed: int,
    understanding: str,
    report: Path | None,
    baseline: Path | None,
    practice: Path | None,
) -> int:
    """Run everything; 0 only when the gate holds: all pass, or none that the baseline says passes fails."""
    places, rows = asked_for(paths)
    if understanding == "openai" or (practice is not None and not paths):
        rows = ()  # recorded answers of a model, and another practice, know none of them
    files = scenario_files(places) if places or not paths else []
    read = [(name_of(file), *read_scenario(file, practice)) for file in files]
    stage = Stage(load_models())
    began = time.monotonic()
    try:
        async with _understood_by(understanding, stage, read):
            results = [await _held(*one, stage, trials=trials, seed=seed) for one in read]
            results += [_told(await hold(row, stage, trials=trials, seed=seed)) for row in rows]
    finally:
        stage.close()
    seconds = time.monotonic() - began
    if report:
        write_report(report, results, seconds=seconds, seed=seed)
        click.echo(f"report: {report / 'report.html'}")
    held = _gate(results, baseline)
    passed = sum(result.passed for result in results)
    rate = 60 * len(results) * trials / seconds
    for line in persona_lines(results):
        click.echo(line)
    if told := model_line(results):
        click.echo(told)
    click.echo(f"{passed} of {len(results)} scenarios passed ({trials} trials each, seed {seed}), {rate:.0f} a minute")
    return 0 if held else 1


Read = tuple[str, Scenario, Setting]


@asynccontextmanager
async def _understood_by(understanding: str, stage: Stage, read: list[Read]) -> AsyncIterator[None]:
    """Put a language model before the local understanding when asked to, and say which one."""
    if understanding != "openai":
        yield
        return
    from evals.model.staging import model_staged

    practices = {id(setting.practice): setting.practice for _, _, setting in read}
    async with model_staged(stage.models.understanding, list(practices.values())) as staged:
        stage.models = replace(stage.models, understanding=staged.understanding)
        yield
        click.echo(f"understanding: {staged.told}")
        if staged.missing():
            click.echo(f"{staged.missing()} questions were not on the cassette and were left to the local reading")


async def _held(name: str, scenario: Scenario, setting: Setting, stage: Stage, *, trials: int, seed: int) -> Result:
    """Hold one scenario's conversations and tell what came of them."""
    result, started = Result(name=name, purpose=scenario.purpose), time.monotonic()
    for trial in range(trials):
        outcome = await run_scenario(scenario, setting, stage, seed=seed * 1_000 + trial)
        result.outcomes.append(outcome)
        result.problems.append(failures(scenario.expect, outcome))
    result.seconds = time.monotonic() - started
    return _told(result)


def name_of(file: Path) -> str:
    """Return a scenario's name: its place below evals/scenarios."""
    path = file.resolve()
    return str(path.relative_to(ROOT).with_suffix("")) if path.is_relative_to(ROOT) else path.stem


def _told(result: Result) -> Result:
    click.echo(f"{'ok  ' if result.passed else 'FAIL'} {result.name} ({result.seconds:.1f} s)")
    for problem in dict.fromkeys(problem for trial in result.problems for problem in trial):
        click.echo(f"     {problem}")
    return result


def _gate(results: list[Result], baseline: Path | None) -> bool:
    """Without a baseline all must pass; with one, all that it lists as passing must be there and pass."""
    if baseline is None:
        return all(result.passed for result in results)
    try:
        must = set(json.loads(baseline.read_text(encoding="utf-8"))["passing"])
    except (OSError, ValueError, KeyError):
        raise ConfigError("this baseline cannot be read", file=baseline) from None
    passing = {result.name for result in results if result.passed}
    for name in sorted(must - passing):
        click.echo(f"gate: {name} passed in the baseline and does not now")
    drawn = {result.name for result in results if result.behaviour}  # these are held to what the baseline lists only
    fresh = sorted(result.name for result in results if not result.passed and result.name not in must | drawn)
    for name in fresh:
        click.echo(f"gate: {name} is new and does not pass")
    return must <= passing and not fresh
