"""Figures over persona trials: pass^n, and turns per success against the shortest possible, by behaviour."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.personas.running import Trial


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a group of personas came to. A persona passes when all its trials do."""

    personas: int
    passed: int
    trials: int
    trials_passed: int
    turns: float
    shortest: float

    @property
    def pass_all(self) -> float:
        """The share of personas that passed in every trial: pass^n."""
        return self.passed / self.personas

    def line(self, name: str) -> str:
        """Return the figures as a line of a table."""
        ratio = self.turns / self.shortest if self.shortest else 0.0
        return (
            f"{name:22} {self.passed:3}/{self.personas:<3} {self.pass_all:5.3f}   {self.trials_passed:3}/{self.trials:<4}"
            f" {self.turns:5.1f} {self.shortest:5.1f} {ratio:5.2f}"
        )


HEAD = f"{'behaviour':22} {'pass in every trial':15} {'trials':8} turns least ratio"


def figures(trials: Sequence[Sequence[Trial]]) -> Figures:
    """Return the figures of personas, each with its trials. Turns are means over the trials that succeeded."""
    every = [trial for one in trials for trial in one]
    good = [trial for trial in every if not trial.problems]
    return Figures(
        personas=len(trials),
        passed=sum(not any(trial.problems for trial in one) for one in trials),
        trials=len(every),
        trials_passed=len(good),
        turns=sum(trial.turns for trial in good) / max(1, len(good)),
        shortest=sum(trial.shortest for trial in good) / max(1, len(good)),
    )


def table(trials: Mapping[str, tuple[str, Sequence[Trial]]]) -> list[str]:
    """Return one line for each behaviour, and one for all, of personas given as (behaviour, trials) by name."""
    groups: dict[str, list[Sequence[Trial]]] = defaultdict(list)
    for behaviour, one in trials.values():
        groups[behaviour].append(one)
    lines = [HEAD, *(figures(group).line(name) for name, group in sorted(groups.items()))]
    return [*lines, figures([one for _, one in trials.values()]).line("all")]
