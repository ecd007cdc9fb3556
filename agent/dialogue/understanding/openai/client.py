"""Asks an OpenAI-compatible server. The only file that imports the openai SDK, and only when a model is configured."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from agent.dialogue.understanding.openai.chat import Answer, Failed, Question
from agent.domain.model_calls import Outcome

if TYPE_CHECKING:
    from openai import APIStatusError
    from openai.types.chat import ChatCompletionChunk

VENDOR = "https://api.openai.com/v1"
"""Where callers' words go when a key is set and no address: said here, so that no other setting decides it."""
LONGEST = 20_000
"""Characters of an answer after which no more is read."""
_BY_STATUS: dict[int, Outcome] = {401: "unauthorised", 403: "unauthorised", 408: "slow", 429: "rate_limited"}


class OpenAIChat:
    """Implements `ChatModel`. One per process: it keeps its connections. Never retries by itself.

    What the SDK would take from the environment (OPENAI_BASE_URL, OPENAI_ORG_ID, ...) has no effect: only what
    `careline check` shows decides who is sent what.
    """

    def __init__(self, *, api_key: str | None, base_url: str | None) -> None:
        from openai import AsyncOpenAI

        self._client: AsyncOpenAI = AsyncOpenAI(api_key=api_key or "none", base_url=base_url or VENDOR, max_retries=0)
        self._client.organization = self._client.project = None

    @property
    def address(self) -> str:
        """Where requests go."""
        return str(self._client.base_url)

    async def ask(self, question: Question) -> Answer:
        """Return the answer, read as a stream so that a slow start is seen early."""
        from httpx2 import HTTPError
        from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAIError

        failed: Failed
        reading = _Reading()
        try:
            async with asyncio.timeout(question.whole):
                return await self._read(question, reading)
        except (TimeoutError, APITimeoutError):
            failed = Failed("slow")
        except APIStatusError as refused:
            failed = _refused(refused)
        except APIConnectionError as gone:
            failed = Failed("cut" if reading.begun else "unreachable", detail=type(gone.__cause__).__name__)
        except OpenAIError as wrong:
            failed = Failed("invalid", detail=type(wrong).__name__)
        except HTTPError as broken:  # of the library below the SDK, should one come through
            failed = Failed("cut" if reading.begun else "unreachable", detail=type(broken).__name__)
        except Failed:
            raise
        except Exception as wrong:  # no chat completion at all: the SDK checks nothing, and may stumble over anything
            failed = Failed("invalid", detail=type(wrong).__name__)
        raise failed

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _read(self, question: Question, reading: "_Reading") -> Answer:
        async with asyncio.timeout(question.first) as starting:
            stream = await self._client.chat.completions.create(**_request(question))
            async with stream:
                chunks: AsyncIterator[ChatCompletionChunk] = aiter(stream)
                async for chunk in chunks:
                    starting.reschedule(None)
                    reading.begun = True
                    reading.take(chunk)
        return reading.answer()


class _Reading:
    """An answer that is coming in."""

    def __init__(self) -> None:
        self.begun = False
        self._parts: list[str] = []
        self._length = 0
        self._finish: str | None = None
        self._refused = False
        self._tokens: tuple[int | None, int | None] = (None, None)

    def take(self, chunk: "ChatCompletionChunk") -> None:
        """Take one piece."""
        if chunk.usage is not None:
            self._tokens = (chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
        for choice in chunk.choices[:1]:
            self._finish = choice.finish_reason or self._finish
            self._refused = self._refused or bool(getattr(choice.delta, "refusal", None))
            self._parts.append(choice.delta.content or "")
            self._length += len(self._parts[-1])
        if self._length > LONGEST:
            raise Failed("invalid", detail="too_long")

    def answer(self) -> Answer:
        """Return it whole; Failed when it is not."""
        if self._refused or self._finish == "content_filter":
            raise Failed("refused")
        if self._finish != "stop":
            raise Failed("cut", detail=self._finish or "no_end")
        text = "".join(self._parts)
        if not text.strip():
            raise Failed("empty")
        return Answer(text=text, tokens_in=self._tokens[0], tokens_out=self._tokens[1])


def _request(question: Question) -> dict[str, Any]:
    return {
        "model": question.model,
        "messages": [{"role": message.role, "content": message.text} for message in question.messages],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": question.name, "strict": True, "schema": dict(question.schema)},
        },
        "temperature": 0,
        "max_completion_tokens": question.most_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
        "store": False,
    }


def _refused(error: "APIStatusError") -> Failed:
    status = error.status_code
    outcome: Outcome = _BY_STATUS.get(status) or ("unavailable" if status >= 500 else "refused")
    return Failed(outcome, retry_after=_retry_after(error), detail=str(status))


def _retry_after(error: "APIStatusError") -> float | None:
    """Return the seconds a server asks to be left alone: `retry-after-ms`, or `Retry-After` in seconds."""
    headers = error.response.headers
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers[name]) * unit)
        except (KeyError, ValueError):
            continue
    return None
