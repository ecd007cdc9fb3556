"""What answers Twilio's webhooks; composed where the phone's routes are made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from agent.channels.phone.help import Helping
from agent.channels.phone.signatures import Signatures
from agent.domain.clock import Clock
from agent.domain.conversation import Heard, Reply
from agent.domain.practice import Practice
from agent.storage.calls import Calls
from agent.storage.conversations import Conversations
from agent.storage.switches import Switches


class Turns(Protocol):
    """What a webhook needs of the waist."""

    async def turn(self, conversation: str, heard: Heard) -> Reply:
        """Answer an event. Raises CallerError, ServiceError."""
        ...


@dataclass(frozen=True, kw_only=True)
class Reception:
    """The parts. `answers` says whether the agent can take another call now; `voice` whether it can speak at all."""

    signatures: Signatures
    public_url: str | None
    practice: Practice
    clock: Clock
    calls: Calls
    conversations: Conversations
    switches: Switches
    desk: Turns
    helping: Helping
    answers: Callable[[], bool]
    voice: Callable[[], bool]
