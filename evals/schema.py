"""A scenario as its file states it. Strict: an unknown key fails, with file, line and key."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from agent.domain.conversation import Asks, PhoneKey, State
from agent.domain.errors import ConfigError
from agent.domain.handoff import TicketKind
from agent.domain.practice import Practice, Strict
from agent.domain.safety import Level
from agent.ehr.rows import Aware
from agent.ehr.worlds import Setting, World, read_world
from agent.practice_folder import read_practice
from agent.practice_folder.located_yaml import read_yaml
from agent.practice_folder.strictly import fit
from evals.steps import Line, Step

Behaviour = Literal[
    "lower_case", "no_punctuation", "spells_name", "types_badly", "gives_everything", "refuses_once", "changes_mind",
    "corrects_birth_date", "asks_in_between", "rambles",
]  # fmt: skip


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as wrong:
        raise ValueError(f"not a regular expression: {wrong}") from None
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]


class Persona(Strict):
    """Somebody who answers whatever is asked from their facts.

    `wants` are the opening lines. `answers` overrides, by question kind: the first time the first line, then the next,
    the last one for ever. What is not there comes from `facts`.
    """

    wants: tuple[Line, ...] = Field(min_length=1)
    facts: dict[str, str] = Field(default_factory=dict)
    behaviours: tuple[Behaviour, ...] = ()
    answers: dict[Asks, tuple[Line, ...]] = Field(default_factory=dict)


class Caller(Strict):
    """Fixed lines, or a persona. A line may be a step of the phone: see steps.py."""

    says: tuple[Line, ...] = ()
    persona: Persona | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "Caller":
        if bool(self.says) == (self.persona is not None):
            raise ValueError("a caller either says fixed lines or is a persona")
        return self

    @property
    def steps(self) -> tuple[Step, ...]:
        """What this caller may do besides speaking."""
        persona = self.persona
        lines = (*self.says, *(persona.wants if persona else ()))
        answers = [line for given in (persona.answers.values() if persona else ()) for line in given]
        return tuple(line for line in (*lines, *answers) if isinstance(line, Step))


class Fault(Strict):
    """A dependency that fails: from which turn on (1 is the first), until which turn (included)."""

    service: Literal["schedule", "knowledge", "tickets", "understanding", "patients"]
    how: Literal["down", "slow", "timeout_after_write"] = "down"
    from_turn: int = 1
    to_turn: int = 999


class Row(Strict):
    """An expected appointment; a key left out is not compared."""

    id: str | None = None
    patient: str | None = None
    provider: str | None = None
    location: str | None = None
    visit_type: str | None = None
    start: Aware | None = None
    status: Literal["booked", "cancelled"] | None = None


class Ticketed(Strict):
    """An expected hand-over."""

    kind: TicketKind
    by_turn: int | None = None


class Flagged(Strict):
    """An expected red flag."""

    level: Level
    by_turn: int | None = None


class Message(Strict):
    """An expected message."""

    kind: TicketKind


class Expect(Strict):
    """What must be so at the end. Absent is not graded; null or [] means must not."""

    booked: tuple[Row, ...] | None = None
    cancelled: tuple[Row, ...] | None = None
    moved: tuple[Row, ...] | None = None
    unchanged: bool | None = None
    messages: tuple[Message, ...] | None = None
    handoff: Ticketed | None = None
    red_flag: Flagged | None = None
    calls: tuple[str, ...] | None = None
    never_calls: tuple[str, ...] | None = None
    says: tuple[Pattern, ...] | None = None
    never_says: tuple[Pattern, ...] | None = None
    sources: tuple[str, ...] | None = None
    state: State | None = None
    connect: PhoneKey | None = None
    turns_at_most: int | None = None
    within_ms: int | None = None


class Scenario(Strict):
    """One test conversation."""

    purpose: str = Field(min_length=10)
    channel: Literal["chat", "phone"] = "chat"
    lang: Literal["en", "es"] = "en"
    world: str | World
    caller: Caller
    faults: tuple[Fault, ...] = ()
    expect: Expect

    @model_validator(mode="after")
    def _steps_on_the_phone(self) -> "Scenario":
        if self.channel != "phone" and self.caller.steps:
            raise ValueError("keys, silence, hanging up and breaking in need channel: phone")
        return self


def read_scenario(file: Path, practice: Path | None = None) -> tuple[Scenario, Setting]:
    """Read a scenario and its world. Raises ConfigError with file, line and key."""
    scenario = fit(read_yaml(file), Scenario)
    if isinstance(scenario.world, str):
        return scenario, read_world(file.parent / scenario.world)
    folder = practice or scenario.world.folder(base=file.parent)
    return scenario, Setting(world=scenario.world, practice=_practice(folder), folder=folder)


_PRACTICES: dict[Path, Practice] = {}


def _practice(folder: Path) -> Practice:
    if folder not in _PRACTICES:
        _PRACTICES[folder] = read_practice(folder)
    return _PRACTICES[folder]


def scenario_files(paths: tuple[Path, ...]) -> list[Path]:
    """Return the scenario files below some paths, all of ours without any. Raises ConfigError when there are none."""
    roots = paths or (Path(__file__).parent / "scenarios",)
    files = [file for root in roots for file in (sorted(root.rglob("*.yaml")) if root.is_dir() else [root])]
    files = [file for file in files if not file.name.startswith("_")]
    if not files:
        raise ConfigError("there is no scenario here", file=roots[0])
    return files
