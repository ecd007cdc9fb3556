"""Which conversations a legal hold keeps, asked again and again while Careline runs."""

from collections.abc import Collection, Sequence

from agent.ehr.dossier import held_records
from agent.storage.open import Storage


class StandingHolds:
    """Reads the holds anew each time, so that one set a moment ago counts.

    What a hold on a patient keeps takes looking through every conversation; that is done once for a conversation that
    is kept, and again only when other holds stand.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._subjects: frozenset[str] = frozenset()
        self._held: frozenset[str] = frozenset()

    async def among(self, ids: Sequence[str]) -> Collection[str]:
        """READ which of these conversations are held. Raises ServiceError."""
        subjects = frozenset(hold.subject for hold in await self._storage.holds.all())
        if subjects != self._subjects:
            self._subjects, self._held = subjects, frozenset()
        if subjects and not self._held.issuperset(ids):
            self._held = (await held_records(self._storage)).conversations
        return self._held & set(ids)
