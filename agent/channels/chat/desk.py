"""What the chat needs of the waist; `agent.conversation.FrontDesk` is it."""

from typing import Protocol

from agent.domain.conversation import Channel, Heard, Reply, Transcript
from agent.domain.text import Lang


class FrontDesk(Protocol):
    """One turn after another, for each conversation."""

    async def open(self, *, channel: Channel, lang: Lang | None = None) -> tuple[str, Reply]:
        """Begin a conversation; return its id, an unguessable capability, and the first reply."""
        ...

    async def turn(self, conversation: str, heard: Heard) -> Reply:
        """Answer one utterance. Raises UnknownConversation, ConversationEnded, QueueFull."""
        ...

    async def transcript(self, conversation: str) -> Transcript | None:
        """Return the conversation as the patient saw it, or None."""
        ...

    async def leave(self, conversation: str) -> None:
        """The patient is gone."""
        ...
