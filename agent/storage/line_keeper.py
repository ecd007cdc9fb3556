"""Adds lines to conversations, inside a transaction, each with its event."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.conversation import Line, Reply
from agent.storage import lines as line_rows
from agent.storage.engine import Database
from agent.storage.events import Events, conversation_topic
from agent.storage.sealing import Sealer
from agent.storage.tables import conversations


class LineKeeper:
    """What everything that writes into conversations stands on."""

    def __init__(self, database: Database, sealer: Sealer, events: Events) -> None:
        self._database = database
        self._sealer = sealer
        self._events = events

    async def _append(
        self, connection: AsyncConnection, id: str, at: datetime, *, reply: Reply | None = None, **said: Any
    ) -> Line:
        count = sa.update(conversations).where(conversations.c.id == id)
        count = count.values(lines=conversations.c.lines + 1, updated=at)
        seq = (await connection.execute(count.returning(conversations.c.lines))).scalar()
        if seq is None:
            raise KeyError(id)
        line = line_rows.new_line(seq=int(seq), at=at, reply=reply, **said)
        await connection.execute(line_rows.insert(self._sealer, id, line))
        await self._events.add(connection, conversation_topic(id), "line", line_rows.line_body(line), at)
        return line
