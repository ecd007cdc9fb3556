"""`careline records sweep`: what has outlived its period is deleted."""

from pathlib import Path

import click

from agent.app import open_kept
from agent.commands.running import existing_data, practice_folder, quiet, run_async, settings_of
from agent.domain.clock import SystemClock
from agent.domain.privacy import Keep
from agent.ehr.dossier import held_records
from agent.practice_folder import read_privacy
from agent.settings import Settings


def run(practice: Path | None, data_dir: Path | None, dry_run: bool) -> int:
    """Delete, and say how many rows of each kind went."""
    quiet()
    settings = existing_data(settings_of(practice, data_dir))
    keep = read_privacy(practice_folder(settings)).keep
    for kind, days in keep.model_dump().items():
        click.echo(f"{kind:15} kept {days} days")
    click.echo("audio           never kept")
    if dry_run:
        return 0
    counts = run_async(_sweep(settings, keep))
    click.echo("deleted: " + (", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "nothing"))
    return 0


async def _sweep(settings: Settings, keep: Keep) -> dict[str, int]:
    clock = SystemClock()
    storage = await open_kept(settings, clock)
    try:
        held = await held_records(storage)
        done = await storage.retention.sweep(keep, held=held, now=clock.now())
        if done.counts:
            detail: dict[str, object] = dict(done.counts)
            await storage.audit.record(actor="operator", action="periods_over", subject="records", detail=detail)
    finally:
        await storage.close()
    return done.counts
