"""The schedule by opaque references. Only references this conversation minted ever reach a write."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from agent.domain.clock import Clock
from agent.domain.errors import NotVerified, PrivacyError, ServiceTimeout
from agent.domain.patients import Given
from agent.domain.ports import Patients, Schedule
from agent.domain.privacy import Deed, Privacy
from agent.domain.scheduling import Book, Move, Proposal, Receipt, Slot, SlotQuery, Visit, Write
from agent.domain.text import SafeText
from agent.phi.audit import Audit
from agent.phi.gateways.identity import is_chart_of, person_of
from agent.phi.shielded import ended, shielded
from agent.phi.vault import Reference, Vault
from agent.phi.vaults import Vaults

PATIENCE = 1.5
"""Seconds a write whose turn is over is waited for before it is asked what came of it."""


class ScheduleGateway:
    """Implements the dialogue's `DialogueSchedule` for one conversation."""

    def __init__(
        self, *, conversation: str, vaults: Vaults, schedule: Schedule, patients: Patients, audit: Audit, clock: Clock,
        privacy: Privacy,
    ) -> None:  # fmt: skip
        self._conversation, self._vaults, self._schedule = conversation, vaults, schedule
        self._patients, self._audit, self._clock = patients, audit, clock
        self._privacy = privacy

    async def open_slots(self, query: SlotQuery) -> list[Slot]:
        """READ the free slots that fit; this conversation's own holds count as free. No identity is involved."""
        return await self._schedule.open_slots(query, holder=self._conversation)

    async def visits(self, patient: SafeText) -> list[Visit]:
        """READ a verified patient's coming visits under references of this conversation. Raises NotVerified."""
        vault = await self._vaults.current(self._conversation, patient)
        chart = vault.minted(patient, "PATIENT")
        self._privacy.require(chart.who, "visits", verified=chart.opens)
        if chart.target is None:
            raise NotVerified("patient_not_verified")
        booked = await self._schedule.visits(chart.target, after=self._clock.now())
        hidden = [self._hidden(vault, visit, chart) for visit in booked]
        await self._vaults.save(self._conversation, vault)
        await self._audit.note(self._conversation, "schedule.visits", ("PATIENT",), charts=(chart.target,))
        return hidden

    async def hold(self, slots: Sequence[Slot], *, until: datetime) -> None:
        """WRITE: keep slots for this conversation; none releases."""
        await self._schedule.hold(slots, holder=self._conversation, until=until)

    async def commit(self, proposal: Proposal) -> list[Receipt]:
        """WRITE all or none, once per conversation and proposal. Goes on to its end even when the turn is cancelled."""
        return await shielded(self._commit(proposal), self._once(proposal))

    async def done(self, proposal: Proposal) -> list[Receipt] | None:
        """READ what this conversation's commit of a proposal wrote and still stands; one under way is waited for."""
        names = [name for write in proposal.writes for name in _references(write)]
        vault = await self._vaults.current(self._conversation, *names)
        for write in proposal.writes:
            vault.minted(write.patient, "PATIENT")
        if not await ended(self._once(proposal), within=PATIENCE):
            raise ServiceTimeout("schedule")
        receipts = await self._schedule.done(self._once(proposal))
        if receipts is None:
            return None
        vault = await self._vaults.current(self._conversation, *names)  # the commit may have changed it
        hidden = self._receipts(vault, proposal, receipts)
        await self._vaults.save(self._conversation, vault)
        return hidden

    def _once(self, proposal: Proposal) -> str:
        return f"{self._conversation}:{proposal.id}"

    def _receipts(self, vault: Vault, proposal: Proposal, receipts: Sequence[Receipt]) -> list[Receipt]:
        owners = [vault.minted(write.patient, "PATIENT") for write in proposal.writes]
        return [
            replace(one, visit=self._hidden(vault, one.visit, owner))
            for one, owner in zip(receipts, owners, strict=True)
        ]

    async def _commit(self, proposal: Proposal) -> list[Receipt]:
        names = [name for write in proposal.writes for name in _references(write)]
        vault = await self._vaults.current(self._conversation, *names)
        for write in proposal.writes:
            _check(vault, write, self._privacy)
        charts = {name: await self._chart(vault, name) for name in sorted({write.patient for write in proposal.writes})}
        writes = [_clear(vault, write, charts) for write in proposal.writes]
        await self._vaults.save(self._conversation, vault)
        await self._audit.note(self._conversation, "schedule.commit", ("PATIENT",), charts=tuple(charts.values()))
        receipts = await self._schedule.commit(writes, once=self._once(proposal), holder=self._conversation)
        hidden = self._receipts(vault, proposal, receipts)
        await self._vaults.save(self._conversation, vault)
        return hidden

    async def _chart(self, vault: Vault, name: str) -> str:
        """Return the chart a reference stands for; a newcomer gets the one chart that fits exactly, or a new one."""
        reference = vault.minted(name, "PATIENT")
        if reference.target is not None:
            return reference.target
        person = person_of(reference.name, reference.born, reference.phone)
        if person is None or person.born is None:
            raise PrivacyError("newcomer_without_name_or_birth_date")
        found = await self._patients.match(
            Given(name=(f"{person.first} {person.last}",), born=(person.born.isoformat(),))
        )
        chart = await self._patients.patient(found.patient) if found.outcome == "one" and found.patient else None
        if chart is None or not is_chart_of(chart, person):
            digest = hashlib.sha256(f"{person.first}|{person.last}|{person.born}".casefold().encode()).hexdigest()
            target = await self._patients.register(person, once=f"{self._conversation}:{digest[:16]}")
            vault.put(replace(reference, target=target))
            return target
        vault.put(replace(reference, target=chart.id, landed=True))
        return chart.id

    def _hidden(self, vault: Vault, visit: Visit, owner: Reference) -> Visit:
        known = next((one for one in vault.references("VISIT") if one.target == visit.id), None)
        if known is None:
            known = Reference(
                placeholder=vault.fresh("VISIT"), kind="VISIT", target=visit.id, verified=owner.opens,
                owner=owner.placeholder,
            )  # fmt: skip
        elif owner.opens:  # booked by somebody unknown, listed once it is known who calls
            known = replace(known, verified=True, owner=owner.placeholder)
        vault.put(known)
        return replace(visit, id=known.placeholder, patient=owner.placeholder)


def _references(write: Write) -> tuple[str, ...]:
    return (write.patient,) if isinstance(write, Book) else (write.patient, write.visit)


def _check(vault: Vault, write: Write, privacy: Privacy) -> None:
    """Refuse references this conversation did not mint, and what the practice's table does not let this caller do."""
    patient = vault.minted(write.patient, "PATIENT")
    if isinstance(write, Book):
        privacy.require(patient.who, "book", verified=patient.verified)
        return
    visit = vault.minted(write.visit, "VISIT")
    owner = vault.minted(visit.owner or "", "PATIENT")
    if owner.target is None or owner.target != patient.target:
        raise PrivacyError("visit_of_another_patient")
    deed: Deed = "move" if isinstance(write, Move) else "cancel"
    privacy.require(patient.who, deed, verified=patient.opens and visit.verified)


def _clear(vault: Vault, write: Write, charts: dict[str, str]) -> Write:
    patient = charts[write.patient]
    if isinstance(write, Book):
        verified = vault.minted(write.patient, "PATIENT").verified
        return replace(write, patient=patient, unverified=write.unverified or not verified)
    visit = vault.minted(write.visit, "VISIT").target or ""
    return replace(write, patient=patient, visit=visit)
