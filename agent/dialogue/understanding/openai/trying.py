"""Asks every configured model one thing, as `careline check` does: whether it can be reached and answers as it must."""

import time
from datetime import datetime

from agent.dialogue.understanding.openai.chat import ChatModel, Failed, Question
from agent.dialogue.understanding.openai.opening import open_chat, plan_of
from agent.dialogue.understanding.openai.prompting import Prompts, turn_message
from agent.dialogue.understanding.openai.schema import NAME, answer_schema
from agent.dialogue.understanding.openai.validating import Invalid, read_answer
from agent.dialogue.understanding.tools import Utterance
from agent.domain.errors import ServiceDown
from agent.domain.practice import Practice
from agent.domain.text import SafeText
from agent.settings import Settings, shipped

PATIENCE = 20.0
"""Seconds: longer than in a turn, so that a slow model is told from none."""
WORDS = SafeText("What are your opening hours?")


async def try_models(settings: Settings, practice: Practice) -> str:
    """Return how each model answered; "none" without one. Raises ServiceDown naming the first that did not."""
    if settings.openai_model is None:
        return "none; callers are understood on this machine"
    plan, chat = plan_of(settings), open_chat(settings)
    prompts = Prompts(settings.prompts or shipped("prompts"), practice.languages)
    models = (*plan.models, *((plan.dearer,) if plan.dearer else ()))
    try:
        told = [await _tried(chat, prompts, practice, model) for model in models]
    finally:
        await chat.close()
    limit = min(settings.openai_seconds, settings.openai_phone_seconds)
    return ", ".join(
        f"{model} {seconds:.1f} s{_slow(seconds, limit)}" for model, seconds in zip(models, told, strict=True)
    )


async def _tried(chat: ChatModel, prompts: Prompts, practice: Practice, model: str) -> float:
    """Return how long an answer took, in seconds."""
    lang, began = practice.languages[0], time.monotonic()
    said = Utterance(text=WORDS, now=datetime.now(practice.zone), practice=practice, lang=lang)
    messages = (prompts.of(lang).system(practice), turn_message(said))
    question = Question(
        model=model, messages=messages, name=NAME, schema=answer_schema(practice), first=PATIENCE, whole=PATIENCE
    )
    why = ""
    try:
        read_answer((await chat.ask(question)).text, said)
    except Failed as failed:
        why = f"{failed.outcome} {failed.detail}".strip()
    except Invalid as invalid:
        why = f"invalid, {', '.join(invalid.reasons)}"
    if why:
        raise ServiceDown(f"model {model}", why)
    return time.monotonic() - began


def _slow(seconds: float, limit: float) -> str:
    return f" (longer than the {limit:.1f} s a caller on the phone is made to wait)" if seconds > limit else ""
