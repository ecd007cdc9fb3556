"""`careline serve`: Careline for a real practice with the operator's settings."""

import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.commands.listening import address, listen
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
    with listen(host, port) as door:
        opened = await open_for(settings, world=world, clock=clock, unreviewed=unreviewed)
        here = address(door)
        click.echo(f"{opened.house.folder.practice.name}: {here}  staff: {here}/staff", err=True)
        await serve_house(opened, door)


async def serve_house(opened: Opened, door: socket.socket, *, demo: "DemoSignIn | None" = None) -> None:
    """Serve an opened house on a listening socket until told to stop, and close it afterwards."""
    from agent.app import web
    from agent.channels.server import server_config
    from agent.commands.stopping import PoliteServer

    host, port = door.getsockname()[:2]
    try:
        app = web(opened.house, opened.settings, demo=demo)
        farewell = app.state.phone.parts.lines.drain
        await PoliteServer(server_config(app, host=host, port=port), farewell=farewell).serve([door])
    finally:
        await opened.house.close()
