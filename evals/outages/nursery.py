"""Workers that are cheap to kill: processes forked from one that has loaded everything slow.

The nursery is a process of one thread, forked before anything else begins. Asked on its pipe, it forks a worker, which
connects to a socket and does as it is told (see `worker.py`). The index of the texts is opened by each worker itself,
from a folder made beforehand: its store does not survive a fork.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from agent.app import Folder, Models, load_models, open_knowledge, read_folder
from agent.domain.clock import SystemClock
from agent.phi.redactor import Redactor
from agent.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What all workers share."""

    models: Models
    folders: dict[Path, tuple[Folder, Redactor]]
    indexes: Path

    def index(self, folder: Path) -> Path:
        """Return where the index of a practice's texts lies."""
        return self.indexes / str(sorted(self.folders).index(folder.resolve()))

    def practice(self, folder: Path) -> tuple[Folder, Redactor]:
        """Return a practice's folder as read, and what masks there."""
        return self.folders[folder.resolve()]


def load(folders: Iterable[Path], indexes: Path) -> Loaded:
    """Load everything, make the indexes in a process of their own, import what is imported late."""
    import chromadb  # noqa: F401
    import langgraph.graph  # noqa: F401
    import openai  # noqa: F401

    models, read = load_models(), dict[Path, tuple[Folder, Redactor]]()
    for path in sorted({folder.resolve() for folder in folders}):
        folder = read_folder(path)
        redactor = Redactor(folder.practice)
        redactor.load()
        read[path] = (folder, redactor)
    loaded = Loaded(models=models, folders=read, indexes=indexes)
    for path, (folder, _) in read.items():
        _apart(partial(_indexed, loaded.index(path), folder, models))
    return loaded


def _indexed(at: Path, folder: Folder, models: Models) -> None:
    open_knowledge(Settings(data_dir=at), folder, models.encoders, SystemClock())


def _apart(work: Callable[[], object]) -> None:
    """Do something in a child, and wait for it."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # a fork must never run on in its parent's code
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("an index could not be made")


@dataclass(frozen=True, kw_only=True)
class Nursery:
    """The process that forks workers."""

    pipe: int
    pid: int

    @classmethod
    def open(cls, work: Callable[[str], object]) -> "Nursery":
        """Fork it. `work` is what a worker does with the address of the socket it was asked for."""
        out, into = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(into)
            _breed(out, work)
        os.close(out)
        return cls(pipe=into, pid=pid)

    def ask(self, address: Path) -> None:
        """Have a worker forked that connects to a Unix socket."""
        os.write(self.pipe, f"{address}\n".encode())

    def close(self) -> None:
        """End it; workers end when their sockets close."""
        os.close(self.pipe)
        os.waitpid(self.pid, 0)


def _breed(out: int, work: Callable[[str], object]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(out, "r") as asked:
        for line in asked:
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                try:
                    work(line.strip())
                except (ConnectionError, asyncio.IncompleteReadError, KeyboardInterrupt):
                    pass
                finally:
                    os._exit(0)
    os._exit(0)
