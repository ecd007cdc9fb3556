"""Word lists of the recognizers: text files beside this module, one entry a line, ``#`` starts a comment."""

from functools import cache
from pathlib import Path

import yaml

from agent.phi.keys import plain

FOLDER = Path(__file__).parent / "words"


@cache
def words(name: str) -> frozenset[str]:
    """Return the entries of words/<name>.txt in plain form; several may share a line, divided by blanks unless `|` divides them."""
    found: set[str] = set()
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        entry = line.partition("#")[0].strip()
        found.update(plain(part) for part in (entry.split("|") if "|" in entry else entry.split()))
    return frozenset(found - {""})


@cache
def phrases(name: str) -> dict[str, tuple[str, ...]]:
    """Return words/<name>.yaml: named lists of phrases or patterns."""
    # BaseLoader: every scalar stays text ("no" and "on" are words here), and nothing can be constructed.
    read = yaml.load((FOLDER / f"{name}.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    return {str(key): tuple(str(item) for item in value) for key, value in read.items()}
