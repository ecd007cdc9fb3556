"""Understanding by language models, with the local understanding under it.

local reading ─► plain answer? ─yes──────────────────────────────► local
                    │no
                    ▼
models in order ─► valid? ─no─► one repair ─► valid? ─no─► next model ... local
                    │yes
                    ▼
sure? ─no─► the dearer model, once        rules broken? ─yes─► local
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from agent.dialogue.response.phrasing_model import ModelPhrasing
from agent.dialogue.understanding.openai.asking import Asked, Asking
from agent.dialogue.understanding.openai.breaker import Breaker
from agent.dialogue.understanding.openai.budget import Budget, Patience, budgets
from agent.dialogue.understanding.openai.chat import ChatModel, Failed
from agent.dialogue.understanding.openai.guarding import broken_by, needs_no_model
from agent.dialogue.understanding.openai.hurrying import Hurry
from agent.dialogue.understanding.openai.prices import Price
from agent.dialogue.understanding.openai.prompting import Prompts
from agent.dialogue.understanding.tools import Understanding, Understood, Utterance
from agent.domain.conversation import Channel
from agent.domain.model_calls import ModelLedger, ModelStanding

log = logging.getLogger("careline.model")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Which models are asked, in order; the dearer one only when one of them is unsure; how long; at what price."""

    models: tuple[str, ...]
    dearer: str | None = None
    budgets: Mapping[Channel, Budget] = field(default_factory=lambda: budgets(chat=2.0, phone=1.2))
    prices: Mapping[str, Price] = field(default_factory=dict)


class ModelUnderstanding:
    """Implements `Understanding` for all conversations; `bound` gives one of them its own ledger."""

    def __init__(
        self,
        chat: ChatModel,
        local: Understanding,
        prompts: Prompts,
        plan: Plan,
        *,
        phrasing: ModelPhrasing | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._chat, self._local, self._prompts, self._plan, self._now = chat, local, prompts, plan, now
        self._breakers: dict[str, Breaker] = {}
        self.hurry = Hurry()
        self.phrasing = phrasing

    def bound(self, conversation: str, ledger: ModelLedger) -> "BoundUnderstanding":
        """Return the understanding of one conversation."""
        return BoundUnderstanding(whole=self, conversation=conversation, ledger=ledger)

    async def understand(self, utterance: Utterance) -> Understood:
        """Propose what the caller meant, outside any conversation: nothing is recorded."""
        return await self.read(utterance)

    def standings(self) -> tuple[ModelStanding, ...]:
        """Return how each model stands here, in the order they are asked, the dearer one last."""
        names = (*self._plan.models, *((self._plan.dearer,) if self._plan.dearer else ()))
        return tuple(self._breaker(name).standing for name in dict.fromkeys(names))

    async def close(self) -> None:
        """Close the connections."""
        await self._chat.close()

    async def read(
        self, utterance: Utterance, *, conversation: str | None = None, ledger: ModelLedger | None = None
    ) -> Understood:
        """Propose what the caller meant: a model's reading where it is valid, in time and within our rules."""
        patience = Patience(self._plan.budgets[utterance.channel], self._now)
        local = await self._local.understand(utterance)
        if needs_no_model(utterance, local):
            return local
        asking = Asking(
            chat=self._chat, prompt=self._prompts.of(utterance.lang), utterance=utterance, prices=self._plan.prices,
            ledger=ledger, now=self._now, overruled=lambda calls, intent: broken_by(calls, intent, utterance, local),
        )  # fmt: skip
        answered = await self.hurry.first(conversation, self._asked(asking, patience))
        if answered is None:
            return _noted(local, "model: the caller went on")
        if answered.understood is None:
            return replace(_noted(local, *answered.notes), concern=answered.concern)
        if answered.unsure and local.confidence > answered.understood.confidence:
            kept = _noted(local, *answered.notes, "model: less sure than the local reading")
            return replace(kept, concern=answered.understood.concern)
        return _noted(answered.understood, *answered.notes)

    async def _asked(self, asking: Asking, patience: Patience) -> Asked:
        """Ask one model after another until one answers, and the dearer one where that one is unsure."""
        best, notes = Asked(), list[str]()
        for model in self._plan.models:
            best = await self._one(asking, model, patience)
            notes += best.notes
            if best.settled:
                break
        dearer = self._plan.dearer
        if best.unsure and dearer is not None:
            second = await self._one(asking, dearer, patience)
            notes += second.notes
            best = second if second.understood is not None else best
        return replace(best, notes=tuple(notes))

    def _breaker(self, model: str) -> Breaker:
        return self._breakers.setdefault(model, Breaker(self._now, model))

    async def _one(self, asking: Asking, model: str, patience: Patience) -> Asked:
        breaker = self._breaker(model)
        if not patience.enough:
            return Asked(notes=(f"{model}: no time left",))
        if not breaker.lets():
            return Asked(notes=(f"{model}: left alone",))
        try:
            return await asking.ask(model, breaker, patience)
        except Exception as failure:  # a model is worth no turn, whatever its answer made us stumble over
            log.error("model_failed %s", type(failure).__name__)
            breaker.failed(Failed("invalid"))
            return Asked(notes=(f"{model}: failed, {type(failure).__name__}",))


@dataclass(frozen=True, kw_only=True)
class BoundUnderstanding:
    """Implements `Understanding` for one conversation."""

    whole: ModelUnderstanding
    conversation: str
    ledger: ModelLedger

    async def understand(self, utterance: Utterance) -> Understood:
        """Propose what the caller meant, and keep what was asked of models."""
        return await self.whole.read(utterance, conversation=self.conversation, ledger=self.ledger)


def _noted(understood: Understood, *notes: str) -> Understood:
    return replace(understood, notes=(*understood.notes, *notes))
