"""The database: one SQLite file by default, PostgreSQL by address. The only file that knows which engine it is.

Readers never wait for writers. On SQLite the writers of one process queue up in order; those of other processes wait
`BUSY` for the lock. On PostgreSQL writers run side by side, and a server that restarts is waited for. A write runs in
a task of its own, so that a caller who hangs up never cuts it in half.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from agent.domain.errors import ConfigError, ServiceDown, ServiceError
from agent.storage.addresses import FORM, KEY, address_of, is_server
from agent.storage.failing import Translated, away, crossed, is_drivers, never_sent, sentence
from agent.storage.files import ready
from agent.storage.migrate import upgrade

__all__ = ["FILE", "Database", "Translated", "open_database", "sentence"]

T = TypeVar("T")
log = logging.getLogger("careline.storage")
FILE = "careline.sqlite"
BUSY = 5.0
"""Seconds a writer waits for another process's write."""
QUEUE = 10.0
"""Seconds a writer waits for the other writers of this process."""
PATIENCE = 4.0
"""Seconds a server that restarts is waited for, while nothing of the transaction can have happened yet."""
_AGAIN = 0.1
_NOTICED = 2
"""Rounds of the event loop in which a driver notices that the server has closed a connection."""
IDLE = 30.0
"""Seconds after which a connection that nobody used is asked whether it still works."""
_POOL = {"pool_size": 8, "max_overflow": 12, "pool_timeout": 5.0}
_SERVER = {"application_name": "careline", "lock_timeout": "8s", "idle_in_transaction_session_timeout": "60s"}


class Database:
    """Read and write transactions over one engine. `patience`: seconds a server that is away is waited for."""

    def __init__(self, engine: AsyncEngine, *, patience: float = PATIENCE) -> None:
        self.engine = engine
        self._patience = patience
        self._server = engine.dialect.name != "sqlite"
        self._reads = engine
        self._single = engine
        if self._server:  # on SQLite every transaction sees one state
            self._reads = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._single = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._queue = None if self._server else asyncio.Lock()
        self._running: set[asyncio.Future[Any]] = set()

    @property
    def server(self) -> sa.URL | None:
        """The address of the server that several processes share; None for a file."""
        return self.engine.url if self._server else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that sees one consistent state. Raises ServiceError."""
        with Translated():
            async with AsyncExitStack() as open_:
                yield await self._connected(open_, self._reads)

    async def rows(self, statement: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        """READ by one statement, which sees one state by itself; again for a while when the server is away.

        Raises ServiceError.
        """
        until = asyncio.get_running_loop().time() + self._patience
        while True:
            try:
                with Translated():
                    async with AsyncExitStack() as open_:
                        connection = await self._connected(open_, self._single)
                        found: Sequence[sa.Row[Any]] = (await connection.execute(statement)).all()
                        return found
            except ServiceDown as failed:
                lost = self._server and failed.__context__ is not None and away(failed.__context__)
                if not lost or asyncio.get_running_loop().time() > until:
                    raise
            await asyncio.sleep(_AGAIN)

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run `work` in one transaction, to its end even when the caller is cancelled.

        All or nothing: any error takes everything back. Raises ServiceError; IntegrityError goes through, because it
        is the schema's answer to `work`. `work` may be run again, when nothing of it has happened.
        """
        running = asyncio.ensure_future(self._write(work))
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return await asyncio.shield(running)

    async def _write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run `work`; again for a while, and once more in any case when it was cut off, however long it had run."""
        until = asyncio.get_running_loop().time() + self._patience
        cut_off = 0
        while True:
            attempt = _Attempt()
            try:
                with Translated():
                    return await self._attempt(work, attempt)
            except ServiceDown:
                cut_off += attempt.begun
                late = asyncio.get_running_loop().time() > until
                if not attempt.may_be_repeated or (late and not (attempt.begun and cut_off == 1)):
                    raise
            await asyncio.sleep(_AGAIN)

    async def _attempt(self, work: Callable[[AsyncConnection], Awaitable[T]], attempt: "_Attempt") -> T:
        try:
            async with self._turn(), AsyncExitStack() as open_:
                connection = await self._connected(open_, self.engine)
                await connection.execution_options(careline_writes=True)
                async with connection.begin():
                    attempt.begun = True
                    result = await work(connection)
                    attempt.committing = True
                return result
        except Exception as failure:  # any at all: whether the write stands is noted, and the failure goes on
            undone = not attempt.committing or never_sent(failure)
            attempt.may_be_repeated = crossed(failure) or (self._server and away(failure) and undone)
            raise

    async def _connected(self, open_: AsyncExitStack, engine: AsyncEngine) -> AsyncConnection:
        """Return a connection that works; one to a server that is away is tried for a while."""
        until = asyncio.get_running_loop().time() + self._patience
        while True:
            if self._server:
                for _ in range(_NOTICED):
                    await asyncio.sleep(0)
            try:
                connection = await open_.enter_async_context(engine.connect())
                if self._server and engine is self._reads:  # what is read in several steps cannot be begun again later
                    await connection.exec_driver_sql("SELECT 1")
                return connection
            except Exception as failure:  # each driver has errors of its own; all but a server away go on
                await open_.aclose()
                waits = self._server and is_drivers(failure) and away(failure)
                if not waits or asyncio.get_running_loop().time() > until:
                    raise
            await asyncio.sleep(_AGAIN)

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


class _Attempt:
    """How far a write came."""

    begun = False
    committing = False
    may_be_repeated = False


async def open_database(where: Path | str, *, busy: float = BUSY) -> Database:
    """Open, or make, the database and bring its tables up to date.

    Args:
        where: The data folder (made when missing), or a database address such as ``postgresql+asyncpg://...``.
        busy: Seconds to wait for another process's write.

    Raises:
        ConfigError: The folder or the database cannot be used; one sentence says why.

    """
    file = ready(where / FILE) if isinstance(where, Path) else None
    url = sa.URL.create("sqlite+aiosqlite", database=str(file)) if file else address_of(str(where))
    engine = _engine(url, busy)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _connected)
        event.listen(engine.sync_engine, "begin", _begun)
    else:
        event.listen(engine.sync_engine, "checkin", _came_back)
        event.listen(engine.sync_engine, "checkout", partial(_goes_out, engine.dialect))
    database = Database(engine)
    try:
        await _there(database)
        await database.write(lambda connection: connection.run_sync(upgrade))
    except (ServiceError, DBAPIError, OSError) as failed:
        await database.close()
        reason = str(failed) if isinstance(failed, ServiceError) else type(failed).__name__
        raise ConfigError(f"the data cannot be used ({reason})", file=file, key=None if file else KEY) from None
    except BaseException:  # also a cancelled start leaves no connection open
        await database.close()
        raise
    return database


async def _there(database: Database) -> None:
    """Ask a server once, without patience: whoever starts wants to know at once."""
    if database.server is not None:
        with Translated():
            async with database.engine.connect():
                pass


def _engine(url: sa.URL, busy: float) -> AsyncEngine:
    server = is_server(url)
    arguments = {"timeout": busy, **({"command_timeout": 30.0, "server_settings": _SERVER} if server else {})}
    if not server and not url.drivername.startswith("sqlite"):
        arguments = {}
    try:
        return create_async_engine(url, hide_parameters=True, connect_args=arguments, **(_POOL if server else {}))
    except ModuleNotFoundError as driver:
        raise ConfigError(f"the driver {driver.name} is not installed", key=KEY) from None
    except (ArgumentError, InvalidRequestError):  # its words may repeat the address, and with it a password
        raise ConfigError(f"this is not an address of a database; write {FORM}", key=KEY) from None


def _connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _came_back(_connection: object, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _goes_out(dialect: Any, connection: Any, record: Any, _borrowed: object) -> None:
    """Let no connection be used that is known to be gone: the driver hears of it, so that it need not be asked."""
    quiet = time.monotonic() - record.info.get("used", time.monotonic())
    if connection.driver_connection.is_closed() or (quiet > IDLE and not _answers(dialect, connection)):
        raise InvalidatePoolError  # then all of them are, and new ones are made


def _answers(dialect: Any, connection: Any) -> bool:
    try:
        return bool(dialect.do_ping(connection))
    except Exception as gone:  # whatever a driver says of a connection that is no more
        log.debug("connection_gone %s", type(gone).__name__)
        return False


def _begun(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("careline_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
