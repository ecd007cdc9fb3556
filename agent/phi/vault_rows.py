"""Where a vault is kept. The rows hold clear values: whoever keeps them seals each body before it touches a disk."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class VaultRow:
    """One placeholder of one conversation and what stands behind it, as JSON bytes in clear."""

    placeholder: str
    body: bytes = field(repr=False)


class VaultRows(Protocol):
    """The rows of all vaults. Bodies are stored encrypted; rows past `expires` are not loaded."""

    async def load(self, conversation: str) -> list[VaultRow]:
        """READ every row of one conversation, in no particular order."""
        ...

    async def save(self, conversation: str, rows: Sequence[VaultRow], *, expires: datetime) -> None:
        """WRITE rows, replacing those of the same placeholder."""
        ...

    async def wipe(self, conversation: str) -> None:
        """WRITE: forget everything of one conversation."""
        ...
