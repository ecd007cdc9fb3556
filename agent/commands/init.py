"""`careline init DIR`: a starter practice folder to edit."""

from pathlib import Path

import click


def run(folder: Path) -> int:
    """Write the folder; refuses to overwrite."""
    from agent.practice_folder import starter

    starter(folder)
    click.echo(f"Wrote a starter practice to {folder}. Edit practice.yaml, then: careline check --practice {folder}")
    return 0
