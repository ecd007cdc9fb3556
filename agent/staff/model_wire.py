"""What language models were asked, and how they stand, as the console's pages get it. Never a word of what was said."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from agent.domain.model_calls import ModelCall, ModelStanding, Outcome, Purpose


class ModelCallOut(BaseModel):
    """One request. Tokens are null where the server told none; `cost` in US dollars, null where it is not known."""

    purpose: Purpose
    model: str
    prompt: str
    outcome: Outcome
    ms: int
    tokens_in: int | None
    tokens_out: int | None
    cost: float | None


class SpentOut(BaseModel):
    """What models were asked in a conversation. `cost` is that of all calls but the `unpriced` ones."""

    calls: int
    tokens: int
    cost: float
    unpriced: int
    asked: list[ModelCallOut]


class ModelOut(BaseModel):
    """A model of the settings, seen from this process. `why` is how it failed last, null while it answers.

    `detail` is a status or an error's class name, e.g. ``404``.
    """

    model: str
    state: Literal["asked", "failing", "left_alone"]
    why: Outcome | None
    detail: str


def spent_out(calls: Sequence[ModelCall]) -> SpentOut | None:
    """Put on the wire what models were asked, the first first; None when they were not."""
    if not calls:
        return None
    costs = [call.cost for call in calls if call.cost is not None]
    return SpentOut(
        calls=len(calls), tokens=sum((call.tokens_in or 0) + (call.tokens_out or 0) for call in calls),
        cost=float(sum(costs)), unpriced=len(calls) - len(costs), asked=[_call_out(call) for call in calls],
    )  # fmt: skip


def model_out(standing: ModelStanding) -> ModelOut:
    """Put on the wire how a model stands."""
    state: Literal["asked", "failing", "left_alone"] = (
        "left_alone" if standing.left_alone else "asked" if standing.failed is None else "failing"
    )
    return ModelOut(model=standing.model, state=state, why=standing.failed, detail=standing.detail)


def _call_out(call: ModelCall) -> ModelCallOut:
    return ModelCallOut(
        purpose=call.purpose, model=call.model, prompt=call.prompt, outcome=call.outcome, ms=call.ms,
        tokens_in=call.tokens_in, tokens_out=call.tokens_out, cost=None if call.cost is None else float(call.cost),
    )  # fmt: skip
