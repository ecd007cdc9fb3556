"""One request to a language model, as it is kept: what it cost and how it went. Never its words."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

Purpose = Literal["understanding", "phrasing"]
Outcome = Literal[
    "used", "invalid", "unsure", "refused", "rate_limited", "unavailable", "unauthorised", "unreachable", "slow", "cut",
    "empty", "cancelled", "rejected", "overruled",
]  # fmt: skip
"""How it went. used: it decided the turn; invalid: not a valid answer; unsure: another model was asked; refused: the
server would not take the request; unavailable: it failed (5xx); unreachable: no connection; slow: out of time; cut: the
answer broke off; cancelled: the caller went on, or the turn was over; rejected: a phrasing that changed a fact;
overruled: our own rules read the words otherwise."""


@dataclass(frozen=True, kw_only=True)
class ModelCall:
    """A request to a model. `cost` in US dollars, None without a price; tokens None where the server told none."""

    purpose: Purpose
    prompt: str  # file and version, e.g. en/model_understanding v1
    model: str
    outcome: Outcome
    ms: int
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What the models of one conversation, or of several, came to. `unpriced` calls are not in `cost`."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: Decimal = Decimal(0)
    unpriced: int = 0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            calls=self.calls + other.calls,
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            cost=self.cost + other.cost,
            unpriced=self.unpriced + other.unpriced,
        )


@dataclass(frozen=True, kw_only=True)
class ModelStanding:
    """How a configured model stands in this process.

    `failed` is how the last question failed, None when it did not; `detail` a status or an error's class name.
    """

    model: str
    failed: Outcome | None = None
    detail: str = ""
    left_alone: bool = False


class ModelLedger(Protocol):
    """Keeps what one conversation asks of models."""

    def note(self, call: ModelCall) -> None:
        """WRITE one call, in the background: the turn does not wait for it, and a failure of it is only logged."""
        ...
