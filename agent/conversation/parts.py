"""What the waist is made of."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.dialogue.desk import Desk
from agent.dialogue.response.sentences import Sentences
from agent.dialogue.state import Dialogue
from agent.domain.clock import Clock
from agent.domain.escalation import Escalation
from agent.domain.ports import Screener
from agent.domain.practice import Practice
from agent.phi.boundary import Boundary
from agent.storage.open import Storage

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the waist is made of; composed in app."""

    storage: Storage
    boundary: Boundary
    screener: Screener
    graph: "CompiledStateGraph[Dialogue, Desk, Dialogue, Dialogue]"
    desk: Callable[[str], Awaitable[Desk]]  # binds the desk to one conversation
    clock: Clock
    practice: Practice
    sentences: Sentences
    escalation: Escalation
    deadline: float  # seconds
    hurry: Callable[[str], None] | None = None  # the caller of a conversation went on: no model is waited for
