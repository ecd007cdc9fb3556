"""Where a run keeps its data: small disks of memory that can be filled to the brim, each engine on its own."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.servers import CannotStart, PostgresServer

SMALL, LARGE = 24, 192
"""Megabytes of the disk of a file, and of a server."""


@dataclass(frozen=True, kw_only=True)
class Disk:
    """A file system of its own. `real`: it can be filled; else it is a folder, and only limits of a process fill it."""

    folder: Path
    real: bool

    def fill(self) -> None:
        """Leave no free block."""
        if not self.real:
            return
        free = shutil.disk_usage(self.folder).free
        with contextlib.suppress(OSError), self._ballast.open("ab") as ballast:
            os.posix_fallocate(ballast.fileno(), self._ballast.stat().st_size, max(1, free))
        with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
            while True:
                ballast.write(bytes(4_096))

    def free(self) -> None:
        """Give the room back."""
        self._ballast.unlink(missing_ok=True)

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"


@contextlib.contextmanager
def disk(megabytes: int) -> Iterator[Disk]:
    """Mount a small disk of memory; a plain folder where nothing may be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="careline-disk-"))
    mounted = not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "careline", str(folder)],
        check=False, capture_output=True,
    ).returncode  # fmt: skip
    try:
        yield Disk(folder=folder, real=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


async def up(server: PostgresServer) -> None:
    """Wait until a server answers; start it when its own recovery gave up."""
    for attempt in range(100):
        with contextlib.suppress(subprocess.CalledProcessError):
            await asyncio.to_thread(server.sql, "SELECT 1")
            return
        if attempt % 20 == 2:
            with contextlib.suppress(CannotStart):
                await asyncio.to_thread(server.start)
        await asyncio.sleep(0.1)
    raise CannotStart("the server never came back")
