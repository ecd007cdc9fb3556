"""The front desk of one conversation: the dialogue's ports, bound behind the boundary."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.app.folder import Folder
from agent.dialogue.desk import Desk
from agent.dialogue.refusals.kinds import Recogniser
from agent.dialogue.response.sentences import Sentences
from agent.dialogue.understanding.openai.understanding import ModelUnderstanding
from agent.dialogue.understanding.tools import Understanding
from agent.domain.ports import Knowledge
from agent.storage.open import Storage

if TYPE_CHECKING:
    from agent.phi.boundary import Boundary


@dataclass(frozen=True, kw_only=True)
class Desks:
    """What every conversation's desk is made of."""

    folder: Folder
    sentences: Sentences
    understanding: Understanding
    refusals: Recogniser | None
    knowledge: Knowledge
    boundary: "Boundary"
    storage: Storage

    async def of(self, conversation: str) -> Desk:
        """Bind the front desk to one conversation; staff's switches are read at every turn."""
        gateways = self.boundary.gateways(conversation)
        understanding, phrasing, ledger = self.understanding, None, self.storage.model_calls.ledger(conversation)
        if isinstance(understanding, ModelUnderstanding):
            phrasing = understanding.phrasing.bound(ledger) if understanding.phrasing else None
            understanding = understanding.bound(conversation, ledger)
        turned = await self.storage.switches.every()
        to_people, staffed = turned.get("everything_to_people"), turned.get("staffed")
        return Desk(
            practice=self.folder.practice,
            escalation=self.folder.escalation,
            sentences=self.sentences,
            understanding=understanding,
            knowledge=self.knowledge,
            identity=gateways.identity,
            schedule=gateways.schedule,
            tickets=gateways.tickets,
            phrasing=phrasing,
            refusals=self.refusals,
            everything_to_people=to_people is not None and to_people.on,
            staffed=None if staffed is None else staffed.on,
        )
