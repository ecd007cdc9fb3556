"""`careline records forget PATIENT`: one patient's conversations and tickets deleted, with proof.

The chart and its visits stay: they are the practice's medical record, which a request to delete does not end.
"""

import json
from pathlib import Path
from typing import Any

import click

from agent.app import open_kept
from agent.commands.running import existing_data, quiet, run_async, settings_of
from agent.domain.clock import SystemClock
from agent.domain.errors import ConfigError
from agent.ehr.dossier import Dossier, dossier, held_records, left_over
from agent.settings import Settings
from agent.storage.open import Storage

_SAY = (
    "run again with --yes; unclear ones only name the patient or came from the patient's phone, and stay: look at them"
)


def run(practice: Path | None, data_dir: Path | None, patient: str, by: str, yes: bool) -> int:
    """Print what would go, or the proof that it went; exit 1 when something is left."""
    quiet()
    settings = existing_data(settings_of(practice, data_dir))
    proof = run_async(_forget(settings, patient, by, yes))
    click.echo(json.dumps(proof, indent=1))
    return 1 if proof.get("left") else 0


async def _forget(settings: Settings, patient: str, by: str, yes: bool) -> dict[str, Any]:
    storage = await open_kept(settings, SystemClock())
    try:
        found = await dossier(storage, patient)
        if found is None:
            raise ConfigError(f"there is no patient {patient!r}")
        held, mine = await held_records(storage), {one.id for one in found.tickets}
        named = patient in {hold.subject for hold in await storage.holds.all()}
        if named or held.conversations & set(found.ids) or held.tickets & mine:
            raise ConfigError(f"a legal hold stands on {patient!r} or on one of its conversations; release it first")
        planned = {"conversations": list(found.ids), "tickets": [one.id for one in found.tickets]}
        if not yes:
            return {"would_delete": planned, "unclear": list(found.unclear), "say": _SAY}
        return {"patient": patient, "deleted": planned, **await _deleted(storage, found, by)}
    finally:
        await storage.close()


async def _deleted(storage: Storage, found: Dossier, by: str) -> dict[str, Any]:
    """Delete, look whether anything is left, and write it down in the audit."""
    done = await storage.retention.forget(found.ids, [one.id for one in found.tickets])
    checkpoints = await storage.checkpoints()
    try:
        for id in found.ids:
            await checkpoints.adelete_thread(id)
    finally:
        await checkpoints.close()
    left = left_over(await dossier(storage, found.patient.id))
    detail: dict[str, object] = {"by": by, "rows": done.counts, "left": len(left)}
    entry = await storage.audit.record(
        actor="operator", action="patient_forgotten", subject=found.patient.id, detail=detail
    )
    verdict = await storage.audit.verify()
    return {"rows": done.counts, "left": left, "unclear": list(found.unclear), "audit_entry": entry, "audit_holds": verdict.holds,
            "at": storage.clock.now().isoformat()}  # fmt: skip
