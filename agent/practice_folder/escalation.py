"""Reads escalation.yaml: what red flags and hand-overs say, and whom they call."""

from pathlib import Path

from agent.domain.escalation import Escalation
from agent.practice_folder.located_yaml import read_yaml
from agent.practice_folder.strictly import fit

FILE = "escalation.yaml"


def read_escalation(folder: Path) -> Escalation:
    """Read a practice folder's rules; ConfigError, with file, line and key, at the first thing that is wrong."""
    return fit(read_yaml(folder / FILE), Escalation)
