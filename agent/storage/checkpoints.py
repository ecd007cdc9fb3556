"""Where the graph's state is kept between turns: LangGraph's own saver in a SQLite file of its own, sealed.

A file of its own, because two writers on one SQLite file get in each other's way. Only the newest checkpoint of a
conversation is kept: we never go back in time, and a turn must cost the same however long the conversation is.
"""

import contextlib
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiosqlite

from agent.domain.errors import ConfigError, ServiceDown
from agent.storage.conversations import Conversations
from agent.storage.engine import Translated
from agent.storage.files import ready
from agent.storage.sealing import Sealer
from agent.storage.vault_rows import AFTER_END

os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")  # read when langgraph is imported

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple

FILE = "checkpoints.sqlite"
WHEN_QUIET = timedelta(hours=24)
"""How long the state of a conversation is kept in which nothing happens."""
_AAD = "checkpoints"
_BATCH = 500


class SealedSerializer(JsonPlusSerializer):
    """LangGraph's serializer, its bytes sealed; nothing but plain JSON types and LangGraph's own comes back out."""

    def __init__(self, sealer: Sealer) -> None:
        super().__init__(allowed_msgpack_modules=None)
        self._sealer = sealer

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        """Return the kind of the value, and its sealed bytes."""
        kind, data = super().dumps_typed(obj)
        return kind, self._sealer.seal(data, _AAD)

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """Read a value back. Raises ServiceError for one that was not sealed with our key."""
        kind, sealed = data
        return super().loads_typed((kind, self._sealer.open(sealed, _AAD)))


class Checkpoints(AsyncSqliteSaver):
    """The saver to compile the graph with; the thread id is the conversation's id. Use `durability="exit"`."""

    async def aget_tuple(self, config: "RunnableConfig") -> "CheckpointTuple | None":
        """Return the newest checkpoint. Raises ServiceError."""
        with Translated():
            return await super().aget_tuple(config)

    async def aput(
        self,
        config: "RunnableConfig",
        checkpoint: "Checkpoint",
        metadata: "CheckpointMetadata",
        new_versions: "ChannelVersions",
    ) -> "RunnableConfig":
        """Keep a checkpoint and drop the older ones of its thread. Raises ServiceError."""
        with Translated():
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
        with Translated():
            await super().aput_writes(config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        """Forget a conversation's state. Raises ServiceError."""
        with Translated():
            await super().adelete_thread(thread_id)

    async def sweep(self, conversations: Conversations, *, now: datetime) -> int:
        """Forget the state of conversations that are over; returns how many. Raises ServiceError."""
        with Translated():
            async with self.lock, self.conn.execute("SELECT DISTINCT thread_id FROM checkpoints") as rows:
                threads = [str(row[0]) for row in await rows.fetchall()]
        over = [
            id
            for at in range(0, len(threads), _BATCH)
            for id in await conversations.settled(
                threads[at : at + _BATCH], ended_before=now - AFTER_END, quiet_before=now - WHEN_QUIET
            )
        ]
        for id in over:
            await self.adelete_thread(id)
        return len(over)

    async def reseal(self, sealer: Sealer) -> tuple[int, int]:
        """Seal anew, with the first key, what another key sealed. Raises ServiceError.

        Returns how many values were, and how many none of our keys opens.
        """
        done = unreadable = 0
        with Translated():
            for table, column in (("checkpoints", "checkpoint"), ("writes", "value")):
                last = 0
                while rows := await self._with_other_keys(table, column, sealer, last):
                    fresh = _sealed_again(sealer, rows)
                    await self._replace(table, column, fresh)
                    done, unreadable, last = done + len(fresh), unreadable + len(rows) - len(fresh), rows[-1][0]
        return done, unreadable

    async def _with_other_keys(self, table: str, column: str, sealer: Sealer, last: int) -> list[tuple[int, bytes]]:
        wanted = (
            f"SELECT rowid, {column} FROM {table} WHERE rowid > ? AND substr({column}, 2, 8) <> ? "  # noqa: S608
            f"ORDER BY rowid LIMIT {_BATCH}"
        )
        async with self.lock, self.conn.execute(wanted, (last, sealer.active)) as rows:
            return [(int(row[0]), bytes(row[1])) for row in await rows.fetchall()]

    async def _replace(self, table: str, column: str, fresh: Sequence[tuple[bytes, int, bytes]]) -> None:
        """Replace values; one that changed meanwhile is left to whoever changed it."""
        change = f"UPDATE {table} SET {column} = ? WHERE rowid = ? AND {column} = ?"  # noqa: S608
        async with self.lock:
            await self.conn.executemany(change, fresh)
            await self.conn.commit()

    async def close(self) -> None:
        """Close the file."""
        await self.conn.close()


def _sealed_again(sealer: Sealer, rows: Sequence[tuple[int, bytes]]) -> list[tuple[bytes, int, bytes]]:
    fresh = []
    for number, sealed in rows:
        with contextlib.suppress(ServiceDown):
            fresh.append((sealer.seal(sealer.open(sealed, _AAD), _AAD), number, sealed))
    return fresh


async def open_checkpoints(folder: Path, sealer: Sealer) -> Checkpoints:
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
        saver = Checkpoints(connection, serde=SealedSerializer(sealer))
        await saver.setup()
    except aiosqlite.Error:
        await connection.close()
        raise ConfigError("the checkpoints cannot be read or written", file=file) from None
    return saver
