"""The graph's state on PostgreSQL: LangGraph's own saver over a pool of connections, sealed.

LangGraph's saver leaves plain strings and numbers of the state readable in a JSON column, and lets one operation wait
for the other. Here the whole state is one sealed value, and each operation has a connection of its own.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from psycopg import AsyncConnection, AsyncCursor, OperationalError
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from agent.domain.errors import ConfigError
from agent.storage.addresses import KEY, libpq
from agent.storage.checkpoints import BATCH, BOUND, Checkpoints, SealedSerializer, bound_to, require_same, sealed_again
from agent.storage.failing import Translated, sentence
from agent.storage.sealing import Sealer

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple

T = TypeVar("T")
Pool = AsyncConnectionPool[AsyncConnection[DictRow]]
WHOLE = "whole"
"""The one channel that is stored: all channels' values, sealed together."""
PATIENCE = 4.0
"""Seconds a server that restarts is waited for; every operation here may be repeated."""
_SETUP = 0x636172656C696E66
_MOST = 10
_OLDER = (
    "DELETE FROM checkpoints WHERE thread_id = %s AND checkpoint_ns = %s AND checkpoint_id < %s",
    "DELETE FROM checkpoint_writes WHERE thread_id = %s AND checkpoint_ns = %s AND checkpoint_id < %s",
    "DELETE FROM checkpoint_blobs WHERE thread_id = %s AND checkpoint_ns = %s AND version < %s",
)


class PostgresCheckpoints(AsyncPostgresSaver, Checkpoints):
    """The saver of one process. Several processes may share the tables; a turn runs in one at a time."""

    def __init__(self, pool: Pool, sealer: Sealer) -> None:
        super().__init__(pool, serde=SealedSerializer(sealer))
        self.pool = pool

    @asynccontextmanager
    async def _cursor(self, *, pipeline: bool = False) -> AsyncIterator[AsyncCursor[DictRow]]:
        """Give an operation a connection of its own, where LangGraph would let it wait for the one before."""
        async with (
            self.pool.connection() as connection,
            connection.pipeline() if pipeline else nullcontext(),
            connection.cursor(binary=True, row_factory=dict_row) as cursor,
        ):
            yield cursor

    async def aget_tuple(self, config: "RunnableConfig") -> "CheckpointTuple | None":
        """Return the newest checkpoint. Raises ServiceError."""
        with bound_to(config):
            found = await _patiently(lambda: super(PostgresCheckpoints, self).aget_tuple(config))
        if found is None:
            return None
        checkpoint = found.checkpoint.copy()
        whole = checkpoint["channel_values"].get(WHOLE, {})
        require_same(whole.get("of"), found.config["configurable"]["checkpoint_id"])
        checkpoint["channel_values"] = whole["values"]
        checkpoint["channel_versions"] = {k: v for k, v in checkpoint["channel_versions"].items() if k != WHOLE}
        return found._replace(checkpoint=checkpoint)

    async def aput(
        self,
        config: "RunnableConfig",
        checkpoint: "Checkpoint",
        metadata: "CheckpointMetadata",
        new_versions: "ChannelVersions",  # noqa: ARG002 - all values are one here
    ) -> "RunnableConfig":
        """Keep a checkpoint and drop the older ones of its thread. Raises ServiceError."""
        version: ChannelVersions = {WHOLE: checkpoint["id"]}
        sealed = checkpoint.copy()
        sealed["channel_values"] = {WHOLE: {"of": checkpoint["id"], "values": dict(checkpoint["channel_values"])}}
        sealed["channel_versions"] = {**checkpoint["channel_versions"], **version}
        with bound_to(config):
            kept = await _patiently(lambda: super(PostgresCheckpoints, self).aput(config, sealed, metadata, version))
        place = (str(kept["configurable"]["thread_id"]), kept["configurable"]["checkpoint_ns"], checkpoint["id"])
        await _patiently(lambda: self._drop_older(place))
        return kept

    async def _drop_older(self, place: tuple[str, str, str]) -> None:
        async with self._cursor(pipeline=True) as cursor:
            for older in _OLDER:
                await cursor.execute(older, place)

    async def aput_writes(
        self, config: "RunnableConfig", writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Keep what a step wrote before the checkpoint that follows. Raises ServiceError."""
        with bound_to(config):
            await _patiently(lambda: super(PostgresCheckpoints, self).aput_writes(config, writes, task_id, task_path))

    async def adelete_thread(self, thread_id: str) -> None:
        """Forget a conversation's state. Raises ServiceError."""
        await _patiently(lambda: super(PostgresCheckpoints, self).adelete_thread(thread_id))

    async def threads(self) -> list[str]:
        """READ the ids of all conversations whose state is kept."""

        async def work() -> list[str]:
            async with self._cursor() as cursor:
                await cursor.execute("SELECT DISTINCT thread_id FROM checkpoints")
                return [row["thread_id"] for row in await cursor.fetchall()]

        return await _patiently(work)

    async def reseal(self, sealer: Sealer) -> tuple[int, int]:
        """Seal anew, with the first key, what another key sealed. Raises ServiceError.

        Returns how many values were, and how many none of our keys opens.
        """
        done = unreadable = 0
        with Translated():
            for table in ("checkpoint_blobs", "checkpoint_writes"):
                skipped = 0
                while rows := await self._with_other_keys(table, sealer, skipped):
                    fresh = sealed_again(sealer, rows)
                    change = f"UPDATE {table} SET blob = %s WHERE ctid = %s::tid AND blob = %s"  # noqa: S608
                    async with self._cursor() as cursor:
                        await cursor.executemany(change, fresh)
                    done, skipped = done + len(fresh), skipped + len(rows) - len(fresh)
                unreadable += skipped
        return done, unreadable

    async def _with_other_keys(self, table: str, sealer: Sealer, skipped: int) -> list[tuple[str, str, bytes]]:
        wanted = (
            f"SELECT ctid::text AS place, thread_id, blob FROM {table} WHERE substr(blob, 2, 8) <> %s "  # noqa: S608
            f"ORDER BY ctid LIMIT {BATCH} OFFSET {skipped}"
        )
        async with self._cursor() as cursor:
            await cursor.execute(wanted, (sealer.active,))
            return [(row["place"], row["thread_id"], bytes(row["blob"])) for row in await cursor.fetchall()]

    async def close(self) -> None:
        """Close every connection."""
        await self.pool.close()


async def _patiently(work: Callable[[], Awaitable[T]]) -> T:
    """Do what may be repeated, once more while the server is away. Raises ServiceError."""
    until = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            return await work()
        except (OperationalError, PoolTimeout) as failed:
            if asyncio.get_running_loop().time() > until:
                with Translated():
                    raise
            del failed
        await asyncio.sleep(0.1)


async def open_on(server: sa.URL, sealer: Sealer) -> PostgresCheckpoints:
    """Open, or make, the checkpoints on a server. Raises ConfigError."""
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # it tells every try to reach a server that restarts
    options: dict[str, Any] = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    pool: Pool = AsyncConnectionPool(
        libpq(server), min_size=1, max_size=_MOST, timeout=PATIENCE, open=False, check=AsyncConnectionPool.check_connection,
        kwargs={**options, "connect_timeout": 5, "application_name": "careline"},
    )  # fmt: skip
    try:
        await pool.open(wait=True, timeout=10.0)
        saver = PostgresCheckpoints(pool, sealer)
        await _set_up(saver)
    except (OperationalError, PoolTimeout) as failed:
        await pool.close()
        raise ConfigError(f"the checkpoints cannot be read or written ({sentence(failed)})", key=KEY) from None
    return saver


async def _set_up(saver: PostgresCheckpoints) -> None:
    """Make the tables, one process at a time.

    The lock is tried again and again rather than waited for: a session that waits would hold up the indexes, which
    are made concurrently.
    """
    async with saver.pool.connection() as connection:
        while not await _tried(connection, "SELECT pg_try_advisory_lock(%s) AS done"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        try:
            await saver.setup()
            await _forget_otherwise_bound(connection)
        finally:
            await _tried(connection, "SELECT pg_advisory_unlock(%s) AS done")


async def _tried(connection: AsyncConnection[DictRow], statement: str) -> bool:
    row = await (await connection.execute(statement, (_SETUP,))).fetchone()
    return row is not None and bool(row["done"])


async def _forget_otherwise_bound(connection: AsyncConnection[DictRow]) -> None:
    """Forget what an earlier Careline sealed for the table, not for the conversation; the table's comment tells."""
    asked = await connection.execute("SELECT obj_description('checkpoints'::regclass) AS bound")
    row = await asked.fetchone()
    if row is None or row["bound"] != BOUND:
        await connection.execute("DELETE FROM checkpoints")
        await connection.execute("DELETE FROM checkpoint_blobs")
        await connection.execute("DELETE FROM checkpoint_writes")
        await connection.execute(f"COMMENT ON TABLE checkpoints IS '{BOUND}'")
