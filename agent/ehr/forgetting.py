"""Deletes what is kept of one patient, and proves that it is gone. Nothing goes while somebody still talks.

A conversation that nobody ended is ended first; turns that had begun by then are waited for.
"""

from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta

import sqlalchemy as sa

from agent.domain.errors import CarelineError, ConfigError
from agent.ehr.dossier import Dossier, Json, dossier, held_records, left_over
from agent.storage.open import Storage
from agent.storage.tables import calls, conversations

QUIET = timedelta(minutes=10)
"""A conversation in which something happened this recently may still be going on."""
Rest = Callable[[], Awaitable[None]]
CANNOT_SEE = (
    "conversations in which no chart was opened and neither the name nor the phone was understood",
    "the chart and its visits, which stay: they are the practice's medical record",
    "audit entries, which stay for their period: they hold ids and kinds, no words",
    "the memory of a running server, for some minutes",
    "backups, and exports made earlier",
)
"""What a deletion does not reach, for its proof."""


async def require_no_hold(storage: Storage, found: Dossier) -> None:
    """READ the legal holds. Raises ConfigError when one stands on any of what was found."""
    held, mine = await held_records(storage), {one.id for one in found.tickets}
    named = found.patient.id in {hold.subject for hold in await storage.holds.all()}
    rung = {str(one["id"]) for one in found.calls}
    if named or held.conversations & set(found.ids) or held.tickets & mine or held.calls & rung:
        raise ConfigError(
            f"a legal hold stands on {found.patient.id!r} or on one of its conversations; release it first"
        )


async def forget(storage: Storage, found: Dossier, *, by: str, include: Collection[str], rest: Rest) -> Json:
    """WRITE: delete, look whether anything is left, write it down in the audit; return the proof.

    `rest` waits for turns that had begun. Raises CarelineError when a conversation is going on, ServiceError.
    """
    ended = await _end(storage, found, rest)
    done = await storage.retention.forget(
        found.ids, [one.id for one in found.tickets], [str(one["id"]) for one in found.calls]
    )
    checkpoints = await storage.checkpoints()
    try:
        for id in found.ids:
            await checkpoints.adelete_thread(id)
        kept = set(await checkpoints.threads()) & set(found.ids)
    finally:
        await checkpoints.close()
    again = await dossier(storage, found.patient.id)
    left = [*await storage.retention.left(found.ids), *(f"state {id}" for id in sorted(kept)), *left_over(again)]
    detail: dict[str, object] = {"by": by, "rows": done.counts, "left": len(left), "looked_at": sorted(include)}
    entry = await storage.audit.record(
        actor="operator", action="patient_forgotten", subject=found.patient.id, detail=detail
    )
    verdict = await storage.audit.verify()
    return {"ended_first": ended, "rows": done.counts, "left": left, "to_look_at": found.to_look_at,
            "cannot_see": list(CANNOT_SEE), "audit_entry": entry, "audit_holds": verdict.holds,
            "at": storage.clock.now().isoformat()}  # fmt: skip


async def going_on(storage: Storage, found: Dossier) -> list[str]:
    """READ which conversations somebody may still talk in: with staff, on the phone, or not quiet for long."""
    row, since = conversations.c, storage.clock.now() - QUIET
    talked = sa.select(row.id).where(
        row.id.in_(found.ids), row.state != "ended", sa.or_(row.state == "with_staff", row.updated >= since)
    )
    rung = sa.select(calls.c.conversation).where(calls.c.conversation.in_(found.ids), calls.c.status != "ended")
    async with storage.database.read() as connection:
        going = {str(one[0]) for query in (talked, rung) for one in await connection.execute(query)}
    return sorted(going)


async def _end(storage: Storage, found: Dossier, rest: Rest) -> list[str]:
    """WRITE: end what nobody ended, and wait for turns that had begun. Raises CarelineError for what goes on."""
    _refuse(await going_on(storage, found))
    ended = [one.id for one in found.conversations if one.state != "ended"]
    for id in ended:
        await storage.conversations.set_state(id, "ended", at=storage.clock.now())
    if ended:
        await rest()
        _refuse(await going_on(storage, found))
    return ended


def _refuse(going: list[str]) -> None:
    if going:
        raise CarelineError(
            f"somebody may still talk in {', '.join(going)}: end it, or wait until it has been quiet for "
            f"{QUIET // timedelta(minutes=1)} minutes"
        )
