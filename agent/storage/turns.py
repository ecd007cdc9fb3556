"""One turn of a conversation at a time, and one sweeper, among all processes on one PostgreSQL.

Advisory locks of one session of this process: when the process is gone, so are they. With a file there is one
process, whose own queues are enough. A database that is away locks nothing: nothing can be written either.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from agent.domain.errors import ServiceError
from agent.storage.engine import Database
from agent.storage.failing import Translated

log = logging.getLogger("careline.storage")
LONGEST = 60.0
"""Seconds after which a turn no longer waits for another process's turn of the same conversation."""
_LOOK = 0.03
_TAKE = sa.text("SELECT pg_try_advisory_lock(:id)")
_GIVE = sa.text("SELECT pg_advisory_unlock(:id)")


class TurnLocks:
    """Whose turn it is, across processes."""

    def __init__(self, database: Database) -> None:
        self._server = database.server
        self._asking = asyncio.Lock()
        self._session: AsyncConnection | None = None
        self._opened = AsyncExitStack()
        self._leading: AsyncConnection | None = None

    @asynccontextmanager
    async def turn(self, conversation: str) -> AsyncIterator[None]:
        """Wait until no other process answers in this conversation, and keep it so."""
        if self._server is None:
            yield
            return
        id = _number(f"turn:{conversation}")
        held = await self._taken(id)
        try:
            yield
        finally:
            if held:
                await asyncio.shield(self._given_back(id))

    async def leads(self) -> bool:
        """Say whether this process is the one that sweeps; with a file it always is."""
        if self._server is None:
            return True
        if self._leading is not None and self._leading is self._session and not self._leading.invalidated:
            return True
        try:
            leads = await self._ask(_TAKE, _number("sweeper"))
        except ServiceError:
            return False
        self._leading = self._session if leads else None
        return leads

    async def close(self) -> None:
        """Give back every lock."""
        await self._opened.aclose()
        self._session = None

    async def _taken(self, id: int) -> bool:
        until = asyncio.get_running_loop().time() + LONGEST
        try:
            while not await self._ask(_TAKE, id):
                if asyncio.get_running_loop().time() > until:
                    log.warning("turn_not_waited_for")
                    return False
                await asyncio.sleep(_LOOK)
        except ServiceError:
            return False
        return True

    async def _given_back(self, id: int) -> None:
        try:
            await self._ask(_GIVE, id)
        except ServiceError:
            log.info("turn_lock_lost")

    async def _ask(self, question: sa.TextClause, id: int) -> bool:
        """Ask the server in our session. Raises ServiceError, after which the next question opens a new session."""
        async with self._asking:
            with Translated():
                try:
                    session = await self._opened_session()
                    return bool((await session.execute(question, {"id": id})).scalar())
                except BaseException:  # also when cancelled: a session in doubt holds no lock
                    stale, self._opened, self._session = self._opened, AsyncExitStack(), None
                    await _closed(stale)
                    raise

    async def _opened_session(self) -> AsyncConnection:
        if self._session is None:
            assert self._server is not None
            arguments = {
                "timeout": 4.0,
                "command_timeout": 10.0,
                "server_settings": {"application_name": "careline turns"},
            }
            engine = create_async_engine(
                self._server,
                poolclass=NullPool,
                isolation_level="AUTOCOMMIT",
                hide_parameters=True,
                connect_args=arguments,
            )
            self._opened.push_async_callback(engine.dispose)
            self._session = await self._opened.enter_async_context(engine.connect())
        return self._session


async def _closed(stale: AsyncExitStack) -> None:
    try:
        await stale.aclose()
    except Exception as gone:  # the session was cut: there is nothing left to close
        log.debug("session_gone %s", type(gone).__name__)


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
