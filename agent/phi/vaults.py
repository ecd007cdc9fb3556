"""The vaults of all conversations: opened when needed, kept in memory for a while, saved after each change."""

from collections import OrderedDict
from datetime import UTC, datetime, timedelta

from agent.domain.clock import Clock
from agent.phi.vault import Vault, opened
from agent.phi.vault_rows import VaultRows

_MOST_OPEN = 2_000
IN_MEMORY = timedelta(minutes=5)
"""How long an open vault stays in memory after its last use; what is deleted on disk does not live on here."""
LIFETIME = timedelta(hours=24)
"""How long a vault is kept after its last turn; ending the conversation shortens that to half an hour."""
_RENEWED = timedelta(hours=1)
"""How often a vault in which nothing changes is kept for longer."""


class Vaults:
    """Loads and saves vaults. Turns of one conversation run one after another, so no two callers share one."""

    def __init__(self, rows: VaultRows, clock: Clock) -> None:
        self._rows = rows
        self._clock = clock
        self._open: OrderedDict[str, tuple[Vault, datetime]] = OrderedDict()  # the last used at the end
        self._kept: OrderedDict[str, datetime] = OrderedDict()

    async def fresh(self, conversation: str) -> Vault:
        """Read a vault anew: at the start of a turn, which may run in another process than the last one."""
        self.rest()
        return self._used(conversation, opened(await self._rows.load(conversation)))

    async def current(self, conversation: str, *needed: str) -> Vault:
        """Return the open vault; read it anew when it is not open or does not know a needed placeholder."""
        vault, _ = self._open.get(conversation, (None, None))
        if vault is None or not all(vault.knows(name) for name in needed):
            return await self.fresh(conversation)
        return self._used(conversation, vault)

    def rest(self) -> None:
        """Let go of what was not used for a while; it is read again when needed. To be called every minute or so."""
        since = self._clock.now() - IN_MEMORY
        while self._open and (len(self._open) >= _MOST_OPEN or next(iter(self._open.values()))[1] < since):
            self._open.popitem(last=False)

    def _used(self, conversation: str, vault: Vault) -> Vault:
        self._open[conversation] = vault, self._clock.now()
        self._open.move_to_end(conversation)
        return vault

    async def save(self, conversation: str, vault: Vault) -> None:
        """Keep what changed; now and then, that the conversation still goes on."""
        changed, now = vault.take_changes(), self._clock.now()
        ageing = (
            not vault.empty and abs(now - self._kept.get(conversation, datetime.min.replace(tzinfo=UTC))) >= _RENEWED
        )
        if changed or ageing:
            await self._rows.save(conversation, changed, expires=now + LIFETIME)
            self._kept[conversation] = now
            self._kept.move_to_end(conversation)
            while len(self._kept) > _MOST_OPEN:
                self._kept.popitem(last=False)

    async def wipe(self, conversation: str) -> None:
        """Forget a conversation's vault, in memory and in the rows."""
        self._open.pop(conversation, None)
        self._kept.pop(conversation, None)
        await self._rows.wipe(conversation)
