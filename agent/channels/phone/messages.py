"""The messages of the media socket, in and out. Needs nothing of the voice extra."""

import json
from typing import Any


def read_message(data: str | bytes) -> dict[str, Any]:
    """Return a message of the wire as a mapping; an empty one when it is none."""
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def mark(stream_sid: str, name: str) -> dict[str, Any]:
    """Return the message that asks the far end to say when it has played everything before it."""
    return {"event": "mark", "streamSid": stream_sid, "mark": {"name": name}}


def caption(who: str, words: str) -> dict[str, Any]:
    """Return the message that shows words to a browser."""
    return {"event": "caption", "who": who, "text": words}
