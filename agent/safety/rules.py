"""Rules for explicit wordings only, over clauses. The wordings are data: rules.yaml."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from agent.domain.safety import Flag, Level
from agent.safety.words import clauses, plain

FILE = Path(__file__).with_name("rules.yaml")


class Guard(BaseModel):
    """Wordings in a clause that keep rules quiet (history, questions, billing), unless another wording is there too."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()


class Rule(BaseModel):
    """Explicit wordings of one red flag. `heeds` names the guards it obeys; none: all of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$")
    level: Level
    why: str
    words: tuple[str, ...]
    never: tuple[str, ...] = ()
    heeds: tuple[str, ...] | None = None
    across: bool = False  # runs over the whole utterance, not clause by clause
    negatable: bool = True  # "no chest pain" is none
    own_not: bool = False  # "can't breathe" holds a not of its own


class Book(BaseModel):
    """The file: word groups usable as {name} in patterns, negations, guards and rules; the first rule that fits counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    groups: dict[str, str]
    negations: str
    holds: str  # wordings that carry a not of their own
    resets: str  # words after a negation that end its reach
    guards: tuple[Guard, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, kw_only=True)
class _Ready:
    rule: Rule
    words: re.Pattern[str]
    never: re.Pattern[str] | None
    guards: tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...]


class ExplicitRules:
    """Finds explicit wordings."""

    def __init__(self, file: Path = FILE) -> None:
        book = Book.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        self._groups = {name: f"(?:{words})" for name, words in book.groups.items()}
        self._negation = self._pattern((book.negations,))
        self._reset = self._pattern((book.resets,))
        self._holds = self._pattern((book.holds,))
        guards = {guard.id: (self._pattern(guard.words), self._optional(guard.unless)) for guard in book.guards}
        self._rules = tuple(
            _Ready(
                rule=rule,
                words=self._pattern(rule.words),
                never=self._optional(rule.never),
                guards=tuple(guards[id] for id in (guards if rule.heeds is None else rule.heeds)),
            )
            for rule in book.rules
        )

    def find(self, text: str) -> Flag | None:
        """Return the first rule, in the file's order, that a clause fits."""
        said, whole = clauses(text), [plain(text)]
        for ready in self._rules:
            if any(self._fits(ready, clause) for clause in (whole if ready.rule.across else said)):
                return Flag(level=ready.rule.level, rule=ready.rule.id)
        return None

    def without_denials(self, text: str) -> str | None:
        """Return what is left when clauses that only deny a danger are taken out; None when none does.

        >>> ExplicitRules().without_denials("No chest pain. I need my refill")
        'i need my refill'
        """
        said = clauses(text)
        left = [clause for clause in said if not self._denies(clause)]
        return " ".join(left) if len(left) < len(said) else None

    def _denies(self, clause: str) -> bool:
        """Say whether a clause names a danger under a negation, and no danger besides."""
        if any(self._fits(ready, clause) for ready in self._rules):
            return False
        return any(
            ready.rule.negatable
            and not ready.rule.own_not
            and any(self._negated(clause[: found.start()]) for found in ready.words.finditer(clause))
            for ready in self._rules
        )

    def _fits(self, ready: _Ready, clause: str) -> bool:
        if ready.never and ready.never.search(clause):
            return False
        if any(quiet.search(clause) and not (loud and loud.search(clause)) for quiet, loud in ready.guards):
            return False
        return any(
            not (ready.rule.negatable and self._negated(clause[: found.start()]))
            and (ready.rule.own_not or not self._negation.search(self._holds.sub("", found.group())))
            for found in ready.words.finditer(clause)
        )

    def _negated(self, before: str) -> bool:
        """Say whether a negation within seven words reaches to the end of `before`."""
        near = " ".join(before.split()[-7:])
        negations = list(self._negation.finditer(near))
        return bool(negations) and not self._reset.search(near[negations[-1].end() :])

    def _pattern(self, words: tuple[str, ...]) -> re.Pattern[str]:
        joined = "|".join(f"(?:{word})" for word in words)
        return re.compile(rf"\b(?:{self._filled(joined)})\b")

    def _optional(self, words: tuple[str, ...]) -> re.Pattern[str] | None:
        return self._pattern(words) if words else None

    def _filled(self, pattern: str) -> str:
        for name, words in self._groups.items():
            pattern = pattern.replace("{" + name + "}", words)
        return pattern
