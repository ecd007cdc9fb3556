"""Replies and lines as JSON, to be sealed."""

import json
from dataclasses import asdict
from typing import Any

from agent.domain.conversation import Line, Reply, Source
from agent.domain.text import ClearText


def reply_to_json(reply: Reply) -> str:
    """Write a reply out, words included: seal the result."""
    return json.dumps(
        {
            "id": reply.id,
            "text": reply.text.reveal(),
            "state": reply.state,
            "asks": reply.asks,
            "quick_replies": [words.reveal() for words in reply.quick_replies],
            "sources": [asdict(source) for source in reply.sources],
            "connect": reply.connect,
            "alarm": reply.alarm,
        }
    )


def reply_from_json(text: str) -> Reply:
    """Read a reply back."""
    body: dict[str, Any] = json.loads(text)
    return Reply(
        id=body["id"],
        text=ClearText(body["text"]),
        state=body["state"],
        asks=body["asks"],
        quick_replies=tuple(ClearText(words) for words in body["quick_replies"]),
        sources=tuple(Source(**source) for source in body["sources"]),
        connect=body.get("connect"),  # not there in what an earlier Careline kept
        alarm=body.get("alarm", False),
    )


def line_body(line: Line) -> dict[str, object]:
    """Return a line as events tell it, words included."""
    return {
        "seq": line.seq,
        "who": line.who,
        "name": line.name,
        "text": line.text.reveal(),
        "at": line.at.isoformat(),
        "asks": line.asks,
        "quick_replies": [words.reveal() for words in line.quick_replies],
        "sources": [asdict(source) for source in line.sources],
    }
