"""Keeps to the practice's periods while Careline runs: once a day, what has outlived its period is deleted."""

from datetime import date

from agent.domain.privacy import Keep
from agent.ehr.dossier import held_records
from agent.storage.open import Storage


class Periods:
    """The daily sweep of one running Careline."""

    def __init__(self, storage: Storage, keep: Keep) -> None:
        self._storage, self._keep = storage, keep
        self._done: date | None = None

    async def sweep(self) -> bool:
        """WRITE the day's deletions, unless they were done; say whether they were done now. Raises ServiceError."""
        now = self._storage.clock.now()
        if self._done == now.date():
            return False
        held = await held_records(self._storage)
        done = await self._storage.retention.sweep(self._keep, held=held, now=now)
        if done.counts:
            detail: dict[str, object] = dict(done.counts)
            await self._storage.audit.record(actor="agent", action="periods_over", subject="records", detail=detail)
        self._done = now.date()
        return True
