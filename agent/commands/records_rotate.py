"""`careline records rotate`: everything sealed anew with the first data key, beside a running server."""

from pathlib import Path

import click

from agent.app import open_kept
from agent.commands.running import existing_data, quiet, run_async, settings_of
from agent.domain.clock import SystemClock
from agent.domain.errors import ConfigError
from agent.ehr.sealed_columns import OWN as SCHEDULE
from agent.settings import Settings
from agent.storage.keys import add_key, drop_older_keys
from agent.storage.rotation import Resealed, reseal
from agent.storage.sealed_columns import OWN


def run(practice: Path | None, data_dir: Path | None, new_key: bool, drop_old_keys: bool) -> int:
    """Reseal and say how many values were; exit 1 when some could not be read."""
    quiet()
    settings = existing_data(settings_of(practice, data_dir))
    if (new_key or drop_old_keys) and settings.data_key is not None:
        raise ConfigError("the keys are in CARELINE_DATA_KEY: put the new one first there", key="CARELINE_DATA_KEY")
    if new_key:
        file = add_key(settings.data_dir)
        click.echo(
            f"A new key stands first in {file}. Restart every running server, then run `careline records rotate`."
        )
        return 0
    done = run_async(_rotate(settings))
    for table, count in sorted(done.counts.items()):
        click.echo(f"{table:15} {count} sealed anew")
    for place in done.unreadable:
        click.echo(f"unreadable: {place}", err=True)
    if done.unreadable:
        return 1
    if drop_old_keys:
        drop_older_keys(settings.data_dir)
    click.echo(f"{done.total} sealed anew, 0 unreadable" + ("; the older keys are gone" if drop_old_keys else ""))
    return 0


async def _rotate(settings: Settings) -> Resealed:
    storage = await open_kept(settings, SystemClock())
    try:
        done = await reseal(storage.database, storage.sealer, storage.audit, (*OWN, *SCHEDULE))
        checkpoints = await storage.checkpoints()
        try:
            counted, unreadable = await checkpoints.reseal(storage.sealer)
        finally:
            await checkpoints.close()
        if counted:
            done.counts["checkpoints"] = counted
        done.unreadable += ["checkpoints"] * unreadable
        await storage.audit.record(
            actor="operator", action="keys_changed", subject=storage.sealer.key_id, detail={"sealed_anew": done.total}
        )
    finally:
        await storage.close()
    return done
