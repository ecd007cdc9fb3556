"""`careline check`: every setting and file read, every adapter tried once, secrets hidden."""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from agent.app import Folder, load_models, open_house, read_folder
from agent.commands.running import practice_folder, quiet, run_async, settings_of
from agent.domain.errors import CarelineError
from agent.settings import Settings


def run(practice: Path | None, data_dir: Path | None) -> int:
    """Print the effective configuration and what works; exit 1 when something does not."""
    quiet()
    settings = settings_of(practice, data_dir)
    _show(settings)
    folder = read_folder(practice_folder(settings))
    _show_folder(folder)
    return run_async(_try_parts(settings, folder))


def _show(settings: Settings) -> None:
    click.echo("Settings")
    for name, field in type(settings).model_fields.items():
        click.echo(f"  CARELINE_{name.upper():22} {getattr(settings, name)!s:24} {field.description}")


def _show_folder(folder: Folder) -> None:
    practice = folder.practice
    click.echo(f"Practice\n  {practice.name}, {practice.timezone}: {len(practice.locations)} locations, "
               f"{len(practice.providers)} providers, {len(practice.visit_types)} visit types")  # fmt: skip
    for lang, entries in folder.faq.items():
        click.echo(f"  {len(entries)} topics in {lang}")
    unreviewed = len(folder.escalation.unreviewed)
    click.echo(
        f"  warning: {unreviewed} safety rules have not been reviewed by a clinician"
        if unreviewed
        else "  all safety rules reviewed"
    )
    missing = folder.escalation.missing(practice.languages)
    if missing:
        click.echo(f"  warning: safety sentences missing: {', '.join(missing)}")


async def _try_parts(settings: Settings, folder: Folder) -> int:
    """Open everything over a passing data folder and say hello to it once."""
    click.echo("Parts")
    with tempfile.TemporaryDirectory() as passing:
        tried = settings.model_copy(update={"data_dir": Path(passing)})
        try:
            models = await asyncio.to_thread(load_models)
            house = await open_house(tried, folder, models)
        except CarelineError as wrong:
            click.echo(f"  does not work: {wrong}")
            return 1
        checks: dict[str, Callable[[], object]] = {
            "models verified by hash": lambda: [encoder.name for encoder in models.encoders],
            "database and key": lambda: settings.database_url or "SQLite in the data folder",
            "sentences": lambda: ", ".join(folder.practice.languages),
        }
        for name, say in checks.items():
            click.echo(f"  {name}: {say()}")
        id, _ = await house.front_desk.open(channel="terminal")
        click.echo(f"  a conversation opens: {'yes' if id else 'no'}")
        await house.close()
    if settings.data_key is None:
        click.echo("  warning: CARELINE_DATA_KEY is not set; a key file in the data folder is used")
    return 0
