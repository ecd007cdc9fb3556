"""What a model is shown: a fixed prompt of the language and the practice, and one turn as a JSON object.

The prompts are data: prompts/<lang>/model_understanding.yaml, with version, blanks and why. Nothing here is clear text:
`Utterance` holds pseudonyms only.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.dialogue.understanding.openai.chat import Message
from agent.dialogue.understanding.tools import INTENTS, Utterance
from agent.domain.errors import ConfigError
from agent.domain.practice import Practice

FILE = "model_understanding.yaml"


class PromptFile(BaseModel):
    """A prompt as its file states it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(ge=1)
    why: str
    blanks: tuple[str, ...]
    text: str
    repair: str
    intents: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One language's prompt. `id` names file and version, for the records."""

    id: str
    file: PromptFile

    def system(self, practice: Practice) -> Message:
        """Return the fixed part: the same for every turn, so that servers may cache it."""
        blanks = {"practice": practice.name, "intents": _listed(self.file.intents), "names": vocabulary(practice)}
        return Message(role="system", text=Template(self.file.text).substitute(blanks))

    def repair(self, reasons: Sequence[str]) -> Message:
        """Return what a model is told of an answer that cannot be used."""
        return Message(role="user", text=Template(self.file.repair).substitute(reasons=", ".join(reasons)))


class Prompts:
    """The prompts of all languages."""

    def __init__(self, folder: Path, languages: Sequence[str]) -> None:
        self._by_lang = {lang: read_prompt(folder, lang, FILE) for lang in languages}
        self._first = next(iter(self._by_lang.values()))

    def of(self, lang: str) -> Prompt:
        """Return a language's prompt, the first one's for a language that has none."""
        return self._by_lang.get(lang[:2], self._first)


def read_prompt(folder: Path, lang: str, name: str) -> Prompt:
    """Read a prompt. Raises ConfigError."""
    path = folder / lang / name
    try:
        file = PromptFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as wrong:
        raise ConfigError("this prompt cannot be read", file=path) from wrong
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise ConfigError(str(first["msg"]), file=path, key=".".join(map(str, first["loc"]))) from None
    blanks = set(Template(file.text).get_identifiers()) | set(Template(file.repair).get_identifiers())
    if blanks != set(file.blanks):
        raise ConfigError(f"the text has the blanks {', '.join(sorted(blanks))}", file=path, key="blanks")
    return Prompt(id=f"{lang}/{path.stem} v{file.version}", file=file)


def turn_message(utterance: Utterance) -> Message:
    """Return one turn: what was asked, what is on offer, today's date, and the caller's words, pseudonyms only."""
    return Message(role="user", text=json.dumps(turn_view(utterance), ensure_ascii=False))


def turn_view(utterance: Utterance) -> dict[str, Any]:
    """Return a turn as plain JSON."""
    zone = utterance.practice.zone
    return {
        "today": f"{utterance.now.astimezone(zone):%Y-%m-%d %H:%M, %A}",
        "language": utterance.lang,
        "task": utterance.task,
        "asked": utterance.asked,
        "said_before": utterance.prev,
        "offered": [
            {"position": place, "start": f"{slot.start.astimezone(zone):%Y-%m-%d %H:%M}", "provider": slot.provider}
            for place, slot in enumerate(utterance.offered, 1)
        ],
        "words": utterance.text,
        "other_readings": list(utterance.alternatives),
    }


def vocabulary(practice: Practice) -> str:
    """Return the practice's own names with their ids, a line each."""
    lines = [f"provider {one.id}: {one.name}, {one.specialty}" for one in practice.providers]
    lines += [f"visit_type {one.id}: {', '.join(one.called)}" for one in practice.visit_types]
    lines += [f"location {one.id}: {one.name}, {one.address}" for one in practice.locations]
    lines += [f"insurer {one.name}: {', '.join(one.also_called)}".rstrip(": ") for one in practice.insurers]
    return "\n".join(lines)


def _listed(intents: dict[str, str]) -> str:
    return "\n".join(f"{name}: {intents[name]}" if name in intents else name for name in INTENTS)
