"""Legal holds: while one stands, nothing of a conversation or a patient is deleted, whatever its period."""

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.storage.engine import Database
from agent.storage.sealing import Sealer
from agent.storage.tables import meta

_NAME = "hold:"


@dataclass(frozen=True, kw_only=True)
class Hold:
    """One hold. `subject` is a conversation's or a patient's id, `by` who set it."""

    subject: str
    reason: str
    by: str
    at: datetime


class Holds:
    """The holds that stand."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database, self._sealer = database, sealer

    async def put(self, hold: Hold) -> None:
        """WRITE a hold, replacing one on the same subject."""
        name = f"{_NAME}{hold.subject}"
        words = json.dumps({"reason": hold.reason, "by": hold.by, "at": hold.at.isoformat()})
        body = self._sealer.seal_text(words, f"meta:{name}")

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(sa.delete(meta).where(meta.c.name == name))
            await connection.execute(sa.insert(meta).values(name=name, body=body))

        await self._database.write(work)

    async def release(self, subject: str) -> bool:
        """WRITE: end a hold; False when there was none."""
        gone = sa.delete(meta).where(meta.c.name == f"{_NAME}{subject}")

        async def work(connection: AsyncConnection) -> bool:
            return (await connection.execute(gone)).rowcount > 0

        return await self._database.write(work)

    async def all(self) -> list[Hold]:
        """READ every hold, by subject."""
        wanted = sa.select(meta).where(meta.c.name.startswith(_NAME, autoescape=True)).order_by(meta.c.name)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        return [self._hold(row.name, row.body) for row in rows]

    def _hold(self, name: str, sealed: bytes) -> Hold:
        body = json.loads(self._sealer.open_text(sealed, f"meta:{name}"))
        at = datetime.fromisoformat(body["at"])
        return Hold(subject=name.removeprefix(_NAME), reason=body["reason"], by=body["by"], at=at)
