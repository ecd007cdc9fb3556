"""`careline serve`: Careline for a real practice with the operator's settings."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.commands.listening import address, listen, take
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
    with take(host, port) as door:
        opened = await open_for(settings, world=world, clock=clock, unreviewed=unreviewed)
        here = address(door)
        name = opened.house.folder.practice.name
        await serve_house(opened, door, tell=lambda: click.echo(f"{name}: {here}  staff: {here}/staff", err=True))


async def serve_house(
    opened: Opened, door: socket.socket, *, tell: Callable[[], None], demo: "DemoSignIn | None" = None
) -> None:
    """Listen, `tell` so, and serve an opened house until told to stop; close it afterwards."""
    from agent.app import web
    from agent.channels.server import server_config
    from agent.commands.stopping import PoliteServer

    host, port = door.getsockname()[:2]
    try:
        app = web(opened.house, opened.settings, demo=demo)
        farewell = app.state.phone.parts.lines.drain
        listen(door)
        tell()
        await PoliteServer(server_config(app, host=host, port=port), farewell=farewell).serve([door])
    finally:
        await opened.house.close()
