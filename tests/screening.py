"""The red-flag screen with its real model, loaded once, for the tests."""

import json
from functools import cache
from pathlib import Path
from typing import Any, cast

from agent.domain.ports import Encoder
from agent.domain.text import ClearText
from agent.encoder.e5 import E5
from agent.encoder.lower import lower
from agent.encoder.minilm import MiniLM
from agent.safety.screen import RedFlagScreen

DATA = Path(__file__).parents[1] / "evals" / "data"
ALARMS = ("911", "988")


@cache
def screen() -> RedFlagScreen:
    """Return the screen as Careline runs it."""
    return RedFlagScreen(encoders(), lower())


@cache
def encoders() -> tuple[Encoder, ...]:
    """Return the encoders the model was trained with."""
    return cast(Encoder, MiniLM()), cast(Encoder, E5())


def level(text: str, prev: str | None = None, lang: str = "en") -> str | None:
    """Return the level an utterance raises."""
    flag = screen().screen(ClearText(text), prev=prev, lang=lang)
    return flag.level if flag else None


def rule(text: str, prev: str | None = None) -> str | None:
    """Return the rule an utterance raises."""
    flag = screen().screen(ClearText(text), prev=prev)
    return flag.rule if flag else None


def rows(name: str) -> list[dict[str, Any]]:
    """Return the rows of a file of phrases."""
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
