"""The database: one SQLite file by default, PostgreSQL by address. The only file that knows which engine it is.

Readers never wait for writers. On SQLite the writers of one process queue up in order; those of other processes wait
`BUSY` for the lock. A write runs in a task of its own, so that a caller who hangs up never cuts it in half.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InvalidRequestError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from agent.domain.errors import ConfigError, ServiceDown, ServiceError
from agent.storage.files import ready
from agent.storage.migrate import upgrade

T = TypeVar("T")
FILE = "careline.sqlite"
BUSY = 5.0
"""Seconds a writer waits for another process's write."""
QUEUE = 10.0
"""Seconds a writer waits for the other writers of this process."""

_SENTENCES = {
    "database is locked": "another process has been writing for too long",
    "database or disk is full": "the disk is full",
    "disk i/o error": "the disk refused to write, it may be full",
    "readonly database": "its file may not be written",
    "unable to open database file": "its file cannot be opened or made",
    "malformed": "its file is damaged",
    "file is not a database": "its file is not a database",
}


class Database:
    """Read and write transactions over one engine."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._queue = asyncio.Lock() if engine.dialect.name == "sqlite" else None
        self._running: set[asyncio.Future[Any]] = set()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that sees one consistent state. Raises ServiceError."""
        with Translated():
            async with self.engine.connect() as connection:
                yield connection

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run `work` in one transaction, to its end even when the caller is cancelled.

        All or nothing: any error takes everything back. Raises ServiceError; IntegrityError goes through, because it
        is the schema's answer to `work`.
        """
        running = asyncio.ensure_future(self._write(work))
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return await asyncio.shield(running)

    async def _write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        with Translated():
            async with self._turn(), self.engine.connect() as connection:
                await connection.execution_options(careline_writes=True)
                async with connection.begin():
                    return await work(connection)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._queue is None:
            yield
            return
        try:
            await asyncio.wait_for(self._queue.acquire(), QUEUE)
        except TimeoutError:
            raise ServiceDown("database", "too many writes are waiting") from None
        try:
            yield
        finally:
            self._queue.release()

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


async def open_database(where: Path | str, *, busy: float = BUSY) -> Database:
    """Open, or make, the database and bring its tables up to date.

    Args:
        where: The data folder (made when missing), or a database address such as ``postgresql+asyncpg://...``.
        busy: Seconds to wait for another process's write.

    Raises:
        ConfigError: The folder or the database cannot be used; one sentence says why.

    """
    url = _address(ready(where / FILE)) if isinstance(where, Path) else where
    engine = _engine(url, busy)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _connected)
        event.listen(engine.sync_engine, "begin", _begun)
    database = Database(engine)
    try:
        await database.write(lambda connection: connection.run_sync(upgrade))
    except (ServiceError, DBAPIError, OSError) as failed:
        await database.close()
        reason = str(failed) if isinstance(failed, ServiceError) else type(failed).__name__
        place = where / FILE if isinstance(where, Path) else None
        raise ConfigError(f"the data cannot be used ({reason})", file=place) from None
    return database


def _engine(url: str, busy: float) -> AsyncEngine:
    try:
        return create_async_engine(url, hide_parameters=True, connect_args=_arguments(url, busy))
    except ModuleNotFoundError as driver:
        raise ConfigError(f"the driver {driver.name} is not installed", key="CARELINE_DATABASE_URL") from None
    except (ArgumentError, InvalidRequestError):  # its words may repeat the address, and with it a password
        form = "sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST/NAME"
        raise ConfigError(f"this is not an address of a database; write {form}", key="CARELINE_DATABASE_URL") from None


def _address(file: Path) -> str:
    return sa.URL.create("sqlite+aiosqlite", database=str(file)).render_as_string(hide_password=False)


def _arguments(url: str, busy: float) -> dict[str, Any]:
    return {"timeout": busy} if url.startswith("sqlite") else {}


def _connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begun(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("careline_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Translated:
    """Turns a driver's error into one sentence without its parameters."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, PoolTimeout):
            raise ServiceDown("database", "too many reads are waiting") from None
        if isinstance(error, sqlite3.Error | DBAPIError) and not isinstance(error, IntegrityError):
            raise ServiceDown("database", sentence(error)) from None


def sentence(error: BaseException) -> str:
    """Say in plain words why the database failed; never what was written."""
    words = str(getattr(error, "orig", None) or error).lower()
    for mark, plain in _SENTENCES.items():
        if mark in words:
            return plain
    return f"it failed with {type(getattr(error, 'orig', None) or error).__name__}"
