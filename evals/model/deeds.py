"""What a model server may do with a request, good or bad."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Says:
    """Streams an answer in pieces. `cut_after` breaks the connection off after so many of them, before the end."""

    text: str
    pieces: int = 5
    cut_after: int | None = None
    finish: str = "stop"
    tokens_in: int | None = 1_800
    tokens_out: int | None = 60


@dataclass(frozen=True, kw_only=True)
class Refuses:
    """Answers with an HTTP status."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = '{"error": {"message": "refused", "type": "server_error", "code": null}}'


@dataclass(frozen=True, kw_only=True)
class Hangs:
    """Takes the request and never answers."""


@dataclass(frozen=True, kw_only=True)
class Drops:
    """Closes the connection without a word."""


@dataclass(frozen=True, kw_only=True)
class Late:
    """Does something after so many seconds."""

    seconds: float
    then: "Deed"


Deed = Says | Refuses | Hangs | Drops | Late


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it came over the wire."""

    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> dict[str, Any]:
        """The request's JSON."""
        content: dict[str, Any] = json.loads(self.body)
        return content

    @property
    def model(self) -> str:
        """The model asked for."""
        return str(self.json["model"])

    @property
    def repairs(self) -> bool:
        """Whether an earlier answer is to be put right."""
        return any(message["role"] == "assistant" for message in self.json["messages"])
