"""The schedule of a recorded dialogue: everybody free from nine to six, but for the times that were taken."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from agent.commands.recorded_practice import VISIT
from agent.domain.errors import OutsideRules, SlotTaken
from agent.domain.practice import Practice
from agent.domain.scheduling import Book, Proposal, Receipt, Slot, SlotQuery, Visit
from agent.domain.text import SafeText

FIRST, LAST = time(9), time(17, 60 - VISIT.minutes)
STEP = timedelta(minutes=VISIT.minutes)


class RecordedSchedule:
    """Implements `DialogueSchedule` in memory for one caller. Times are the wall's, kept as UTC."""

    def __init__(self, practice: Practice, taken: set[tuple[str, datetime]]) -> None:
        """Start empty but for the (provider, start) pairs that are taken."""
        self._place = {person.id: next(iter(person.hours)) for person in practice.providers}
        self._taken = taken
        self.booked: list[Visit] = []

    async def open_slots(self, query: SlotQuery) -> list[Slot]:
        """READ the free slots that fit, earliest first."""
        people = query.providers or tuple(self._place)
        found: list[Slot] = []
        for start in sorted(query.starts) or self._grid(query):
            for person in people:
                slot = self.slot(person, start)
                if self.is_free(slot) and (not query.locations or slot.location in query.locations):
                    found.append(slot)
            if len(found) >= query.limit:
                break
        return found[: query.limit]

    async def visits(self, patient: SafeText) -> list[Visit]:
        """READ what was booked in this dialogue."""
        return [visit for visit in self.booked if visit.patient == patient]

    async def hold(self, slots: Sequence[Slot], *, until: datetime) -> None:  # noqa: ARG002 - nobody waits for the time
        """Nobody else books here: a hold only finds out whether the times are free."""
        if not all(self.is_free(slot) for slot in slots):
            raise SlotTaken("slot_taken")

    async def commit(self, proposal: Proposal) -> list[Receipt]:
        """WRITE bookings; nothing that was booked elsewhere can be moved or cancelled."""
        books = [write for write in proposal.writes if isinstance(write, Book)]
        if len(books) < len(proposal.writes):
            raise OutsideRules("not_this_patients_visit")
        await self.hold([write.slot for write in books], until=datetime.now(UTC))
        return [self._book(write) for write in books]

    async def done(self, proposal: Proposal) -> list[Receipt] | None:  # noqa: ARG002 - no write here is ever in doubt
        """Nothing is in doubt: no turn of a recorded dialogue fails after its write."""
        return None

    def slot(self, person: str, start: datetime) -> Slot:
        """Return the slot of a provider at a start."""
        return Slot(
            start=start, minutes=VISIT.minutes, provider=person, location=self._place[person], visit_type=VISIT.id
        )

    def _book(self, write: Book) -> Receipt:
        number = len(self.booked) + 1
        visit = Visit(
            id=f"<VISIT_{number}>", patient=write.patient, provider=write.slot.provider, location=write.slot.location,
            visit_type=write.slot.visit_type, start=write.slot.start, minutes=write.slot.minutes,
        )  # fmt: skip
        self.booked.append(visit)
        return Receipt(id=f"R-{number}", kind="book", visit=visit)

    def is_free(self, slot: Slot) -> bool:
        """Say whether the provider works then and has nobody else."""
        local = slot.start.astimezone(UTC)
        if not FIRST <= local.time() <= LAST:
            return False
        busy = [start for person, start in self._taken if person == slot.provider]
        busy += [visit.start for visit in self.booked if visit.provider == slot.provider]
        return all(abs(local - start) >= STEP for start in busy)

    def _grid(self, query: SlotQuery) -> Iterator[datetime]:
        day = query.earliest.astimezone(UTC).date()
        while datetime.combine(day, FIRST, UTC) < query.latest:
            start = datetime.combine(day, FIRST, UTC)
            while start.time() <= LAST:
                if query.earliest <= start < query.latest:
                    yield start
                start += STEP
            day += timedelta(days=1)
