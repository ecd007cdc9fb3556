"""The graph's state in a SQLite file of its own: LangGraph's own saver, sealed.

A file of its own, because two writers on one SQLite file get in each other's way.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiosqlite
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from agent.domain.errors import ConfigError
from agent.storage.checkpoints import (
    BATCH,
    BOUND,
    REST,
    Checkpoints,
    SealedSerializer,
    bound_to,
    require_same,
    sealed_again,
)
from agent.storage.failing import Translated
from agent.storage.files import ready
from agent.storage.sealing import Sealer

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple

FILE = "checkpoints.sqlite"


class SqliteCheckpoints(AsyncSqliteSaver, Checkpoints):
    """The saver to compile the graph with; the thread id is the conversation's id. Use `durability="exit"`."""

    async def aget_tuple(self, config: "RunnableConfig") -> "CheckpointTuple | None":
        """Return the newest checkpoint. Raises ServiceError."""
        with Translated(), bound_to(config):
            found = await super().aget_tuple(config)
        if found is not None:
            require_same(found.checkpoint["id"], found.config["configurable"]["checkpoint_id"])
        return found

    async def aput(
        self,
        config: "RunnableConfig",
        checkpoint: "Checkpoint",
        metadata: "CheckpointMetadata",
        new_versions: "ChannelVersions",
    ) -> "RunnableConfig":
        """Keep a checkpoint and drop the older ones of its thread. Raises ServiceError."""
        with Translated(), bound_to(config):
            kept = await super().aput(config, checkpoint, metadata, new_versions)
            place = (str(kept["configurable"]["thread_id"]), kept["configurable"]["checkpoint_ns"], checkpoint["id"])
            async with self.lock:
                for table in ("checkpoints", "writes"):
                    older = f"DELETE FROM {table} WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id < ?"  # noqa: S608
                    await self.conn.execute(older, place)
                await self.conn.commit()
        return kept

    async def aput_writes(
        self, config: "RunnableConfig", writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Keep what a step wrote before the checkpoint that follows. Raises ServiceError."""
        with Translated(), bound_to(config):
            await super().aput_writes(config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        """Forget a conversation's state. Raises ServiceError."""
        with Translated():
            await super().adelete_thread(thread_id)

    async def threads(self) -> list[str]:
        """READ the ids of all conversations whose state is kept."""
        with Translated():
            async with self.lock, self.conn.execute("SELECT DISTINCT thread_id FROM checkpoints") as rows:
                return [str(row[0]) for row in await rows.fetchall()]

    async def reseal(self, sealer: Sealer) -> tuple[int, int]:
        """Seal anew, with the first key, what another key sealed. Raises ServiceError.

        Returns how many values were, and how many none of our keys opens.
        """
        done = unreadable = 0
        with Translated():
            for table, column in (("checkpoints", "checkpoint"), ("writes", "value")):
                last = 0
                while rows := await self._with_other_keys(table, column, sealer, last):
                    fresh = sealed_again(sealer, rows)
                    await self._replace(table, column, fresh)
                    done, unreadable, last = done + len(fresh), unreadable + len(rows) - len(fresh), rows[-1][0]
                    await asyncio.sleep(REST)
        return done, unreadable

    async def _with_other_keys(
        self, table: str, column: str, sealer: Sealer, last: int
    ) -> list[tuple[int, str, bytes]]:
        wanted = (
            f"SELECT rowid, thread_id, {column} FROM {table} WHERE rowid > ? AND substr({column}, 2, 8) <> ? "  # noqa: S608
            f"ORDER BY rowid LIMIT {BATCH}"
        )
        async with self.lock, self.conn.execute(wanted, (last, sealer.active)) as rows:
            return [(int(row[0]), str(row[1]), bytes(row[2])) for row in await rows.fetchall()]

    async def _replace(self, table: str, column: str, fresh: Sequence[tuple[bytes, int, bytes]]) -> None:
        """Replace values; one that changed meanwhile is left to whoever changed it."""
        change = f"UPDATE {table} SET {column} = ? WHERE rowid = ? AND {column} = ?"  # noqa: S608
        async with self.lock:
            await self.conn.executemany(change, fresh)
            await self.conn.commit()

    async def close(self) -> None:
        """Close the file."""
        await self.conn.close()


async def open_in(folder: Path, sealer: Sealer) -> SqliteCheckpoints:
    """Open, or make, the checkpoints of this data folder. Raises ConfigError."""
    file = ready(folder / FILE)
    opening = aiosqlite.connect(file)
    opening._thread.daemon = True  # as SQLAlchemy does: a file left open must not keep the process alive
    try:
        connection = await opening
    except aiosqlite.Error:
        raise ConfigError("the checkpoints cannot be opened or made", file=file) from None
    try:
        for setting in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "secure_delete=ON"):
            await connection.execute(f"PRAGMA {setting}")
        saver = SqliteCheckpoints(connection, serde=SealedSerializer(sealer))
        await saver.setup()
        await _forget_otherwise_bound(connection)
    except aiosqlite.Error:
        await connection.close()
        raise ConfigError("the checkpoints cannot be read or written", file=file) from None
    return saver


async def _forget_otherwise_bound(connection: aiosqlite.Connection) -> None:
    """Forget what an earlier Careline sealed for the table, not for the conversation."""
    async with connection.execute("PRAGMA user_version") as found:
        row = await found.fetchone()
    if row is None or str(row[0]) != BOUND:
        for table in ("checkpoints", "writes"):
            await connection.execute(f"DELETE FROM {table}")  # noqa: S608
        await connection.execute(f"PRAGMA user_version={BOUND}")
        await connection.commit()
