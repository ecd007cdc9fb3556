"""`careline chat`: talk to it in the terminal; works with piped input."""

import sys
from pathlib import Path

import click

from agent.commands.opening import open_for
from agent.commands.running import quiet, run_async, settings_of
from agent.domain.text import Lang
from agent.settings import Settings, shipped


def run(
    practice: Path | None,
    data_dir: Path | None,
    world: Path | None,
    clock: str | None,
    unreviewed: bool,
    lang: Lang | None,
) -> int:
    """Chat until the conversation ends or there is nothing more to read."""
    quiet()
    run_async(_chat(settings_of(practice, data_dir), world, clock, unreviewed, lang))
    return 0


async def _chat(settings: Settings, world: Path | None, clock: str | None, unreviewed: bool, lang: Lang | None) -> None:
    from agent.channels.terminal import converse, load_terminal_texts

    opened = await open_for(settings, world=world, clock=clock, unreviewed=unreviewed)
    house = opened.house
    try:
        texts = load_terminal_texts(settings.prompts or shipped("prompts"), house.folder.practice.languages)
        await converse(house.front_desk, texts=texts, read=_read_line, write=click.echo, lang=lang)
    finally:
        await house.close()


def _read_line() -> str | None:
    """Return the next line, None at the end; a prompt is shown to people only."""
    if sys.stdin.isatty():
        click.echo("> ", nl=False)
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None
