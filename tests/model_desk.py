"""The model path in a test: the demo practice, a scripted server on loopback, and what was recorded of each request."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from agent.dialogue.understanding.openai.budget import budgets
from agent.dialogue.understanding.openai.client import OpenAIChat
from agent.dialogue.understanding.openai.prompting import Prompts
from agent.dialogue.understanding.openai.understanding import ModelUnderstanding, Plan
from agent.dialogue.understanding.tools import Understood, Utterance
from agent.domain.conversation import Asks, Channel
from agent.domain.model_calls import ModelCall
from agent.domain.scheduling import Slot
from agent.domain.text import SafeText
from agent.settings import shipped
from evals.model.deeds import Asked, Deed
from evals.model.moods import Mood, competent
from evals.model.peer import Peer
from evals.model.server import ModelServer, serving
from tests.understanding_desk import the_desk

ENOUGH = 20.0
"""Seconds for a model that answers, on a machine that is busy with other tests."""
LITTLE = 0.4
"""Seconds for one that never does."""


class Records(list[ModelCall]):
    """A ledger."""

    def note(self, call: ModelCall) -> None:
        """Keep one call."""
        self.append(call)

    @property
    def outcomes(self) -> list[str]:
        """How the calls went, in order."""
        return [call.outcome for call in self]


@dataclass
class ModelDesk:
    """One conversation's understanding, the server behind it, and its records."""

    server: ModelServer
    whole: ModelUnderstanding
    records: Records = field(default_factory=Records)
    conversation: str = "c-1"

    async def hears(
        self, text: str, *, asked: Asks | None = None, prev: str | None = None, offered: tuple[Slot, ...] = (),
        channel: Channel = "chat", lang: str = "en",
    ) -> Understood:  # fmt: skip
        """Return what was understood."""
        return await self.whole.bound(self.conversation, self.records).understand(
            said(text, asked=asked, prev=prev, offered=offered, channel=channel, lang=lang)
        )


def said(text: str, **more: Any) -> Utterance:
    """Return an utterance at the demo practice, on Monday 2 March 2026 at nine."""
    desk = the_desk()
    more["prev"] = SafeText(more["prev"]) if more.get("prev") else None
    task = "book" if more.get("asked") else None
    return Utterance(text=SafeText(text), now=desk.now, practice=desk.practice, task=task, **more)


def local(text: str, **more: Any) -> Understood:
    """Return what the local understanding reads."""
    return the_desk().understanding.read(said(text, **more))


@asynccontextmanager
async def model_desk(mood: Mood = competent, *, seconds: float = ENOUGH, **plan: Any) -> AsyncIterator[ModelDesk]:
    """Open a server in a mood, and an understanding that asks it."""
    desk = the_desk()
    peer = Peer(desk.understanding, [desk.practice])

    async def decides(asked: Asked) -> Deed:
        return await mood(peer, asked)

    async with opened(decides, seconds=seconds, **plan) as found:
        yield found


@asynccontextmanager
async def opened(
    decides: Callable[[Asked], Awaitable[Deed]], *, seconds: float = ENOUGH, **plan: Any
) -> AsyncIterator[ModelDesk]:
    """Open a server that decides for itself."""
    desk = the_desk()
    waits = budgets(chat=seconds, phone=seconds)
    now = plan.pop("now", None)
    async with serving(decides) as server:
        whole = ModelUnderstanding(
            OpenAIChat(api_key="sk-test", base_url=server.url), desk.understanding,
            Prompts(shipped("prompts"), ("en", "es")), Plan(**{"models": ("small",), "budgets": waits, **plan}),
            **({"now": now} if now else {}),
        )  # fmt: skip
        try:
            yield ModelDesk(server=server, whole=whole)
        finally:
            await whole.close()
