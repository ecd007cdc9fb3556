"""The shapes of the ids that Careline gives out.

People type their names and numbers anywhere, into addresses too. What has not the shape of an id is none, and is not
asked for: what a database is asked may stand in its log.
"""

import hashlib
import re
import secrets

_CONVERSATION = re.compile(r"[A-Za-z0-9_-]{32}")
_TICKET = re.compile(r"T-[0-9a-f]{10}")


def new_conversation_id() -> str:
    """Make the id of a conversation: 192 random bits."""
    return secrets.token_urlsafe(24)


def new_ticket_id() -> str:
    """Make the id of a ticket."""
    return f"T-{secrets.token_hex(5)}"


def is_conversation_id(text: str) -> bool:
    """Say whether a conversation could have this id."""
    return _CONVERSATION.fullmatch(text) is not None


def is_ticket_id(text: str) -> bool:
    """Say whether a ticket could have this id."""
    return _TICKET.fullmatch(text) is not None


def kept_client_id(conversation: str, client_id: str) -> str:
    """Return what is kept of the id that a page gave its message: equal for equal ones, and none of its words."""
    return hashlib.sha256(f"{conversation}:{client_id}".encode(errors="surrogatepass")).hexdigest()
