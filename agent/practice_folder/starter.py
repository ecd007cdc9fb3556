"""Writes a starter practice folder: a copy of the demo practice, to be edited line by line."""

import shutil
from pathlib import Path

import agent
from agent.domain.errors import ConfigError
from agent.practice_folder.practice import FILE

NOTE = "# A starter folder, copied from the demo practice: change every fact below to your own.\n"


def demo_folder() -> Path:
    """Return the demo practice's folder, in an installed package or in a checkout."""
    package = Path(agent.__file__).parent
    installed = package / "data" / "knowledge"
    return installed if installed.is_dir() else package.parent / "knowledge"


def starter(folder: Path) -> list[Path]:
    """Write a starter folder and return its files; ConfigError when something is there already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError("something is here already; name a new or empty folder", file=folder)
    try:
        shutil.copytree(demo_folder(), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("demo_*"))
        facts = folder / FILE
        _, _, below = facts.read_text("utf-8").partition("\n")
        facts.write_text(NOTE + below, "utf-8")
    except OSError as failed:
        raise ConfigError(f"the folder cannot be written ({failed.strerror})", file=folder) from failed
    return sorted(file for file in folder.rglob("*") if file.is_file())
