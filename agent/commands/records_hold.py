"""`careline records hold` and `release`: a legal hold on a patient or a conversation."""

from pathlib import Path

import click

from agent.app import open_kept
from agent.commands.running import existing_data, quiet, run_async, settings_of
from agent.domain.clock import SystemClock
from agent.domain.errors import ConfigError
from agent.ehr.directory import Directory
from agent.settings import Settings
from agent.storage.holds import Hold
from agent.storage.open import Storage


def run(practice: Path | None, data_dir: Path | None, subject: str, by: str, reason: str | None) -> int:
    """Set the hold, or end it when there is no reason any more."""
    if reason is not None and not reason.strip():
        raise ConfigError("a hold needs a reason", key="--reason")
    quiet()
    settings = existing_data(settings_of(practice, data_dir))
    run_async(_hold(settings, subject, by, reason))
    click.echo(f"{subject}: " + ("held until released" if reason else "released"))
    return 0


async def _hold(settings: Settings, subject: str, by: str, reason: str | None) -> None:
    clock = SystemClock()
    storage = await open_kept(settings, clock)
    try:
        if reason is None:
            if not await storage.holds.release(subject):
                raise ConfigError(f"no hold stands on {subject!r}")
        else:
            if not await _is_known(storage, subject):
                raise ConfigError(f"there is no patient and no conversation {subject!r}")
            await storage.holds.put(Hold(subject=subject, reason=reason, by=by, at=clock.now()))
        action = "hold_set" if reason else "hold_released"
        await storage.audit.record(actor="operator", action=action, subject=subject, detail={"by": by})
    finally:
        await storage.close()


async def _is_known(storage: Storage, subject: str) -> bool:
    """Say whether there is such a patient or conversation, or a ticket that outlived its conversation."""
    if await storage.conversations.state_of(subject) is not None:
        return True
    if await Directory(storage.database, storage.sealer).patient(subject) is not None:
        return True
    return bool(await storage.tickets.list(conversation=subject, limit=1))
