"""Copies a SQLite data folder of Careline while it runs, or stands: `python3 deploy/backup.py DATA COPY [--with-key]`.

Needs Python alone. Each file is copied as of one moment, without keeping anybody waiting; the graph's state first, so
that it is never ahead of the schedule. The copy is checked. COPY must be missing or empty.

The data key is left out: whoever has both reads everything, and without it the copy is worth nothing, so keep it
elsewhere. To restore, stop Careline, put the copy in the place of the data folder, with its `data.key` or
CARELINE_DATA_KEY, and start it. The index of the practice's texts is made anew by itself.
"""

import argparse
import contextlib
import shutil
import sqlite3
import sys
from pathlib import Path

FILES = ("checkpoints.sqlite", "careline.sqlite")
KEY = "data.key"


def back_up(data: Path, copy: Path, *, with_key: bool = False) -> list[Path]:
    """Copy a data folder; return the files made. Raises OSError, sqlite3.Error, ValueError."""
    missing = [name for name in FILES if not (data / name).is_file()]
    if missing:
        raise ValueError(f"{data} is no data folder of Careline: {missing[0]} is missing")
    if copy.exists() and any(copy.iterdir()):
        raise ValueError(f"{copy} is not empty")
    copy.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = [_copied(data / name, copy / name) for name in FILES]
    if with_key:
        made.append(Path(shutil.copy2(data / KEY, copy / KEY)))
    return made


def _copied(file: Path, to: Path) -> Path:
    to.touch(mode=0o600)
    with (
        contextlib.closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as source,
        contextlib.closing(sqlite3.connect(to)) as target,
    ):
        source.backup(target)
        found = target.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise ValueError(f"the copy of {file.name} is damaged: {found}")
    return to


def main() -> int:
    """Copy, and say what was made."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("data", type=Path)
    given.add_argument("copy", type=Path)
    given.add_argument("--with-key", action="store_true", help="copy the key file, too")
    arguments = given.parse_args()
    try:
        made = back_up(arguments.data, arguments.copy, with_key=arguments.with_key)
    except (OSError, sqlite3.Error, ValueError) as failed:
        sys.stderr.write(f"backup: {failed}\n")
        return 1
    for file in made:
        sys.stdout.write(f"{file} {file.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
