"""Tickets for staff: every placeholder of a draft is unmasked here, so that a ticket outlives the vault."""

from dataclasses import replace

from agent.domain.handoff import Draft, TicketReceipt
from agent.domain.ports import Tickets
from agent.phi.audit import Audit
from agent.phi.placeholders import EXACT, mentions
from agent.phi.placeholders import replace as replace_mentions
from agent.phi.saying import say
from agent.phi.shielded import shielded
from agent.phi.vault import Reference, Vault
from agent.phi.vaults import Vaults


class TicketsGateway:
    """Implements the dialogue's `DialogueTickets` for one conversation."""

    def __init__(self, conversation: str, vaults: Vaults, tickets: Tickets, audit: Audit) -> None:
        self._conversation, self._vaults, self._tickets, self._audit = conversation, vaults, tickets, audit

    async def open(self, draft: Draft, *, once: str) -> TicketReceipt:
        """WRITE a ticket in clear words. Raises PrivacyError for an unknown placeholder, ServiceError."""
        texts = [draft.summary, *draft.details.keys(), *draft.details.values(), draft.patient or ""]
        used = [one for text in texts for one in mentions(text)]
        vault = await self._vaults.current(self._conversation, *(one.name for one in used))
        clear = replace(
            draft,
            summary=_clear(vault, draft.summary),
            details={_clear(vault, key): _clear(vault, value) for key, value in draft.details.items()},
            patient=_patient(vault, draft.patient),
        )
        kinds = tuple(sorted({one.kind for one in used}))
        if kinds:
            await self._audit.note(self._conversation, f"ticket.{draft.kind}", kinds)
        once = f"{self._conversation}:{once}"
        return await shielded(self._tickets.open(clear, conversation=self._conversation, once=once))


def _clear(vault: Vault, text: str) -> str:
    def said(name: str, form: str) -> str:
        row = vault.row(name)
        if isinstance(row, Reference) and not row.name:
            return row.target or ""
        return say(row, form, lang="en", channel="chat")

    return replace_mentions(text, lambda one: said(one.name, one.form))


def _patient(vault: Vault, patient: str | None) -> str | None:
    """Return the chart's id for a patient reference; the words said for anything else."""
    if patient is None or not EXACT.fullmatch(patient):
        return _clear(vault, patient) if patient else None
    row = vault.row(patient)
    if isinstance(row, Reference):
        return row.target or (row.name[0] if row.name else None)
    return _clear(vault, patient)
