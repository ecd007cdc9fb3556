"""What one item of a caller's identity says of one patient."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fit:
    """How an item fits, in natural-log points against chance.

    `exact`: this very value was understood. `against`: another value was understood, beyond mishearing.
    `firm`: exact, and nothing else was understood as well.
    """

    points: float = 0.0
    exact: bool = False
    against: bool = False
    firm: bool = False


NOTHING = Fit()
"""An item that was not given, or that the chart does not hold: neither for nor against."""
