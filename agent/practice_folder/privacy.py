"""Reads privacy.yaml: who may hear what, and how long records are kept."""

from pathlib import Path

from agent.domain.privacy import Privacy
from agent.practice_folder.located_yaml import read_yaml
from agent.practice_folder.strictly import fit

FILE = "privacy.yaml"


def read_privacy(folder: Path) -> Privacy:
    """Read a practice's own table and periods; the defaults where it has none. ConfigError names file, line and key."""
    if not (folder / FILE).exists():
        return Privacy()
    return fit(read_yaml(folder / FILE), Privacy)
