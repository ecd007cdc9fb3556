"""What `careline eval --understanding openai` talks to: the operator's model, a cassette, or a server of our own."""

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.dialogue.understanding.openai.budget import budgets
from agent.dialogue.understanding.openai.chat import ChatModel
from agent.dialogue.understanding.openai.client import OpenAIChat
from agent.dialogue.understanding.openai.opening import open_chat, plan_of
from agent.dialogue.understanding.openai.prompting import Prompts
from agent.dialogue.understanding.openai.understanding import ModelUnderstanding, Plan
from agent.dialogue.understanding.tools import Understanding
from agent.domain.practice import Practice
from agent.settings import Settings, read_settings, shipped
from evals.model.cassette import Recording, Replaying
from evals.model.moods import competent, moody
from evals.model.peer import Peer
from evals.model.server import serving

CASSETTE = "CARELINE_EVAL_CASSETTE"
"""A file: played when it is there, recorded when it is not."""
OURS = Plan(models=("scripted",), budgets=budgets(chat=8.0, phone=8.0))
"""Our own server shares this machine with everything else: it is given time."""
LANGUAGES = ("en", "es")


@dataclass(frozen=True, kw_only=True)
class Staged:
    """An understanding by model, what to say of it, and how many questions a cassette could not answer."""

    understanding: ModelUnderstanding
    told: str
    missing: Callable[[], int] = lambda: 0


@asynccontextmanager
async def model_staged(local: Understanding, practices: Sequence[Practice]) -> AsyncIterator[Staged]:
    """Open what the environment asks for, for as long as the block lasts. Raises ConfigError."""
    settings, named = read_settings(), os.environ.get(CASSETTE)
    cassette = Path(named) if named else None
    async with AsyncExitStack() as undo:
        if cassette is not None and cassette.is_file():
            playing = Replaying(cassette)
            staged = _staged(playing, local, _plan(settings), f"the cassette {cassette}", lambda: playing.missing)
        else:
            chat, told = await _live(settings, local, practices, undo)
            if cassette is not None:
                chat, told = Recording(chat, cassette), f"{told}, recorded to {cassette}"
            staged = _staged(chat, local, _plan(settings), told)
        undo.push_async_callback(staged.understanding.close)
        yield staged


async def _live(
    settings: Settings, local: Understanding, practices: Sequence[Practice], undo: AsyncExitStack
) -> tuple[ChatModel, str]:
    if settings.openai_model is not None:
        return open_chat(settings), settings.openai_model
    server = await undo.enter_async_context(serving(moody(Peer(local, practices), competent)))
    return OpenAIChat(api_key="none", base_url=server.url), "a scripted server (CARELINE_OPENAI_MODEL is not set)"


def _plan(settings: Settings) -> Plan:
    return OURS if settings.openai_model is None else plan_of(settings)


def _staged(
    chat: ChatModel, local: Understanding, plan: Plan, told: str, missing: Callable[[], int] = lambda: 0
) -> Staged:
    prompts = Prompts(shipped("prompts"), LANGUAGES)
    return Staged(understanding=ModelUnderstanding(chat, local, prompts, plan), told=told, missing=missing)
