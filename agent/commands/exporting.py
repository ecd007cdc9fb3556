"""`careline export KIND`: JSON lines of what Careline keeps; works beside a running server."""

import json
from pathlib import Path

import click

from agent.app import open_kept
from agent.commands.running import existing_data, practice_folder, quiet, run_async, settings_of
from agent.domain.clock import SystemClock
from agent.ehr.exporting import ExportKind, export_rows
from agent.practice_folder import read_practice
from agent.settings import Settings


def run(practice: Path | None, data_dir: Path | None, kind: ExportKind) -> int:
    """Print every row as one JSON object a line."""
    quiet()
    settings = existing_data(settings_of(practice, data_dir))
    run_async(_export(settings, kind))
    return 0


async def _export(settings: Settings, kind: ExportKind) -> None:
    storage = await open_kept(settings, SystemClock())
    try:
        zone = read_practice(practice_folder(settings)).zone
        async for row in export_rows(kind, storage=storage, zone=zone):
            click.echo(json.dumps(row, ensure_ascii=False))
    finally:
        await storage.close()
