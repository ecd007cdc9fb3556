"""The boundary of a running Careline: masks what callers say, unmasks what they hear, and binds the gateways."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from agent.domain.clock import Clock
from agent.domain.conversation import Asks, Channel, Heard
from agent.domain.ports import DialogueSchedule, DialogueTickets, Identity, Masked, Patients, Schedule, Tickets
from agent.domain.privacy import Privacy
from agent.domain.text import ClearText, SafeText
from agent.phi.audit import Audit, NoAudit
from agent.phi.gateways.identity import IdentityGateway
from agent.phi.gateways.schedule import ScheduleGateway
from agent.phi.gateways.tickets import TicketsGateway
from agent.phi.keys import digits_of
from agent.phi.masking import Masking
from agent.phi.placeholders import mentions, replace
from agent.phi.reading import keys_of
from agent.phi.redactor import Redactor
from agent.phi.saying import say
from agent.phi.sought import sought
from agent.phi.utterance import Utterance
from agent.phi.vault import Entry
from agent.phi.vault_rows import VaultRows
from agent.phi.vaults import Vaults


@dataclass(frozen=True, kw_only=True)
class Gateways:
    """The dialogue's ports, bound to one conversation's vault."""

    identity: Identity
    schedule: DialogueSchedule
    tickets: DialogueTickets


class Boundary:
    """Clear text on one side, pseudonyms on the other. The only way across."""

    def __init__(
        self,
        *,
        redactor: Redactor,
        vaults: VaultRows,
        schedule: Schedule,
        patients: Patients,
        tickets: Tickets,
        clock: Clock,
        audit: Audit | None = None,
        privacy: Privacy | None = None,
    ) -> None:
        self._masking = Masking(redactor)
        self._vaults = Vaults(vaults, clock)
        self._schedule, self._patients, self._tickets = schedule, patients, tickets
        self._clock = clock
        self._audit = audit or NoAudit()
        self._privacy = privacy or Privacy()

    async def mask(
        self, conversation: str, heard: Heard, *, asked: Asks | None, prev: SafeText | None, lang: str
    ) -> Masked:
        """Return the utterance with pseudonyms in place of identities. About 10 ms CPU, in a thread.

        `asked` and `prev` are what the previous reply wanted to know and said: the answer to a question about an
        identity is masked whole, unless it is a command. Raises ServiceError when the vault cannot be read.
        """
        vault = await self._vaults.fresh(conversation)
        wanted = sought(asked, prev)
        said = Utterance(
            text="", lang=lang, sought=wanted.kinds, part=wanted.part, provider_asked=wanted.provider,
            today=self._clock.now().date(),
        )  # fmt: skip
        masked = await asyncio.to_thread(self._masking.mask, vault, heard, said)
        await self._vaults.save(conversation, vault)
        return masked

    async def unmask(self, conversation: str, text: SafeText, *, lang: str, channel: Channel) -> ClearText:
        """Return the text with the caller's own words in place of placeholders.

        Raises PrivacyError for a placeholder this conversation never made, or a form its kind does not have.
        """
        used = mentions(text)
        if not used:
            return ClearText(text)
        vault = await self._vaults.current(conversation, *(one.name for one in used))
        clear = replace(text, lambda one: say(vault.row(one.name), one.form, lang=lang, channel=channel))
        await self._audit.note(conversation, "reply", _kinds(one.kind for one in used))
        return ClearText(clear)

    async def hear_caller_id(self, conversation: str, phone: str) -> SafeText:
        """Take in the number a call comes from and return its placeholder. A hint, never a proof of who calls."""
        vault = await self._vaults.fresh(conversation)
        digits = digits_of(phone)
        keys = keys_of("PHONE", phone, digits)
        known = next((entry for entry in vault.entries("PHONE") if set(entry.keys) & set(keys)), None)
        if known is None:
            known = Entry(placeholder=vault.fresh("PHONE"), kind="PHONE", readings=(phone,), parsed=digits, keys=keys)
            vault.put(known)
            await self._vaults.save(conversation, vault)
        return SafeText(known.placeholder)

    def gateways(self, conversation: str) -> Gateways:
        """Return the dialogue's ports over the clear ones, bound to this conversation's vault."""
        return Gateways(
            identity=IdentityGateway(
                conversation, self._vaults, self._patients, self._audit, self._clock, self._privacy
            ),
            schedule=ScheduleGateway(
                conversation=conversation,
                vaults=self._vaults,
                schedule=self._schedule,
                patients=self._patients,
                audit=self._audit,
                clock=self._clock,
                privacy=self._privacy,
            ),
            tickets=TicketsGateway(conversation, self._vaults, self._tickets, self._audit),
        )

    def rest(self) -> None:
        """Let go of clear values in memory that were not used for some minutes."""
        self._vaults.rest()

    async def wipe(self, conversation: str) -> None:
        """Forget everything behind this conversation's placeholders."""
        await self._vaults.wipe(conversation)


def _kinds(kinds: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(kinds)))
