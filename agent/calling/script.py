"""A call written down: what the caller does, step by step, in YAML.

- say: I need a follow-up visit with Doctor Kim
- noise: 20                                  # decibels of the voice over the noise from here on; null: a quiet line
- barge_in: {say: No, on Thursday, after: 2} # seconds into the answer
- key: "0412"
- wait: 8                                    # seconds of saying nothing
- wav: speech.wav                            # beside the script
- hang_up
"""

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from agent.domain.practice import Strict
from agent.practice_folder.located_yaml import Located, read_yaml
from agent.practice_folder.strictly import fit

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _keys(value: object) -> object:
    """Read keys, also when written without quotes."""
    keys = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"[0-9*#]+", keys):
        raise ValueError('keys are written "0412#": 0 to 9, * and #')
    return keys


def _interrupting(value: object) -> object:
    return {"say": value} if isinstance(value, str) else value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as wrong:
        raise ValueError(f"not a regular expression: {wrong}") from None
    return value


class BargeIn(Strict):
    """Words said `after` seconds into the agent's answer."""

    say: Words
    after: float = Field(default=1.0, ge=0, le=60)


class Step(Strict):
    """One thing the caller does. `wait` in seconds, `noise` in decibels under the voice, a smaller one is louder."""

    say: Words | None = None
    wav: Path | None = None
    key: Annotated[str, BeforeValidator(_keys)] | None = None
    wait: float | None = Field(default=None, gt=0, le=600)
    barge_in: Annotated[BargeIn, BeforeValidator(_interrupting)] | None = None
    answers: dict[Annotated[Words, AfterValidator(_pattern)], Words] | None = Field(default=None, min_length=1)
    noise: float | None = Field(default=None, ge=-10, le=60)
    hang_up: bool | None = None

    @property
    def speaks(self) -> bool:
        """Whether an answer is to be heard after it."""
        return not self.model_fields_set & {"noise", "answers"}

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that may be said."""
        said = (self.say, self.barge_in.say if self.barge_in else None, *(self.answers or {}).values())
        return tuple(words for words in said if words)

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, given: Any) -> Any:
        return {"hang_up": True} if given == "hang_up" else given

    @model_validator(mode="after")
    def _one(self) -> "Step":
        if len(self.model_fields_set) != 1:
            raise ValueError("a step is one of say, wav, key, wait, barge_in, answers, noise, hang_up")
        return self


class Script(Strict):
    """What the caller does, in order."""

    steps: tuple[Step, ...] = Field(min_length=1)


def read_script(file: Path) -> Script:
    """Read a script; ConfigError names file, line and key of the first mistake."""
    located = read_yaml(file)
    if isinstance(located.data, list):
        lines = {("steps", *place): line for place, line in located.lines.items()}
        located = Located(file=file, data={"steps": located.data}, lines=lines)
    script = fit(located, Script)
    steps = (step.model_copy(update={"wav": file.parent / step.wav}) if step.wav else step for step in script.steps)
    return script.model_copy(update={"steps": tuple(steps)})
