"""Phone scenarios as real calls, beside the same scenarios as text.

    python -m evals.voice [PATH ...] [--voices joe-slow,us] [--noise clean,20] [--parallel 4] [--report DIR] [--seed 1]

Every scenario is called once with each voice over each noise (decibels of the voice over the noise; clean: a quiet
line), over the real socket with local speech recognition and synthesis, in real time. Prints a row a call (latencies
at the caller's side, word error rate of what the server heard, frames that this machine sent late), then a line for
each voice and noise. Exits 1 when a clean voice keeps less than 90 % of the text run's success. Ctrl-C prints what is
there. Voices: joe, joe-slow, us and gb come with the extra `voice`; slt, rms, awb and kal need the program flite,
espeak needs espeak-ng. Scenarios in Spanish are called with lola-low.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.app import load_models
from agent.calling.voices import CallerVoice
from agent.channels.phone.parts import Hearing
from agent.commands.running import quiet
from agent.domain.errors import CarelineError, ConfigError
from agent.ehr.worlds import Setting
from evals.checks import failures
from evals.command import name_of
from evals.houses import Stage
from evals.runner import run_scenario
from evals.schema import Scenario, read_scenario, scenario_files
from evals.voice.calling import Called, call_scenario
from evals.voice.results import HEAD, Row, holds, row_json, row_line, summary, summary_lines
from evals.voice.server import hearing_of
from evals.voice.voices import USUAL, caller_of

PHONE = Path(__file__).parents[1] / "scenarios" / "phone"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One call to be made."""

    name: str
    scenario: Scenario
    setting: Setting
    voice: str
    noise: float | None
    text_passed: bool


def main() -> int:
    """Run the calls; 1 when the floor does not hold, 2 for wrong usage."""
    options = _options()
    quiet()
    rows: list[Row] = []
    try:
        asyncio.run(_run(options, rows))
    except KeyboardInterrupt:
        print("stopped")
    except CarelineError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return _finish(rows, options.report)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m evals.voice", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    parser.add_argument("--voices", default=",".join(USUAL["en"]))
    parser.add_argument("--noise", default="clean,20")
    parser.add_argument("--parallel", type=int, default=4)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _noises(given: str) -> list[float | None]:
    try:
        return [None if word.strip() == "clean" else float(word) for word in given.split(",")]
    except ValueError:
        raise ConfigError("noise is clean, or decibels: clean,20", key="--noise") from None


async def _run(options: argparse.Namespace, rows: list[Row]) -> None:
    files = scenario_files(tuple(options.paths) or (PHONE,))
    read = [(name_of(file), *read_scenario(file, None)) for file in files]
    phone = [one for one in read if one[1].channel == "phone"]
    if not phone:
        raise ConfigError("there is no scenario with channel: phone here")
    stage = Stage(load_models())
    try:
        passed = {name: await _as_text(scenario, setting, stage, options.seed) for name, scenario, setting in phone}
        print(f"as text: {sum(passed.values())} of {len(passed)} scenarios passed", flush=True)
        plans = _plans(phone, passed, options.voices.split(","), _noises(options.noise))
        hearing = await hearing_of(phone[0][2].practice)
        await _call_all(plans, stage, hearing, options, rows)
    finally:
        stage.close()


def _plans(
    phone: Sequence[tuple[str, Scenario, Setting]],
    passed: dict[str, bool],
    voices: list[str],
    noises: list[float | None],
) -> list[Plan]:
    plans = []
    for name, scenario, setting in phone:
        speaking = voices if scenario.lang == "en" else USUAL[scenario.lang]
        plans += [
            Plan(
                name=name, scenario=scenario, setting=setting, voice=voice, noise=noise, text_passed=passed[name]
            ) for noise in noises for voice in speaking
        ]  # fmt: skip
    return sorted(plans, key=lambda plan: (plan.noise is not None, plan.voice))


async def _as_text(scenario: Scenario, setting: Setting, stage: Stage, seed: int) -> bool:
    outcome = await run_scenario(scenario, setting, stage, seed=seed * 1_000)
    return not failures(scenario.expect, outcome)


async def _call_all(
    plans: list[Plan], stage: Stage, hearing: Hearing, options: argparse.Namespace, rows: list[Row]
) -> None:
    speaking = {(plan.voice, plan.scenario.lang) for plan in plans}
    voices = {(name, lang): caller_of(name, lang=lang) for name, lang in sorted(speaking)}
    free = asyncio.Semaphore(options.parallel)
    print(f"{len(plans)} calls, {options.parallel} at a time\n{HEAD}", flush=True)

    async def one(plan: Plan) -> None:
        async with free:
            called = await _called(plan, stage, hearing, voices[plan.voice, plan.scenario.lang], options.seed)
        row = Row(scenario=plan.name, voice=plan.voice, noise=plan.noise, text_passed=plan.text_passed, called=called)
        rows.append(row)
        print("\n".join([row_line(row), *(f"     {problem}" for problem in called.problems)]), flush=True)

    async with asyncio.TaskGroup() as group:
        for plan in plans:
            group.create_task(one(plan))


async def _called(plan: Plan, stage: Stage, hearing: Hearing, voice: CallerVoice, seed: int) -> Called:
    return await call_scenario(
        plan.scenario, plan.setting, stage, hearing, voice=voice, noise=plan.noise, seed=seed * 1_000
    )


def _finish(rows: list[Row], report: Path | None) -> int:
    if not rows:
        return 1
    records = summary(rows)
    print("\n" + "\n".join(summary_lines(records)))
    if report:
        report.mkdir(parents=True, exist_ok=True)
        content = {"lines": records, "calls": [row_json(row) for row in rows]}
        (report / "voice.json").write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
        print(f"report: {report / 'voice.json'}")
    return 0 if holds(records) else 1


if __name__ == "__main__":
    sys.exit(main())
