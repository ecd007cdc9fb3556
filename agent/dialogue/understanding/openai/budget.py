"""How long a model is waited for, by channel: a caller on the phone hears silence, a reader sees that we type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.domain.conversation import Channel

LEAST = 0.15
"""Seconds that must be left for another question to be worth asking."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Seconds for all that is asked in one turn, and until the first piece of an answer."""

    whole: float
    first: float


def budgets(*, chat: float, phone: float) -> Mapping[Channel, Budget]:
    """Return the budgets of all channels; an answer that has not begun after two thirds is not waited for.

    >>> budgets(chat=2.0, phone=1.2)["phone"].whole
    1.2
    """
    by_text, by_voice = Budget(whole=chat, first=chat * 2 / 3), Budget(whole=phone, first=phone * 2 / 3)
    return {"chat": by_text, "terminal": by_text, "phone": by_voice}


class Patience:
    """What is left of a budget."""

    def __init__(self, budget: Budget, now: Callable[[], float]) -> None:
        self._budget, self._now = budget, now
        self._until = now() + budget.whole

    @property
    def left(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._until - self._now())

    @property
    def first(self) -> float:
        """Seconds in which the next answer must begin."""
        return min(self._budget.first, self.left)

    @property
    def enough(self) -> bool:
        """Whether another question is worth asking."""
        return self.left >= LEAST
