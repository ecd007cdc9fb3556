"""From the operator's settings to the model path; nothing is loaded when no model is configured."""

from collections.abc import Sequence
from pathlib import Path

from agent.dialogue.response.phrasing_model import ModelPhrasing
from agent.dialogue.understanding.openai.budget import budgets
from agent.dialogue.understanding.openai.chat import ChatModel
from agent.dialogue.understanding.openai.prices import read_prices
from agent.dialogue.understanding.openai.prompting import Prompts
from agent.dialogue.understanding.openai.understanding import ModelUnderstanding, Plan
from agent.dialogue.understanding.tools import Understanding
from agent.domain.errors import ConfigError
from agent.settings import Settings

MOST_OF_A_TURN = 0.5
"""The part of a turn's time that waiting for models may take; the rest is for everything else."""


def open_model(
    settings: Settings, prompts: Path, languages: Sequence[str], local: Understanding
) -> ModelUnderstanding | None:
    """Return the understanding by model over the local one; None when no model is configured. Raises ConfigError."""
    if settings.openai_model is None:
        return None
    chat = open_chat(settings)
    phrasing = open_phrasing(settings, prompts, languages, chat)
    return ModelUnderstanding(chat, local, Prompts(prompts, languages), plan_of(settings), phrasing=phrasing)


def open_phrasing(settings: Settings, prompts: Path, languages: Sequence[str], chat: ChatModel) -> ModelPhrasing | None:
    """Return the phrasing by model; None unless the operator wants it. Raises ConfigError."""
    if not settings.openai_phrasing:
        return None
    plan = plan_of(settings)
    return ModelPhrasing(
        chat, prompts, languages, model=plan.models[0], seconds=settings.openai_phrasing_seconds,
        price=plan.prices.get(plan.models[0]),
    )  # fmt: skip


def open_chat(settings: Settings) -> ChatModel:
    """Return the server of the settings. Nothing is sent yet."""
    from agent.dialogue.understanding.openai.client import OpenAIChat

    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    if key is None and settings.openai_base_url is None:
        raise ConfigError(
            "a model needs CARELINE_OPENAI_API_KEY, or CARELINE_OPENAI_BASE_URL of a server without keys",
            key="CARELINE_OPENAI_MODEL",
        )
    return OpenAIChat(api_key=key, base_url=settings.openai_base_url)


def _within_a_turn(settings: Settings) -> None:
    """Raise ConfigError where a model that hangs would end the turn, instead of leaving it to the local reading."""
    for name, seconds in (
        ("openai_seconds", settings.openai_seconds),
        ("openai_phone_seconds", settings.openai_phone_seconds),
    ):
        waited = seconds + (settings.openai_phrasing_seconds if settings.openai_phrasing else 0.0)
        if waited > settings.turn_seconds * MOST_OF_A_TURN:
            raise ConfigError(
                f"models may be waited for {waited:g} s, and a turn ends after {settings.turn_seconds:g}: make this "
                f"smaller, or CARELINE_TURN_SECONDS larger",
                key=f"CARELINE_{name.upper()}",
            )


def plan_of(settings: Settings) -> Plan:
    """Return which models are asked, for how long and at what price. Raises ConfigError."""
    models = tuple(name.strip() for name in (settings.openai_model or "").split(",") if name.strip())
    if not models:
        raise ConfigError("name a model, or several in order with a comma between", key="CARELINE_OPENAI_MODEL")
    _within_a_turn(settings)
    return Plan(
        models=models,
        dearer=settings.openai_dearer_model,
        budgets=budgets(chat=settings.openai_seconds, phone=settings.openai_phone_seconds),
        prices=read_prices(settings.openai_prices, key="CARELINE_OPENAI_PRICES"),
    )
