"""What the phone is made of; composed in app."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from fastapi import WebSocket

from agent.channels.phone.line_texts import LineTexts
from agent.channels.phone.lines import Lines
from agent.channels.phone.timings import Timings
from agent.domain.clock import Clock
from agent.domain.conversation import Channel, Heard, Reply
from agent.domain.ports import Transfers
from agent.domain.speech import Recognizer, Voice
from agent.domain.text import ClearText, Lang
from agent.storage.calls import Calls
from agent.storage.events import Events

if TYPE_CHECKING:
    from agent.channels.phone.ear_models import EarModels
    from agent.channels.phone.services import CloudServices


class FrontDesk(Protocol):
    """What the phone needs of the waist; `agent.conversation.FrontDesk` is it."""

    async def open(
        self, *, channel: Channel, lang: Lang | None = None, caller: ClearText | None = None
    ) -> tuple[str, Reply]:
        """Begin a conversation, or resume the one that dropped; return its id and the first reply."""
        ...

    async def turn(self, conversation: str, heard: Heard) -> Reply:
        """Answer one utterance, keys, or an event."""
        ...

    async def spoken(self, conversation: str, reply_id: str, upto: int) -> None:
        """Tell how many characters of a reply the caller heard."""
        ...

    def alarming(self, words: ClearText) -> bool:
        """Say whether words that may still go on hold an emergency or a crisis in so many words. Takes no time."""
        ...

    def hurry(self, conversation: str) -> None:
        """The caller has gone on talking: the turn under way does not wait for a language model any longer."""
        ...


class Signed(Protocol):
    """Whether a socket comes from the telephone service."""

    def socket_ok(self, websocket: WebSocket) -> bool:
        """Say whether the upgrade carries a good signature for our address."""
        ...


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """What every call shares to hear and to speak: loaded at start-up."""

    models: "EarModels"
    recognizer: Recognizer | None = None  # None: a service of a vendor hears
    voice: Voice | None = None  # None: a service of a vendor speaks
    cloud: "CloudServices | None" = None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Seconds."""

    call: float = 30 * 60.0
    silence: float = 8.0
    start: float = 5.0
    unheard_mark: float = 2.0


@dataclass(kw_only=True)
class PhoneParts:
    """Everything a call needs. `hearing` is None until the models are loaded, or without the extra `voice`."""

    desk: FrontDesk
    calls: Calls
    events: Events
    clock: Clock
    lang_of: Callable[[str], Awaitable[Lang]]
    words: Mapping[Lang, LineTexts]
    hearing: Hearing | None = None
    signed: Signed | None = None
    transfers: Transfers | None = None
    hang_up: Callable[[str], Awaitable[None]] | None = None
    """Ends a call at the telephone service, by its sid."""
    lines: Lines = field(default_factory=Lines)
    limits: Limits = field(default_factory=Limits)
    timings: Timings = field(default_factory=Timings)
