"""`careline ingest`: rebuild the knowledge index."""

import shutil
from pathlib import Path

import click

from agent.commands.running import practice_folder, quiet, settings_of


def run(practice: Path | None, data_dir: Path | None) -> int:
    """Rebuild the index of the practice's texts and say how many topics it holds."""
    quiet()
    from agent.app import open_knowledge, read_folder
    from agent.domain.clock import SystemClock
    from agent.encoder import load_encoders

    settings = settings_of(practice, data_dir)
    folder = read_folder(practice_folder(settings))
    shutil.rmtree(settings.data_dir / "knowledge", ignore_errors=True)
    open_knowledge(settings, folder, load_encoders(), SystemClock())
    for lang, entries in folder.faq.items():
        click.echo(f"{lang}: {len(entries)} topics")
    return 0
