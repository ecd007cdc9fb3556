"""Holds persona conversations as text and grades them on the schedule."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.domain.conversation import Asks
from agent.ehr.worlds import Setting, read_world
from evals.callers import Speaker
from evals.checks import failures
from evals.http_callers.caller import Mouth
from evals.http_callers.grading import Snapshot, grade
from evals.http_callers.people import Person
from evals.http_callers.talking import today_of
from evals.outcomes import Outcome
from evals.personas.drawing import Draw
from evals.personas.styled import Styled
from evals.personas.table import HERE, Behaviour, Row, read_words
from evals.runner import Stage, run_scenario
from evals.schema import Caller, Expect, Scenario

WORLD = HERE / "world.yaml"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One conversation of a persona: what came of it, and what was wrong with that."""

    outcome: Outcome
    problems: list[str]
    turns: int
    shortest: int


class Speaking:
    """A mouth as the runner's speaker, who says nothing while the agent speaks."""

    def __init__(self, mouth: Mouth) -> None:
        self._mouth = mouth

    def next(self, asks: Asks | None, heard: str) -> str | None:
        """See Speaker."""
        return self._mouth.next(asks, heard)

    def breaks_in(self, asks: Asks | None) -> bool:
        """See Speaker."""
        return False


async def run_persona(row: Row, stage: Stage, *, seed: int, world: Path = WORLD) -> Trial:
    """Hold one trial of a persona of the table."""
    return await run_person(Draw(row, seed).person(), stage, seed=seed, world=world, behaviour=row.behaviour)


async def run_person(person: Person, stage: Stage, *, seed: int, world: Path, behaviour: Behaviour = "plain") -> Trial:
    """Hold one conversation with somebody in a fresh world, and grade it."""
    setting = read_world(world)
    mouth = Mouth(person, setting, today_of(setting), seed, reads="fields")
    scenario, speaker = scenario_of(person, setting), speaker_of(mouth, behaviour, seed)
    outcome = await run_scenario(scenario, setting, stage, seed=seed, speaker=speaker)
    problems = _problems(person, outcome, setting) + failures(Expect(), outcome)
    turns = mouth.turns_needed or len(outcome.turns)
    return Trial(outcome=outcome, problems=problems, turns=turns, shortest=person.shortest)


def scenario_of(person: Person, setting: Setting) -> Scenario:
    """Return the frame of a conversation with somebody, whose words come from elsewhere."""
    return Scenario(
        purpose=f"a persona: {person.id}", lang=person.lang, world=setting.world, caller=Caller(says=("-",)), expect=Expect()
    )  # fmt: skip


def speaker_of(mouth: Mouth, behaviour: Behaviour, seed: int) -> Speaker:
    """Return who says what a mouth chooses, in the manner of a behaviour."""
    if behaviour in ("types_badly", "lower_case", "rambles"):
        return Styled(mouth, behaviour, read_words().rambles, seed)
    return Speaking(mouth)


def _problems(person: Person, outcome: Outcome, setting: Setting) -> list[str]:
    known = frozenset(patient.id for patient in setting.world.patients)
    mark = grade(_snapshot(outcome.before, []), _snapshot(outcome.after, outcome.tickets), person.expect, known)
    return [*(f"FALSE {what}" for what in mark.false_writes), *mark.missing]


def _snapshot(rows: list[dict[str, Any]], tickets: list[dict[str, Any]]) -> Snapshot:
    kinds = {str(row["id"]): str(row["kind"]) for row in tickets}
    return Snapshot(appointments={str(row["id"]): row for row in rows}, tickets=kinds)
