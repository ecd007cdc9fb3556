"""Where the graph's state is kept between turns: LangGraph's own savers, sealed.

Only the newest checkpoint of a conversation is kept: we never go back in time, and a turn must cost the same however
long the conversation is. Each value is bound to its conversation, and holds the id of the checkpoint it belongs to: one
of another conversation does not open, and one of an earlier turn is refused.
"""

import contextlib
import os
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from agent.domain.errors import ServiceDown
from agent.storage.conversations import Conversations
from agent.storage.sealing import Sealer
from agent.storage.vault_rows import AFTER_END, Spare

os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")  # read when langgraph is imported

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

if TYPE_CHECKING:
    import sqlalchemy as sa
    from langchain_core.runnables import RunnableConfig

Row = TypeVar("Row")
WHEN_QUIET = timedelta(hours=24)
"""How long the state of a conversation is kept in which nothing happens."""
BATCH, REST = 500, 0.15
"""Rows sealed anew at a time, and seconds between: SQLite lets other processes ask again every 0.1 s."""
BOUND = "1"
"""How values are bound; those an earlier Careline kept otherwise are forgotten, and their conversations begin anew."""
_conversation: ContextVar[str] = ContextVar("conversation")


def place(thread: str) -> str:
    """Return what binds a value to its conversation."""
    return f"checkpoints:{thread}"


@contextlib.contextmanager
def bound_to(config: "RunnableConfig") -> Iterator[None]:
    """Seal and open values of one conversation only, for as long as the block lasts."""
    before = _conversation.set(str(config["configurable"]["thread_id"]))
    try:
        yield
    finally:
        _conversation.reset(before)


def require_same(found: object, wanted: object) -> None:
    """Raise ServiceDown for a state that belongs to another turn than the row it stands in."""
    if found != wanted:
        raise ServiceDown("sealing", "a record was altered or moved")


class SealedSerializer(JsonPlusSerializer):
    """LangGraph's serializer, its bytes sealed; nothing but plain JSON types and LangGraph's own comes back out."""

    def __init__(self, sealer: Sealer) -> None:
        super().__init__(allowed_msgpack_modules=None)
        self._sealer = sealer

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        """Return the kind of the value, and its sealed bytes."""
        kind, data = super().dumps_typed(obj)
        return kind, self._sealer.seal(data, place(_conversation.get()))

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """Read a value back. Raises ServiceError for one that was not sealed with our key for this conversation."""
        kind, sealed = data
        return super().loads_typed((kind, self._sealer.open(sealed, place(_conversation.get()))))


class Checkpoints(BaseCheckpointSaver[str]):
    """The saver to compile the graph with; the thread id is the conversation's id. Use `durability="exit"`."""

    async def sweep(self, conversations: Conversations, *, now: datetime, spare: Spare | None = None) -> int:
        """Forget the state of conversations that are over and not spared; returns how many. Raises ServiceError."""
        threads = await self.threads()
        over = [
            id
            for at in range(0, len(threads), BATCH)
            for id in await conversations.settled(
                threads[at : at + BATCH], ended_before=now - AFTER_END, quiet_before=now - WHEN_QUIET
            )
        ]
        held = await spare(over) if spare and over else ()
        for id in over:
            if id not in held:
                await self.adelete_thread(id)
        return len(over) - len(set(held) & set(over))

    @abstractmethod
    async def threads(self) -> list[str]:
        """READ the ids of all conversations whose state is kept."""

    @abstractmethod
    async def reseal(self, sealer: Sealer) -> tuple[int, int]:
        """Seal anew, with the first key, what another key sealed. Raises ServiceError.

        Returns how many values were, and how many none of our keys opens.
        """

    @abstractmethod
    async def close(self) -> None:
        """Close what is open."""


def sealed_again(sealer: Sealer, rows: Sequence[tuple[Row, str, bytes]]) -> list[tuple[bytes, Row, bytes]]:
    """Return (sealed with the first key, its row, sealed before) of what one of our keys opens.

    `rows` are (row, conversation, sealed).
    """
    fresh = []
    for row, thread, sealed in rows:
        with contextlib.suppress(ServiceDown):
            fresh.append((sealer.seal(sealer.open(sealed, place(thread)), place(thread)), row, sealed))
    return fresh


async def open_checkpoints(folder: Path, sealer: Sealer, server: "sa.URL | None" = None) -> Checkpoints:
    """Open, or make, the checkpoints on a server, or in the data folder. Raises ConfigError."""
    if server is not None:
        from agent.storage.postgres_checkpoints import open_on

        return await open_on(server, sealer)
    from agent.storage.sqlite_checkpoints import open_in

    return await open_in(folder, sealer)
