"""One model asked about one turn: the question, the check of its answer, one repair, and a record of each request."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.dialogue.understanding.openai.breaker import Breaker
from agent.dialogue.understanding.openai.budget import Patience
from agent.dialogue.understanding.openai.chat import Answer, ChatModel, Failed, Message, Question
from agent.dialogue.understanding.openai.prices import Price, cost_of
from agent.dialogue.understanding.openai.prompting import Prompt, turn_message
from agent.dialogue.understanding.openai.schema import NAME, answer_schema
from agent.dialogue.understanding.openai.validating import Invalid, Proposed, read_answer
from agent.dialogue.understanding.tools import Args, Intent, Understood, Utterance
from agent.domain.model_calls import ModelCall, ModelLedger, Outcome
from agent.domain.safety import Level

LONGEST_QUOTED = 2_000
"""Characters of an invalid answer that a model is shown again."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What came of asking. Nothing understood: the next model, or the local reading, decides."""

    understood: Understood | None = None
    unsure: bool = False
    overruled: bool = False
    concern: Level | None = None  # of an answer that was overruled: a red flag is heard all the same
    notes: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether no other model need be asked because this one failed."""
        return self.understood is not None or self.overruled


@dataclass(frozen=True, kw_only=True)
class Asking:
    """One turn's question. `overruled` says which of our rules some proposals break."""

    chat: ChatModel
    prompt: Prompt
    utterance: Utterance
    prices: Mapping[str, Price]
    ledger: ModelLedger | None
    now: Callable[[], float]
    overruled: Callable[[tuple[Args, ...], Intent], str | None]

    async def ask(self, model: str, breaker: Breaker, patience: Patience) -> Asked:
        """Ask, and ask once more when the answer is invalid and there is time."""
        messages = (self.prompt.system(self.utterance.practice), turn_message(self.utterance))
        try:
            text, found = await self._try(model, messages, breaker, patience)
            if isinstance(found, Asked):
                return found
            if not patience.enough:
                return Asked(notes=(_note(model, found),))
            again = (
                *messages,
                Message(role="assistant", text=text[:LONGEST_QUOTED]),
                self.prompt.repair(found.reasons),
            )
            _, repaired = await self._try(model, again, breaker, patience)
        except Failed as failure:
            breaker.failed(failure)
            detail = f" {failure.detail}" if failure.detail else ""
            return Asked(notes=(f"{model}: {failure.outcome}{detail}",))
        return repaired if isinstance(repaired, Asked) else Asked(notes=(_note(model, found), _note(model, repaired)))

    async def _try(
        self, model: str, messages: tuple[Message, ...], breaker: Breaker, patience: Patience
    ) -> tuple[str, Asked | Invalid]:
        """Make one request and record how it went. Raises Failed."""
        began, outcome, answer = self.now(), "cancelled", None  # type: tuple[float, Outcome, Answer | None]
        try:
            answer = await self.chat.ask(self._question(model, messages, patience))
            breaker.worked()
            try:
                asked = self._read(model, answer)
            except Invalid as invalid:
                outcome = "invalid"
                return answer.text, invalid
            outcome = "overruled" if asked.overruled else "unsure" if asked.unsure else "used"
            return answer.text, asked
        except Failed as failure:
            outcome = failure.outcome
            raise
        except asyncio.CancelledError:
            breaker.failed(Failed("cancelled"))
            raise
        finally:
            self._record(model, outcome, self.now() - began, answer)

    def _question(self, model: str, messages: tuple[Message, ...], patience: Patience) -> Question:
        return Question(
            model=model, messages=messages, name=NAME, schema=answer_schema(self.utterance.practice),
            first=patience.first, whole=patience.left,
        )  # fmt: skip

    def _read(self, model: str, answer: Answer) -> Asked:
        proposed, calls = read_answer(answer.text, self.utterance)
        if (rule := self.overruled(calls, proposed.intent)) is not None:
            return Asked(overruled=True, concern=proposed.concern, notes=(f"{model}: overruled, {rule}",))
        return Asked(understood=self._understood(model, proposed, calls), unsure=proposed.sure == "unsure")

    def _understood(self, model: str, proposed: Proposed, calls: tuple[Args, ...]) -> Understood:
        return Understood(
            intent=proposed.intent, confidence=proposed.confidence, next=proposed.next, calls=calls, by=model,
            concern=proposed.concern,
            notes=(self.prompt.id, proposed.sure),
        )  # fmt: skip

    def _record(self, model: str, outcome: Outcome, seconds: float, answer: Answer | None) -> None:
        if self.ledger is None:
            return
        tokens_in, tokens_out = (answer.tokens_in, answer.tokens_out) if answer else (None, None)
        self.ledger.note(
            ModelCall(
                purpose="understanding", prompt=self.prompt.id, model=model, outcome=outcome,
                ms=round(seconds * 1_000), tokens_in=tokens_in, tokens_out=tokens_out,
                cost=cost_of(self.prices.get(model), tokens_in, tokens_out),
            )
        )  # fmt: skip


def _note(model: str, invalid: Invalid) -> str:
    return f"{model}: invalid, {', '.join(invalid.reasons)}"
