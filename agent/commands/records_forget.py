"""`careline records forget PATIENT`: one patient's conversations and tickets deleted, with proof.

The chart and its visits stay: they are the practice's medical record, which a request to delete does not end.
"""

import asyncio
import json
from functools import partial
from pathlib import Path
from typing import Any

import click

from agent.app import open_kept
from agent.commands.running import existing_data, quiet, run_async, settings_of
from agent.domain.clock import SystemClock
from agent.domain.errors import ConfigError
from agent.ehr.dossier import Dossier, dossier
from agent.ehr.forgetting import forget, going_on, require_no_hold
from agent.settings import Settings

_SAY = "run again with --yes; what is to be looked at stays, unless it is named with --include"


def run(
    practice: Path | None, data_dir: Path | None, patient: str, by: str, yes: bool, include: tuple[str, ...] = ()
) -> int:
    """Print what would go, or the proof that it went; exit 1 when something is left."""
    quiet()
    settings = existing_data(settings_of(practice, data_dir))
    proof = run_async(_forget(settings, patient, by, yes, include))
    click.echo(json.dumps(proof, indent=1))
    return 1 if proof.get("left") else 0


async def _forget(settings: Settings, patient: str, by: str, yes: bool, include: tuple[str, ...]) -> dict[str, Any]:
    storage = await open_kept(settings, SystemClock())
    try:
        found = await dossier(storage, patient, include=include)
        if found is None:
            raise ConfigError(f"there is no patient {patient!r}")
        await require_no_hold(storage, found)
        if not yes:
            going = await going_on(storage, found)
            return {"would_delete": _planned(found), "to_look_at": found.to_look_at, "going_on": going, "say": _SAY}
        proof = await forget(storage, found, by=by, include=include, rest=partial(asyncio.sleep, settings.turn_seconds))
        return {"patient": patient, "deleted": _planned(found), **proof}
    finally:
        await storage.close()


def _planned(found: Dossier) -> dict[str, list[str]]:
    return {
        "conversations": list(found.ids),
        "tickets": [one.id for one in found.tickets],
        "open_among_them": [one.id for one in found.tickets if one.status == "open"],
        "calls": [str(one["id"]) for one in found.calls],
    }
