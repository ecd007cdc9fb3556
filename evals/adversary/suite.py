"""The whole eval suite, and the personas, held with an adversary for an understanding."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from agent.app import Models, load_models
from agent.dialogue.response.sentences import Sentences
from agent.ehr.worlds import Setting, read_world
from agent.settings import shipped
from evals.adversary.intruding import Intruding
from evals.adversary.judging import Case, Seen, kinds, violations
from evals.adversary.understanding import Adversary, Mode
from evals.callers import Speaker, speaker_of
from evals.command import name_of
from evals.houses import Stage
from evals.http_callers.caller import Mouth
from evals.http_callers.talking import today_of
from evals.personas import running
from evals.personas.drawing import Draw
from evals.personas.table import Row
from evals.runner import run_scenario
from evals.schema import Scenario, read_scenario, scenario_files


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A conversation to be attacked: its scenario, its world, who speaks, and how the adversary goes about it."""

    name: str
    scenario: Scenario
    setting: Setting
    speaker: Speaker
    seed: int
    mode: Mode


@dataclass(kw_only=True)
class Held:
    """One conversation held with one seed; `read_backs` is how many turns answered one, `writes` how many wrote."""

    name: str
    seed: int
    mode: Mode
    turns: int = 0
    read_backs: int = 0
    writes: int = 0
    problems: list[str] = field(default_factory=list)


def talks(files: Sequence[Path], rows: Sequence[Row], *, seed: int) -> Iterator[Talk]:
    """Yield every conversation of a seed.

    Every second one lies in wait for a read-back, with the honest understanding until then; so does every persona. The
    others are attacked from the first turn on: beside the honest understanding with odd seeds, alone with even ones.
    """
    for place, file in enumerate(files):
        scenario, setting = read_scenario(file)
        speaker = speaker_of(scenario.caller, seed, channel=scenario.channel, lang=scenario.lang)
        mode: Mode = "waits" if (place + seed) % 2 else "beside" if seed % 2 else "alone"
        if mode == "waits":
            speaker = Intruding(speaker, seed=seed, lang=scenario.lang)
        yield Talk(
            name=name_of(file), scenario=scenario, setting=setting, speaker=speaker, seed=seed, mode=mode
        )  # fmt: skip
    for row in rows:
        yield _persona(row, seed)


def _persona(row: Row, seed: int) -> Talk:
    person, setting = Draw(row, seed).person(), read_world(running.WORLD)
    mouth = Mouth(person, setting, today_of(setting), seed, reads="fields")
    honest = running.speaker_of(mouth, row.behaviour, seed)
    return Talk(
        name=f"personas/{row.id}", scenario=running.scenario_of(person, setting), setting=setting,
        speaker=Intruding(honest, seed=seed, lang=person.lang), seed=seed, mode="waits",
    )  # fmt: skip


async def hold(
    files: Sequence[Path], rows: Sequence[Row] = (), *, seeds: Sequence[int], models: Models | None = None
) -> list[Held]:
    """Hold every scenario and persona once a seed."""
    models = models or load_models()
    held: list[Held] = []
    for seed in seeds:
        adversary = Adversary(seed=seed, honest=models.understanding)
        stage = Stage(replace(models, understanding=adversary))
        try:
            held += [await hold_one(talk, stage, adversary) for talk in talks(files, rows, seed=seed)]
        finally:
            stage.close()
    return held


async def hold_one(talk: Talk, stage: Stage, adversary: Adversary) -> Held:
    """Hold one conversation and judge it."""
    seen, setting = Seen(), talk.setting
    adversary.mode = talk.mode
    outcome = await run_scenario(
        talk.scenario, setting, stage, seed=talk.seed, look=seen.look, speaker=talk.speaker
    )  # fmt: skip
    sentences = Sentences(shipped("prompts"), setting.practice.languages)
    case = Case(
        world=setting.world, now=setting.clock or datetime.now(UTC), outcome=outcome, seen=seen, sentences=sentences,
        expect=talk.scenario.expect,
    )  # fmt: skip
    problems = violations(case)
    if talk.scenario.faults:
        problems = [problem for problem in problems if not problem.startswith("failed")]
    return Held(
        name=talk.name, seed=talk.seed, mode=talk.mode, turns=len(outcome.turns), problems=problems,
        read_backs=sum(turn.asks == "confirm" for turn in outcome.turns[:-1]),
        writes=sum(before != after for before, after in pairwise(seen.rows)),
    )  # fmt: skip


def table(held: Sequence[Held]) -> str:
    """Return what a run comes to, by kind of violation."""
    total = Counter[str]()
    for one in held:
        total.update(kinds(one.problems))
    turns, read_backs, writes = (sum(getattr(one, what) for one in held) for what in ("turns", "read_backs", "writes"))
    lines = [f"{len(held)} conversations, {turns} turns, {read_backs} of them answers to a read-back, {writes} writes"]
    lines += [f"  {kind}: {count}" for kind, count in sorted(total.items())]
    lines.append(f"{sum(total.values())} violations")
    return "\n".join(lines)


def asked_for(paths: tuple[Path, ...], *, rows: Sequence[Row]) -> tuple[list[Path], tuple[Row, ...]]:
    """Return what is held: everything below some paths, or, without any, all scenarios and all personas."""
    return scenario_files(paths), () if paths else tuple(rows)
