"""What the graph may use in a turn: LangGraph's context. Ports, the practice's facts, its words and rules."""

from dataclasses import dataclass

from agent.dialogue.refusals.kinds import Recogniser
from agent.dialogue.response.phrasing import Phrasing
from agent.dialogue.response.sentences import Sentences
from agent.dialogue.understanding.tools import Understanding
from agent.domain.escalation import Escalation
from agent.domain.ports import DialogueSchedule, DialogueTickets, Identity, Knowledge
from agent.domain.practice import Practice


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The front desk of one practice, bound to one conversation by its gateways."""

    practice: Practice
    escalation: Escalation
    sentences: Sentences
    understanding: Understanding
    knowledge: Knowledge
    identity: Identity
    schedule: DialogueSchedule
    tickets: DialogueTickets
    phrasing: Phrasing | None = None  # puts answers into other words; off by default
    refusals: Recogniser | None = None  # None: only the understanding tells what must be declined
    everything_to_people: bool = False  # staff's switch
    staffed: bool | None = None  # staff's word on whether a person can answer now; None: opening hours decide
