"""Why the agent did what it did: one record a turn, emitted by the dialogue, pseudonyms only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.storage.engine import Database
from agent.storage.sealing import Sealer
from agent.storage.tables import decisions


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What one turn decided. `seq` counts from 1 within the conversation."""

    conversation: str
    seq: int
    at: datetime
    body: dict[str, object]


class Decisions:
    """The decision records of all conversations."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def note(self, conversation: str, body: Mapping[str, object], *, at: datetime) -> None:
        """WRITE one record of plain JSON types."""

        async def work(connection: AsyncConnection) -> None:
            row = decisions.c
            count = sa.select(sa.func.max(row.seq)).where(row.conversation == conversation)
            seq = ((await connection.execute(count)).scalar() or 0) + 1
            sealed = self._sealer.seal_text(json.dumps(dict(body)), f"decisions:{conversation}:{seq}")
            await connection.execute(
                sa.insert(decisions).values(conversation=conversation, seq=seq, at=at, body=sealed)
            )

        await self._database.write(work)

    async def of(self, conversation: str) -> list[Decision]:
        """READ the records of one conversation, in order."""
        wanted = sa.select(decisions).where(decisions.c.conversation == conversation).order_by(decisions.c.seq)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        return [
            Decision(
                conversation=conversation,
                seq=row.seq,
                at=row.at,
                body=json.loads(self._sealer.open_text(row.body, f"decisions:{conversation}:{row.seq}")),
            )
            for row in rows
        ]
