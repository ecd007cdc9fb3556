"""The one thing asked of a model server: a JSON answer to a question. Who asks does not know which vendor answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from agent.domain.model_calls import Outcome

Schema = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """A request: messages, the schema its answer must follow, and how long one waits (seconds).

    `first` bounds the time to the first piece of the answer, `whole` the time to its last.
    """

    model: str
    messages: tuple[Message, ...]
    name: str
    schema: Schema
    first: float
    whole: float
    most_tokens: int = 500


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: the JSON as text, and what the server counted."""

    text: str
    tokens_in: int | None = None
    tokens_out: int | None = None


class Failed(Exception):
    """No answer. `retry_after` is what the server asked for, in seconds; `detail` a status or an error's class name."""

    def __init__(self, outcome: Outcome, *, retry_after: float | None = None, detail: str = "") -> None:
        super().__init__(outcome)
        self.outcome: Outcome = outcome
        self.retry_after = retry_after
        self.detail = detail


class ChatModel(Protocol):
    """A chat-completions server."""

    async def ask(self, question: Question) -> Answer:
        """Return the answer's text. Raises Failed; never waits longer than the question says."""
        ...

    async def close(self) -> None:
        """Close what connections are open."""
        ...
