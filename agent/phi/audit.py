"""Every unmasking leaves an entry: which conversation, what for, which kinds of value. Never the value."""

from collections.abc import Sequence
from typing import Protocol


class Audit(Protocol):
    """Keeps the entries."""

    async def note(self, conversation: str, what: str, kinds: Sequence[str], *, charts: Sequence[str] = ()) -> None:
        """WRITE one entry, e.g. what="reply", kinds=("PERSON", "PHONE"). Raises ServiceError.

        `charts` are the ids of the charts that were opened or written to.
        """
        ...


class NoAudit:
    """Keeps nothing: for the probe, where nothing is ever unmasked."""

    async def note(self, conversation: str, what: str, kinds: Sequence[str], *, charts: Sequence[str] = ()) -> None:
        """Forget the entry."""
