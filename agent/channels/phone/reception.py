"""What answers Twilio's webhooks; composed where the phone's routes are made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from agent.channels.phone.help import Helping
from agent.channels.phone.signatures import Signatures
from agent.dialogue.response.sentences import Sentences
from agent.domain.clock import Clock
from agent.domain.conversation import Heard, Reply
from agent.domain.practice import Practice
from agent.settings import Settings, shipped
from agent.storage.calls import Calls
from agent.storage.conversations import Conversations
from agent.storage.open import Storage
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


def receive(
    settings: Settings,
    storage: Storage,
    practice: Practice,
    sentences: Sentences,
    desk: Turns,
    *,
    answers: Callable[[], bool],
    voice: Callable[[], bool],
) -> Reception:
    """Put the parts together from the operator's settings. ConfigError: sentences are missing or wrong."""
    token = settings.twilio_auth_token
    return Reception(
        signatures=Signatures(
            token.get_secret_value() if token else None, settings.public_url, account_sid=settings.twilio_account_sid
        ),
        public_url=settings.public_url,
        practice=practice,
        clock=storage.clock,
        calls=storage.calls,
        conversations=storage.conversations,
        switches=storage.switches,
        desk=desk,
        helping=Helping(settings.prompts or shipped("prompts"), practice, sentences),
        answers=answers,
        voice=voice,
    )
