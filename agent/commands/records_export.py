"""`careline records export PATIENT`: everything kept of one patient."""

import json
from pathlib import Path

import click

from agent.app import open_kept
from agent.commands.running import existing_data, quiet, run_async, settings_of
from agent.domain.clock import SystemClock
from agent.domain.errors import ConfigError
from agent.ehr.dossier import Json, dossier
from agent.ehr.handing_out import as_json
from agent.settings import Settings


def run(practice: Path | None, data_dir: Path | None, patient: str, include: tuple[str, ...] = ()) -> int:
    """Print one JSON document."""
    quiet()
    settings = existing_data(settings_of(practice, data_dir))
    click.echo(json.dumps(run_async(_export(settings, patient, include)), ensure_ascii=False, indent=1))
    return 0


async def _export(settings: Settings, patient: str, include: tuple[str, ...]) -> Json:
    storage = await open_kept(settings, SystemClock())
    try:
        found = await dossier(storage, patient, include=include)
        if found is None:
            raise ConfigError(f"there is no patient {patient!r}")
        document = await as_json(storage, found)
        await storage.audit.record(
            actor="operator", action="patient_exported", subject=patient, detail={"looked_at": sorted(include)}
        )
    finally:
        await storage.close()
    return document
