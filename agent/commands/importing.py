"""`careline import patients|appointments|blocks FILE`."""

from pathlib import Path
from typing import Literal

import click

from agent.app import open_kept
from agent.commands.running import practice_folder, quiet, run_async, settings_of
from agent.domain.clock import SystemClock
from agent.domain.errors import ConfigError
from agent.ehr.importing import ImportReport, import_file
from agent.ehr.open import open_records
from agent.practice_folder import read_practice
from agent.settings import Settings


def run(
    practice: Path | None, data_dir: Path | None, kind: Literal["patients", "appointments", "blocks"], file: Path
) -> int:
    """Import a file; exit 1 when rows were refused."""
    quiet()
    if not file.is_file():
        raise ConfigError("there is no such file", file=file)
    report = run_async(_import(settings_of(practice, data_dir), kind, file))
    for line in report.lines():
        click.echo(line)
    return 1 if report.bad else 0


async def _import(settings: Settings, kind: Literal["patients", "appointments", "blocks"], file: Path) -> ImportReport:
    storage = await open_kept(settings, SystemClock())
    try:
        records = open_records(storage, read_practice(practice_folder(settings)))
        return await import_file(kind, file, records=records, database=storage.database)
    finally:
        await storage.close()
