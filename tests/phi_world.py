"""The other side of the boundary for its tests: small clear ports that remember what reached them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Literal

from agent.domain.conversation import Asks, Heard
from agent.domain.handoff import Draft, TicketReceipt
from agent.domain.patients import Given, Match, Patient, Person
from agent.domain.practice import Practice
from agent.domain.privacy import Privacy
from agent.domain.scheduling import Book, Cancel, Receipt, Slot, SlotQuery, Visit, Write
from agent.domain.text import ClearText, SafeText
from agent.phi.boundary import Boundary
from agent.phi.redactor import Redactor
from agent.phi.vault_rows import VaultRow

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
OPEN = {"mon": ["08:00-17:00"], "tue": ["08:00-17:00"]}
SLOT = Slot(start=NOW + timedelta(days=3), minutes=20, provider="kim", location="main", visit_type="follow_up")


@dataclass
class StoppedClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


class MemoryRows:
    def __init__(self) -> None:
        self.rows: dict[str, dict[str, VaultRow]] = {}

    async def load(self, conversation: str) -> list[VaultRow]:
        return list(self.rows.get(conversation, {}).values())

    async def save(self, conversation: str, rows: Sequence[VaultRow], *, expires: datetime) -> None:
        self.rows.setdefault(conversation, {}).update({row.placeholder: row for row in rows})

    async def wipe(self, conversation: str) -> None:
        self.rows.pop(conversation, None)


@dataclass
class Directory:
    charts: dict[str, Patient] = field(default_factory=dict)
    asked: list[Given] = field(default_factory=list)

    async def match(self, given: Given) -> Match:
        self.asked.append(given)
        for chart in self.charts.values():
            whole = f"{chart.first} {chart.last}".casefold()
            if whole in [one.casefold() for one in given.name] and chart.born.isoformat() in given.born:
                return Match(outcome="one", patient=chart.id, score=1.0)
        return Match(outcome="none")

    async def patient(self, patient_id: str) -> Patient | None:
        return self.charts.get(patient_id)

    async def register(self, person: Person, *, once: str) -> str:
        id = f"N-{len(self.charts)}"
        self.charts[id] = Patient(id=id, first=person.first, last=person.last, born=person.born or date(1900, 1, 1))
        return id

    async def charges(self, person: Person, *, by: Literal["guardian", "carer"] = "guardian") -> list[Patient]:
        listed = {"guardian": lambda chart: chart.guardians, "carer": lambda chart: chart.carers}[by]
        return [chart for chart in self.charts.values() if person in listed(chart)]


@dataclass
class Diary:
    booked: list[Visit] = field(default_factory=list)
    commits: dict[str, list[Receipt]] = field(default_factory=dict)

    async def open_slots(self, query: SlotQuery, *, holder: str | None = None) -> list[Slot]:
        return [SLOT]

    async def visits(self, patient_id: str, *, after: datetime) -> list[Visit]:
        return [visit for visit in self.booked if visit.patient == patient_id and visit.status == "booked"]

    async def hold(self, slots: Sequence[Slot], *, holder: str, until: datetime) -> None:
        return None

    async def commit(self, writes: Sequence[Write], *, once: str, holder: str | None = None) -> list[Receipt]:
        if once not in self.commits:
            self.commits[once] = [self._do(write) for write in writes]
        return self.commits[once]

    async def done(self, once: str) -> list[Receipt] | None:
        return self.commits.get(once)

    def _do(self, write: Write) -> Receipt:
        if isinstance(write, Cancel):
            at = next(i for i, visit in enumerate(self.booked) if visit.id == write.visit)
            self.booked[at] = replace(self.booked[at], status="cancelled")
            return Receipt(id=f"R-{write.visit}", kind="cancel", visit=self.booked[at])
        slot = write.slot
        visit = Visit(
            id=f"A-{len(self.booked)}", patient=write.patient, provider=slot.provider, location=slot.location,
            visit_type=slot.visit_type, start=slot.start, minutes=slot.minutes,
        )  # fmt: skip
        self.booked.append(visit)
        self.unverified = isinstance(write, Book) and write.unverified
        return Receipt(id=f"R-{visit.id}", kind=write.kind, visit=visit)


@dataclass
class Desk:
    opened: list[Draft] = field(default_factory=list)

    async def open(self, draft: Draft, *, conversation: str | None, once: str) -> TicketReceipt:
        self.opened.append(draft)
        return TicketReceipt(id=f"T-{len(self.opened)}", kind=draft.kind, due=None)


@dataclass
class Notes:
    entries: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    charts: set[tuple[str, str]] = field(default_factory=set)

    async def note(self, conversation: str, what: str, kinds: Sequence[str], *, charts: Sequence[str] = ()) -> None:
        self.charts |= {(conversation, one) for one in charts}
        self.entries.append((conversation, what, tuple(kinds)))


def lakeside() -> Practice:
    providers = [("kim", "Dr. Hana Kim"), ("ramirez", "Dr. Luis Ramirez"), ("patel", "Dr. Asha Patel")]
    return Practice.model_validate({
        "name": "Lakeside Family Practice",
        "timezone": "America/New_York",
        "locations": [{"id": "main", "name": "Lakeside Main Street", "address": "12 Main Street, Springfield", "phone": "+12125550100", "hours": OPEN}],
        "providers": [
            {"id": id, "name": name, "specialty": "family medicine", "visit_types": ["follow_up"], "hours": {"main": OPEN}}
            for id, name in providers
        ],
        "visit_types": [{"id": "follow_up", "name": "follow-up visit", "minutes": 20}],
        "insurers": [{"name": "Aetna"}, {"name": "Blue Cross Blue Shield"}],
        "phones": {"front_desk": "+12125550100", "nurse": "+12125550101"},
    })  # fmt: skip


@cache
def redactor() -> Redactor:
    """One redactor for all tests: it keeps nothing between utterances."""
    made = Redactor(lakeside())
    made.load()
    return made


class World:
    """A boundary with everything around it, and short ways to use it."""

    def __init__(self, *charts: Patient, privacy: Privacy | None = None) -> None:
        self.rows, self.diary, self.desk, self.notes = MemoryRows(), Diary(), Desk(), Notes()
        self.clock = StoppedClock()
        self.directory = Directory({chart.id: chart for chart in charts})
        self.boundary = Boundary(
            redactor=redactor(), vaults=self.rows, schedule=self.diary, patients=self.directory, tickets=self.desk,
            clock=self.clock, audit=self.notes, privacy=privacy,
        )  # fmt: skip

    async def hear(
        self, text: str, *others: str, asked: Asks | None = None, prev: str | None = None, digits: str = "",
        lang: str = "en", conversation: str = "c1",
    ) -> str:  # fmt: skip
        heard = Heard(best=ClearText(text), alternatives=tuple(ClearText(one) for one in others), digits=digits)
        asked_before = SafeText(prev) if prev else None
        return (await self.boundary.mask(conversation, heard, asked=asked, prev=asked_before, lang=lang)).text

    async def say(self, text: str, *, lang: str = "en", phone: bool = False, conversation: str = "c1") -> str:
        channel = "phone" if phone else "chat"
        return (await self.boundary.unmask(conversation, SafeText(text), lang=lang, channel=channel)).reveal()
