"""The figures that are asked of recognition: what is held, what is aimed at, on text nobody had seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.phi.counting import Count


@dataclass(frozen=True, kw_only=True)
class Floor:
    """One figure: what it is, its value, the floor and the goal. `at_most` turns floor and goal into ceilings."""

    name: str
    value: float
    floor: float
    goal: float
    at_most: bool = False

    @property
    def verdict(self) -> str:
        """Return "goal", "held" or "MISSED"."""
        sign = -1 if self.at_most else 1
        if sign * self.value >= sign * self.goal:
            return "goal"
        return "held" if sign * self.value >= sign * self.floor else "MISSED"

    def row(self) -> str:
        """Return a row of a table."""
        return f"| {self.name} | {self.value:.3f} | {self.floor:g} | {self.goal:g} | {self.verdict} |"


def floors(count: Count) -> Sequence[Floor]:
    """Return every figure that needs no clock."""
    return (
        Floor(name="recall", value=count.recall, floor=0.90, goal=0.97),
        Floor(name="recall in lower case", value=count.share("style low"), floor=0.87, goal=0.95),
        Floor(name="recall of numbers, mail and ids", value=count.share("numbers, mail and ids"), floor=0.93, goal=0.99),
        Floor(name="precision", value=count.precision, floor=0.85, goal=0.92),
        Floor(name="booking facts damaged", value=count.damaged / max(1, count.kept), floor=0.04, goal=0.01, at_most=True),
        Floor(name="worst region below all names", value=count.furthest_region()[1], floor=0.12, goal=0.05, at_most=True),
    )  # fmt: skip


def table(count: Count, p95: float) -> list[str]:
    """Return all figures as a table; `p95` in milliseconds of CPU."""
    slow = Floor(name="p95 ms", value=p95, floor=35.0, goal=35.0, at_most=True)
    return [
        "| figure | here | floor | goal | |",
        "|---|---|---|---|---|",
        *(one.row() for one in (*floors(count), slow)),
    ]
