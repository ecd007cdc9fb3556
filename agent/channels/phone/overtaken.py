"""What becomes of an answer that the caller has talked over: some must be heard, some may wait, some make no sense now."""

from agent.domain.conversation import Reply

STILL_ASKING = frozenset({None, "anything_else", "safety"})
"""What a reply may ask and still be said after the caller has gone on talking; other questions have moved on."""


def must_be_said(reply: Reply) -> bool:
    """Whether the caller has to hear a reply, whatever they said meanwhile."""
    return not _goes_on(reply) or reply.alarm


def may_wait(reply: Reply) -> bool:
    """Whether a reply waits for a caller who speaks: an alarm does not."""
    return _goes_on(reply) and not reply.alarm


def moved_on(reply: Reply) -> bool:
    """Whether a reply asks something that makes no sense once the caller has said more."""
    return not must_be_said(reply) and reply.asks not in STILL_ASKING


def _goes_on(reply: Reply) -> bool:
    return reply.state == "open" and reply.connect is None
