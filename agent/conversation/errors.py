"""Why an utterance is not taken."""

from agent.domain.errors import CallerError


class UnknownConversation(CallerError):
    """No conversation has this id."""


class ConversationEnded(CallerError):
    """The conversation is over; a new one may be opened."""


class QueueFull(CallerError):
    """Too many messages wait already."""
