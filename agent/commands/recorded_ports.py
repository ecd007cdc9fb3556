# ruff: noqa: ARG002 - these ports answer the same whatever they are given
"""What a recorded dialogue is played without: texts to answer from, staff to write to, an identity to establish."""

from dataclasses import replace

from agent.dialogue.understanding.tools import (
    Args,
    GiveIdentity,
    GiveProvider,
    GiveStanding,
    GiveVisitType,
    GiveWho,
    Understanding,
    Understood,
    Utterance,
)
from agent.domain.handoff import Draft, TicketReceipt
from agent.domain.patients import Match
from agent.domain.ports import Found
from agent.domain.text import SafeText

NOT_ASKED = (GiveIdentity, GiveStanding, GiveVisitType, GiveWho)


class NoTexts:
    """Implements `Knowledge`: knows nothing."""

    async def find(self, question: SafeText, *, lang: str) -> Found:
        """Decline."""
        return Found(band="decline")


class NobodyElse:
    """Implements `Identity`: the caller counts as verified, and nobody else is known."""

    async def match(self, given: dict[str, SafeText], *, caller: dict[str, SafeText] | None = None) -> Match:
        """Find nobody."""
        return Match(outcome="none")

    async def newcomer(
        self, given: dict[str, SafeText], *, verified: bool, caller: dict[str, SafeText] | None = None
    ) -> SafeText:
        """Return a reference that stands for nobody in particular."""
        return SafeText("<PATIENT_2>")

    async def charges(self, given: dict[str, SafeText]) -> list[SafeText]:
        """Nobody is in anybody's charge."""
        return []

    async def age(self, born: SafeText) -> int | None:
        """No age is known."""
        return None

    async def lacks_year(self, born: SafeText) -> bool:
        """Every birth date is whole."""
        return False

    async def can_be_called(self, phone: SafeText) -> bool:
        """Nobody is called."""
        return True


class PaperTray:
    """Implements `DialogueTickets`: gives receipts for tickets nobody will read."""

    def __init__(self) -> None:
        self._count = 0

    async def open(self, draft: Draft, *, once: str) -> TicketReceipt:
        """Return a receipt."""
        self._count += 1
        return TicketReceipt(id=f"T-{self._count}", kind=draft.kind, due=draft.due)


class OnlyTheVisit:
    """An `Understanding` that leaves out what a recording does not ask: identity, standing, kind of visit.

    `calls` keeps the last turn's proposals for whoever follows the dialogue.
    """

    def __init__(self, understanding: Understanding, types: frozenset[str]) -> None:
        self._understanding = understanding
        self._types = types
        self.calls: tuple[Args, ...] = ()

    async def understand(self, utterance: Utterance) -> Understood:
        """Propose what the caller meant of the visit itself."""
        understood = await self._understanding.understand(utterance)
        self.calls = understood.calls
        return replace(understood, calls=tuple(call for call in understood.calls if self._counts(call)))

    def _counts(self, call: Args) -> bool:
        """The file knows types of providers only: a specialty within one excludes nobody."""
        if isinstance(call, GiveProvider) and call.provider is None:
            return call.specialty in self._types and call.gender is None and call.language is None
        return not isinstance(call, NOT_ASKED)
