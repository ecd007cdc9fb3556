"""Makes sure, before a driver touches it, that a database file can be used."""

import os
from pathlib import Path

from agent.domain.errors import ConfigError

_MAGIC = b"SQLite format 3\0"


def ready(file: Path) -> Path:
    """Return the file, made (mode 0600) when missing; its folder (mode 0700) too. Raises ConfigError."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "rb") as opened:
            start = opened.read(len(_MAGIC))
    except OSError as refused:
        raise ConfigError(f"the data cannot be read or written here ({refused.strerror})", file=file) from None
    if start not in {b"", _MAGIC}:
        raise ConfigError("this file is not a database", file=file)
    return file
