"""`careline user add NAME --role ROLE`: a staff account."""

import secrets
import sys
from pathlib import Path

import click

from agent.app import open_kept
from agent.commands.running import quiet, run_async, settings_of
from agent.domain.clock import SystemClock
from agent.settings import Settings
from agent.storage.users import Role


def run(practice: Path | None, data_dir: Path | None, name: str, role: Role) -> int:
    """Create the account; the password is asked for, or made and printed when nobody can be asked."""
    quiet()
    settings = settings_of(practice, data_dir)
    asked = sys.stdin.isatty()
    password = (
        click.prompt("First password", hide_input=True, confirmation_prompt=True)
        if asked
        else secrets.token_urlsafe(12)
    )
    run_async(_add(settings, name, role, password))
    click.echo(f"Added {name} ({role})." + ("" if asked else f" First password: {password}"))
    return 0


async def _add(settings: Settings, name: str, role: Role, password: str) -> None:
    storage = await open_kept(settings, SystemClock())
    try:
        await storage.users.add(name, role=role, password=password)
    finally:
        await storage.close()
