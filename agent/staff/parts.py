"""What the staff console is made of; `agent.app` puts it together."""

from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from agent.domain.clock import Clock
from agent.domain.model_calls import ModelStanding
from agent.domain.ports import Transfers
from agent.staff.takeover import TakeOver
from agent.staff.words import TakeoverWords
from agent.storage.audit import Audit
from agent.storage.calls import Calls
from agent.storage.conversations import Conversations
from agent.storage.events import Events
from agent.storage.model_calls import ModelCalls
from agent.storage.switches import Switches
from agent.storage.tickets import SqlTickets
from agent.storage.users import Users


@dataclass(frozen=True, kw_only=True)
class DemoSignIn:
    """The account a demo makes and shows on its sign-in page."""

    name: str
    password: str


@dataclass(frozen=True, kw_only=True)
class StaffParts:
    """Storage, the practice's name and zone, and what the pages must say.

    `reviewed` is False while red-flag rules run that no clinician has reviewed. `https` says that patients and staff
    reach us by https, so cookies are sent over nothing else. `origins` are allowed besides our own address.
    `models` says how the language models of the settings stand, in the order they are asked; nothing without one.
    """

    practice: str
    zone: ZoneInfo
    clock: Clock
    users: Users
    tickets: SqlTickets
    conversations: Conversations
    switches: Switches
    events: Events
    audit: Audit
    words: TakeoverWords
    reviewed: bool
    calls: Calls | None = None
    model_calls: ModelCalls | None = None
    models: Callable[[], tuple[ModelStanding, ...]] = tuple
    transfers: Transfers | None = None
    demo: DemoSignIn | None = None
    https: bool = False
    origins: frozenset[str] = field(default_factory=frozenset)

    @property
    def takeover(self) -> TakeOver:
        """What staff does in the place of the agent."""
        return TakeOver(
            clock=self.clock, conversations=self.conversations, tickets=self.tickets, users=self.users,
            audit=self.audit, words=self.words,
        )  # fmt: skip
