"""`careline serve`: Careline for a real practice with the operator's settings."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.commands.opening import Opened, open_for
from agent.commands.running import quiet, run_async, settings_of
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.staff.parts import DemoSignIn


def run(
    practice: Path | None,
    data_dir: Path | None,
    host: str,
    port: int,
    world: Path | None,
    clock: str | None,
    unreviewed: bool,
) -> int:
    """Serve until interrupted."""
    quiet()
    run_async(_serve(settings_of(practice, data_dir), host, port, world, clock, unreviewed))
    return 0


async def _serve(
    settings: Settings, host: str, port: int, world: Path | None, clock: str | None, unreviewed: bool
) -> None:
    opened = await open_for(settings, world=world, clock=clock, unreviewed=unreviewed)
    click.echo(
        f"{opened.house.folder.practice.name}: http://{host}:{port}  staff: http://{host}:{port}/staff", err=True
    )
    await serve_house(opened, host, port)


async def serve_house(opened: Opened, host: str, port: int, *, demo: "DemoSignIn | None" = None) -> None:
    """Serve an opened house and close it afterwards."""
    import uvicorn

    from agent.app import web
    from agent.channels.server import server_config

    app = web(opened.house, opened.settings, demo=demo)
    try:
        await uvicorn.Server(server_config(app, host=host, port=port)).serve()
    finally:
        await opened.house.close()
