"""Where the graph's state is kept between turns: LangGraph's own savers, sealed.

Only the newest checkpoint of a conversation is kept: we never go back in time, and a turn must cost the same however
long the conversation is.
"""

import contextlib
import os
from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from agent.domain.errors import ServiceDown
from agent.storage.conversations import Conversations
from agent.storage.sealing import Sealer
from agent.storage.vault_rows import AFTER_END

os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")  # read when langgraph is imported

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

if TYPE_CHECKING:
    import sqlalchemy as sa

Place = TypeVar("Place")
WHEN_QUIET = timedelta(hours=24)
"""How long the state of a conversation is kept in which nothing happens."""
BATCH = 500
_AAD = "checkpoints"


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


class Checkpoints(BaseCheckpointSaver[str]):
    """The saver to compile the graph with; the thread id is the conversation's id. Use `durability="exit"`."""

    async def sweep(self, conversations: Conversations, *, now: datetime) -> int:
        """Forget the state of conversations that are over; returns how many. Raises ServiceError."""
        threads = await self.threads()
        over = [
            id
            for at in range(0, len(threads), BATCH)
            for id in await conversations.settled(
                threads[at : at + BATCH], ended_before=now - AFTER_END, quiet_before=now - WHEN_QUIET
            )
        ]
        for id in over:
            await self.adelete_thread(id)
        return len(over)

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


def sealed_again(sealer: Sealer, rows: Sequence[tuple[Place, bytes]]) -> list[tuple[bytes, Place, bytes]]:
    """Return (sealed with the first key, its row, sealed before) of what one of our keys opens."""
    fresh = []
    for place, sealed in rows:
        with contextlib.suppress(ServiceDown):
            fresh.append((sealer.seal(sealer.open(sealed, _AAD), _AAD), place, sealed))
    return fresh


async def open_checkpoints(folder: Path, sealer: Sealer, server: "sa.URL | None" = None) -> Checkpoints:
    """Open, or make, the checkpoints on a server, or in the data folder. Raises ConfigError."""
    if server is not None:
        from agent.storage.postgres_checkpoints import open_on

        return await open_on(server, sealer)
    from agent.storage.sqlite_checkpoints import open_in

    return await open_in(folder, sealer)
