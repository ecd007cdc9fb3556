"""`careline records rotate`: everything sealed anew with the first data key, beside a running server."""

from pathlib import Path

import click

from agent.app import open_kept
from agent.commands.running import existing_data, quiet, run_async, settings_of
from agent.domain.clock import SystemClock
from agent.domain.errors import CarelineError, ConfigError
from agent.ehr.sealed_columns import OWN as SCHEDULE
from agent.settings import Settings
from agent.storage.key_use import KeyUse
from agent.storage.keys import add_key, drop_older_keys
from agent.storage.open import Storage
from agent.storage.rotation import Resealed, reseal
from agent.storage.sealed_columns import OWN

_STILL_USED = (
    "the older keys stay: a server that was not restarted since `--new-key` still seals with one; restart every server, "
    "then run this again"
)
_STILL_NEEDED = "the older keys stay: some records are still sealed with one; run this again"
_ELSEWHERE = (
    "servers of this database may run on other machines: restart every server with the new key first, run `careline "
    "records rotate`, then take the older lines out of each key file by hand"
)


def run(practice: Path | None, data_dir: Path | None, new_key: bool, drop_old_keys: bool) -> int:
    """Reseal and say how many values were; exit 1 when some could not be read."""
    quiet()
    settings = existing_data(settings_of(practice, data_dir))
    if (new_key or drop_old_keys) and settings.data_key is not None:
        raise ConfigError("the keys are in CARELINE_DATA_KEY: put the new one first there", key="CARELINE_DATA_KEY")
    if new_key and drop_old_keys:
        raise ConfigError("a new key comes first; the older ones go in a later run", key="--drop-old-keys")
    if drop_old_keys and settings.database_url is not None:
        raise ConfigError(_ELSEWHERE, key="--drop-old-keys")
    if new_key:
        file = add_key(settings.data_dir)
        click.echo(
            f"A new key stands first in {file}. Restart every running server, then run `careline records rotate`."
        )
        return 0
    done = run_async(_rotate(settings, drop_old_keys))
    for table, count in sorted(done.counts.items()):
        click.echo(f"{table:15} {count} sealed anew")
    for place in done.unreadable:
        click.echo(f"unreadable: {place}", err=True)
    if done.unreadable:
        return 1
    click.echo(f"{done.total} sealed anew, 0 unreadable" + ("; the older keys are gone" if drop_old_keys else ""))
    return 0


async def _rotate(settings: Settings, drop_old_keys: bool) -> Resealed:
    storage = await open_kept(settings, SystemClock())
    try:
        done = await _sealed_anew(storage)
        await storage.audit.record(
            actor="operator", action="keys_changed", subject=storage.sealer.key_id, detail={"sealed_anew": done.total}
        )
        if drop_old_keys and not done.unreadable:
            await _drop(storage, settings.data_dir, done)
    finally:
        await storage.close()
    return done


async def _drop(storage: Storage, folder: Path, done: Resealed) -> None:
    """Take the older keys away, once nobody can seal with them and nothing is sealed with them. Raises CarelineError."""
    with KeyUse() as alone:
        if alone.take(folder, storage.sealer.older):
            raise CarelineError(_STILL_USED)
        since = await _sealed_anew(storage)  # what was written before its writer ended
        for name, count in since.counts.items():
            done.counts[name] = done.counts.get(name, 0) + count
        again = await _sealed_anew(storage)
        if again.total or since.unreadable or again.unreadable:
            raise CarelineError(_STILL_NEEDED)
        drop_older_keys(folder)


async def _sealed_anew(storage: Storage) -> Resealed:
    done = await reseal(storage.database, storage.sealer, storage.audit, (*OWN, *SCHEDULE))
    checkpoints = await storage.checkpoints()
    try:
        counted, unreadable = await checkpoints.reseal(storage.sealer)
    finally:
        await checkpoints.close()
    if counted:
        done.counts["checkpoints"] = counted
    done.unreadable += ["checkpoints"] * unreadable
    return done
