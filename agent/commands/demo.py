"""`careline demo`: the demo practice with chat page and staff console; no key, no account, no network."""

from pathlib import Path

import click

from agent.commands.listening import address, take
from agent.commands.opening import open_for
from agent.commands.running import quiet, run_async, settings_of
from agent.commands.serve import serve_house
from agent.settings import Settings
from agent.staff.parts import DemoSignIn

DEMO = DemoSignIn(name="demo", password="careline-demo")  # noqa: S106 - shown on the demo's own sign-in page
HOST = "127.0.0.1"


def run(practice: Path | None, data_dir: Path | None, port: int, clock: str | None) -> int:
    """Serve the demo until interrupted."""
    quiet()
    settings = settings_of(practice, data_dir or Path(".data/demo"))
    run_async(_demo(settings, port, clock))
    return 0


async def _demo(settings: Settings, port: int, clock: str | None) -> None:
    from agent.commands.demo_patients import add_demo_patients

    with take(HOST, port) as door:
        click.echo("Careline demo: loading models and opening the demo practice ...", err=True)
        opened = await open_for(settings, world=None, clock=clock, unreviewed=True)
        users = opened.house.storage.users
        await add_demo_patients(opened.house)
        if DEMO.name not in {account.name for account in await users.every()}:
            await users.add(DEMO.name, role="admin", password=DEMO.password)
        await serve_house(opened, door, tell=lambda: click.echo(_welcome(address(door))), demo=DEMO)


def _welcome(here: str) -> str:
    return (
        f"\n  Chat:   {here}/"
        f"\n  Staff:  {here}/staff   sign in as {DEMO.name} / {DEMO.password}"
        "\n  Try:    I am Maria Gonzalez, born April 12, 1982, and need a follow-up with Dr. Kim"
        "\n  Note:   everything is made up; no clinician has reviewed the demo's red-flag rules."
        "\n  Stop with Ctrl-C.\n"
    )
