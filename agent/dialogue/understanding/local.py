"""The understanding that needs no key and no network: rules for short answers, a classifier, and the practice's names.

Deterministic. A yes is proposed only where nothing else was said that would make it less than a yes.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from agent.dialogue.understanding.intents import FOLDER, IntentModel
from agent.dialogue.understanding.proposals import Proposals
from agent.dialogue.understanding.rereading import reread
from agent.dialogue.understanding.roster import Roster
from agent.dialogue.understanding.tools import Understood, Utterance
from agent.domain.ports import Encoder
from agent.domain.practice import Practice
from agent.domain.text import SafeText

LONGEST = 2_000
"""Characters read of one utterance; the rest is cut off."""


class LocalUnderstanding:
    """Implements `Understanding`. One instance serves all conversations; safe to use from several threads."""

    def __init__(self, encoders: Sequence[Encoder], *, folder: Path = FOLDER) -> None:
        self._model = IntentModel(encoders, folder)
        self._rosters: dict[int, tuple[Practice, Roster]] = {}

    async def understand(self, utterance: Utterance) -> Understood:
        """Propose what the caller meant, off the event loop."""
        return await asyncio.to_thread(self.read, utterance)

    def read(self, utterance: Utterance) -> Understood:
        """Propose what the caller meant. Costs one guess of the classifier a clause, and of each reading looked at."""
        utterance = replace(utterance, text=SafeText(utterance.text[:LONGEST]))
        return reread(utterance, self._read(utterance), self._read)

    def _read(self, utterance: Utterance) -> Understood:
        return Proposals(utterance, self._roster(utterance.practice), self._model.guess).understood()

    def _roster(self, practice: Practice) -> Roster:
        known = self._rosters.get(id(practice))
        if known is None or known[0] is not practice:
            known = self._rosters[id(practice)] = (practice, Roster(practice))
        return known[1]
