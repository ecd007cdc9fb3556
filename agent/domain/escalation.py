"""What is said and who is called when a red flag or a hand-over comes up. Shapes are those of escalation.yaml.

Reading the file, and telling the operator which line is wrong, is `agent.practice_folder`'s work.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from agent.domain.practice import Strict
from agent.domain.safety import Level
from agent.domain.text import Lang

RuleId = Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")]
Sentence = Annotated[str, Field(min_length=1, max_length=600)]
CallNumber = Annotated[str, Field(pattern=r"^(front_desk|nurse|on_call|911|988|1-8\d\d-\d{3}-\d{4}|\+[1-9]\d{6,14})$")]
"""A key of practice.yaml's `phones`, or a public number."""
When = Literal["staffed", "closed", "any"]


class Entry(Strict):
    """What is said and who is called, who answers for it, and which clinician reviewed it: null means nobody yet."""

    id: RuleId
    says: dict[Lang, Sentence]
    phone: CallNumber
    owner: str = Field(min_length=1)
    reviewed_by: str | None = None
    reviewed_on: date | None = None

    @model_validator(mode="after")
    def _reviewed_by_somebody_on_some_day(self) -> "Entry":
        if (self.reviewed_by is None) != (self.reviewed_on is None):
            raise ValueError("reviewed_by and reviewed_on are given together or not at all")
        return self


class RedFlag(Entry):
    """What is said for a family of red-flag rules, e.g. `poison` for `poison.swallowed`.

    For level `ask`, `says` is the safety question, put so that yes means danger.
    """

    level: Level


class HandOver(Entry):
    """What is said when a person takes over; `when` says at which hours."""

    when: When = "any"


class Escalation(Strict):
    """The whole file. Every level has a `default.<level>`, so that every rule finds something to say."""

    red_flags: tuple[RedFlag, ...]
    hand_over: tuple[HandOver, ...]

    @model_validator(mode="after")
    def _complete(self) -> "Escalation":
        ids = [entry.id for entry in (*self.red_flags, *self.hand_over)]
        for entry in (*self.red_flags, *self.hand_over):
            if "en" not in entry.says:
                raise ValueError(f"{entry.id} says nothing in English")
        for id in ids:
            if ids.count(id) > 1:
                raise ValueError(f"two entries are called {id!r}")
        for level in ("911", "988", "urgent", "ask"):
            if not any(flag.id == f"default.{level}" and flag.level == level for flag in self.red_flags):
                raise ValueError(f"default.{level} is missing, or has another level")
        return self

    def entry(self, rule: str, level: str) -> RedFlag:
        """Return the entry of this level with the longest prefix of the rule's name, else `default.<level>`."""
        parts = rule.split(".")
        same = {entry.id: entry for entry in self.red_flags if entry.level == level}
        for length in range(len(parts), 0, -1):
            if found := same.get(".".join(parts[:length])):
                return found
        return same[f"default.{level}"]

    def has(self, id: str) -> bool:
        """Say whether there is an entry of this name."""
        return any(entry.id == id for entry in (*self.red_flags, *self.hand_over))

    def words(self, id: str, lang: str) -> str:
        """Return what an entry says in a language, English when it has no other; KeyError when there is no such entry."""
        for entry in (*self.red_flags, *self.hand_over):
            if entry.id == id:
                return next(
                    (said for name, said in entry.says.items() if name == lang.partition("-")[0]), entry.says["en"]
                )
        raise KeyError(id)

    @property
    def unreviewed(self) -> tuple[str, ...]:
        """The ids no clinician has reviewed, in the file's order."""
        return tuple(entry.id for entry in (*self.red_flags, *self.hand_over) if entry.reviewed_by is None)

    def missing(self, languages: tuple[Lang, ...]) -> tuple[str, ...]:
        """Return `id: language` for each sentence a practice's languages need and the file does not have."""
        entries = (*self.red_flags, *self.hand_over)
        return tuple(f"{entry.id}: {lang}" for entry in entries for lang in languages if lang not in entry.says)


def read_escalation(data: dict[str, object]) -> Escalation:
    """Return the rules from the file's content. Raises pydantic.ValidationError naming the keys that are wrong."""
    return Escalation.model_validate(data)
