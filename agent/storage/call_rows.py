"""A phone call as it is kept: its row, opened and sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from agent.domain.text import ClearText
from agent.storage.sealing import Sealer

Kind = Literal["twilio", "browser"]
_PURPOSE = "number of a call"
CallStatus = Literal["ringing", "live", "with_person", "ended"]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One phone call. `returned`: the caller is back from a transfer that nobody answered.

    `returns` is the transfer the caller came back from, 0 at first.
    """

    id: str
    call_sid: str
    kind: Kind
    caller: ClearText | None
    conversation: str | None
    status: CallStatus
    transfers: int
    returns: int
    returned: bool
    started: datetime
    ended: datetime | None

    @property
    def leg(self) -> str:
        """A name for the part of the call that one socket carries; a caller who comes back has another."""
        return f"{self.id}-{self.returns}"


def read_call(sealer: Sealer, row: Any) -> Call:
    """Open a row of the table."""
    caller = None if row.hint is None else ClearText(sealer.open_text(row.hint, f"calls:hint:{row.id}"))
    return Call(
        id=row.id, call_sid=row.call_sid, kind=row.kind, caller=caller, conversation=row.conversation,
        status=row.status, transfers=row.transfers, returns=row.came_back, returned=row.returned,
        started=row.started, ended=row.ended,
    )  # fmt: skip


def number_hash(sealer: Sealer, number: ClearText) -> str:
    """Return what a number is found again by, without being readable."""
    return sealer.fingerprint(number.reveal(), _PURPOSE)


def number_hashes(sealer: Sealer, number: ClearText) -> tuple[str, ...]:
    """Return what a number may be found by while keys change."""
    return sealer.fingerprints(number.reveal(), _PURPOSE)


def new_row(
    sealer: Sealer, id: str, call_sid: str, kind: Kind, caller: ClearText | None, at: datetime
) -> dict[str, Any]:
    """Seal a call that rings."""
    sealed = None if caller is None else sealer.seal_text(caller.reveal(), f"calls:hint:{id}")
    number = None if caller is None else number_hash(sealer, caller)
    return {
        "id": id, "call_sid": call_sid, "kind": kind, "hint": sealed, "number": number, "status": "ringing",
        "transfers": 0, "came_back": 0, "returned": False, "started": at,
    }  # fmt: skip
