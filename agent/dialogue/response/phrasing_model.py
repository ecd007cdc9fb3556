"""Asks a model for other words, and lets none through that say anything else."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Template
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from agent.dialogue.response.faithful import Freedom, same
from agent.dialogue.understanding.openai.breaker import Breaker
from agent.dialogue.understanding.openai.chat import Answer, ChatModel, Failed, Message, Question
from agent.dialogue.understanding.openai.prices import Price, cost_of
from agent.domain.conversation import Channel
from agent.domain.errors import ConfigError
from agent.domain.model_calls import ModelCall, ModelLedger, Outcome
from agent.domain.text import SafeText

FILE = "model_phrasing.yaml"
SCHEMA: Mapping[str, Any] = {
    "type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"], "additionalProperties": False,
}  # fmt: skip


class PhrasingFile(BaseModel):
    """A language's file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(ge=1)
    why: str
    blanks: tuple[str, ...]
    text: str
    acts: frozenset[str]
    interjections: tuple[str, ...]
    same: tuple[tuple[str, ...], ...]

    @model_validator(mode="after")
    def _can_be_used(self) -> "PhrasingFile":
        blanks = Template(self.text)
        if not blanks.is_valid():
            raise ValueError("a dollar sign in `text` starts a blank; write $$ for a dollar")
        if not set(blanks.get_identifiers()) == set(self.blanks) == {"interjections", "same"}:
            raise ValueError("the blanks of `text` and of `blanks` are interjections and same, both")
        _ = self.freedom
        return self

    @cached_property
    def freedom(self) -> Freedom:
        """What may change."""
        return Freedom(interjections=self.interjections, same=self.same)

    def prompt(self) -> str:
        """Return the fixed part of the prompt."""
        lines = "\n".join(f"    {' / '.join(group)}" for group in self.same)
        return Template(self.text).substitute(interjections=", ".join(self.interjections), same=lines)


def read_phrasing(folder: Path, lang: str) -> PhrasingFile:
    """Read a language's file. Raises ConfigError."""
    path = folder / lang / FILE
    try:
        return PhrasingFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as wrong:
        raise ConfigError("this prompt cannot be read", file=path) from wrong
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise ConfigError(str(first["msg"]), file=path, key=".".join(map(str, first["loc"]))) from None


class ModelPhrasing:
    """Phrases for all conversations; `bound` gives one of them its ledger."""

    def __init__(
        self, chat: ChatModel, folder: Path, languages: Sequence[str], *, model: str, seconds: float,
        price: Price | None = None, now: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._chat, self._model, self._seconds, self._price, self._now = chat, model, seconds, price, now
        self._files = {lang: read_phrasing(folder, lang) for lang in languages}
        self._breaker = Breaker(now, f"{model} (phrasing)")

    def bound(self, ledger: ModelLedger) -> "BoundPhrasing":
        """Return the phrasing of one conversation."""
        return BoundPhrasing(whole=self, ledger=ledger)

    def may(self, acts: tuple[str, ...], lang: str) -> bool:
        """See Phrasing."""
        return bool(acts) and lang in self._files and set(acts) <= self._files[lang].acts

    async def phrase(self, reply: SafeText, *, lang: str, channel: Channel, ledger: ModelLedger) -> SafeText | None:
        """See Phrasing."""
        if not self._breaker.lets():
            return None
        began, outcome, answer = self._now(), "cancelled", None  # type: tuple[float, Outcome, Answer | None]
        try:
            answer = await self._chat.ask(self._question(reply, lang, channel))
            self._breaker.worked()
            text = _text_of(answer.text)
            outcome = "invalid" if text is None else "rejected"
            if text is None or not same(reply, text, self._files[lang].freedom):
                return None
            outcome = "used"
            return SafeText(text)
        except Failed as failure:
            outcome = failure.outcome
            self._breaker.failed(failure)
            return None
        except asyncio.CancelledError:
            self._breaker.failed(Failed("cancelled"))
            raise
        finally:
            self._record(lang, outcome, self._now() - began, answer, ledger)

    def _question(self, reply: str, lang: str, channel: Channel) -> Question:
        asked = json.dumps({"language": lang, "channel": channel, "text": reply}, ensure_ascii=False)
        messages = (Message(role="system", text=self._files[lang].prompt()), Message(role="user", text=asked))
        return Question(
            model=self._model, messages=messages, name="phrasing", schema=SCHEMA, first=self._seconds,
            whole=self._seconds,
        )  # fmt: skip

    def _record(
        self, lang: str, outcome: Outcome, seconds: float, answer: Answer | None, ledger: ModelLedger
    ) -> None:  # fmt: skip
        tokens_in, tokens_out = (answer.tokens_in, answer.tokens_out) if answer else (None, None)
        ledger.note(
            ModelCall(
                purpose="phrasing", prompt=f"{lang}/model_phrasing v{self._files[lang].version}", model=self._model,
                outcome=outcome, ms=round(seconds * 1_000), tokens_in=tokens_in, tokens_out=tokens_out,
                cost=cost_of(self._price, tokens_in, tokens_out),
            )
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class BoundPhrasing:
    """Implements `Phrasing` for one conversation."""

    whole: ModelPhrasing
    ledger: ModelLedger

    def may(self, acts: tuple[str, ...], lang: str) -> bool:
        """See Phrasing."""
        return self.whole.may(acts, lang)

    async def phrase(self, reply: SafeText, *, lang: str, channel: Channel) -> SafeText | None:
        """See Phrasing."""
        return await self.whole.phrase(reply, lang=lang, channel=channel, ledger=self.ledger)


def _text_of(answer: str) -> str | None:
    """Return the text of an answer in the form asked for; None of any other."""
    try:
        content = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    text = content.get("text") if isinstance(content, dict) and set(content) == {"text"} else None
    return text.strip() if isinstance(text, str) else None
