"""What a scenario's trials came to."""

from dataclasses import dataclass, field

from evals.outcomes import Outcome


@dataclass(kw_only=True)
class Result:
    """One scenario's trials. Of a persona also how it behaves, and (turns needed, fewest possible) of each trial."""

    name: str
    purpose: str
    problems: list[list[str]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    seconds: float = 0.0
    behaviour: str = ""
    needed: list[tuple[int, int]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every trial passed: pass^n."""
        return not any(self.problems)
