"""Keeps the rows of phi's vaults, sealed. What a row is, phi says: `make` builds its rows."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.clock import Clock
from agent.storage.engine import Database
from agent.storage.sealing import Sealer
from agent.storage.tables import conversations, vault

AFTER_END = timedelta(minutes=30)
"""How long a vault outlives its conversation, so that a dropped call resumes."""


class Row(Protocol):
    """A placeholder and what stands behind it, as bytes in clear."""

    @property
    def placeholder(self) -> str:
        """Such as ``<PERSON_1>``."""
        ...

    @property
    def body(self) -> bytes:
        """JSON, in clear."""
        ...


R = TypeVar("R", bound=Row)


class SqlVaultRows(Generic[R]):
    """Implements `agent.phi.vault_rows.VaultRows`."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock, make: Callable[..., R]) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._make = make

    async def load(self, conversation: str) -> list[R]:
        """READ every row of one conversation that has not expired. Raises ServiceError."""
        wanted = sa.select(vault).where(vault.c.conversation == conversation, vault.c.expires > self._clock.now())
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        return [
            self._make(placeholder=row.name, body=self._sealer.open(row.body, _place(conversation, row.name)))
            for row in rows
        ]

    async def save(self, conversation: str, rows: Sequence[R], *, expires: datetime) -> None:
        """WRITE rows, replacing those of the same placeholder; all of the conversation's rows now expire then.

        KeyError: no such conversation, or not any more.
        """
        sealed = [
            {
                "conversation": conversation,
                "name": row.placeholder,
                "expires": expires,
                "body": self._sealer.seal(row.body, _place(conversation, row.placeholder)),
            }
            for row in rows
        ]
        mine = vault.c.conversation == conversation

        there = sa.select(conversations.c.id).where(conversations.c.id == conversation)

        async def work(connection: AsyncConnection) -> None:
            if (await connection.execute(there.with_for_update(read=True, key_share=True))).first() is None:
                raise KeyError(conversation)
            replaced = [row.placeholder for row in rows]
            await connection.execute(sa.delete(vault).where(mine, vault.c.name.in_(replaced)))
            await connection.execute(sa.update(vault).where(mine).values(expires=expires))
            if sealed:
                await connection.execute(sa.insert(vault), sealed)

        await self._database.write(work)

    async def wipe(self, conversation: str) -> None:
        """WRITE: forget everything of one conversation."""
        gone = sa.delete(vault).where(vault.c.conversation == conversation)
        await self._database.write(lambda connection: connection.execute(gone))

    async def sweep(self) -> int:
        """WRITE: forget what has expired, and what outlived the end of its conversation, or the conversation itself.

        Returns how many rows.
        """
        now = self._clock.now()
        ended = sa.select(conversations.c.id).where(conversations.c.ended < now - AFTER_END)
        alone = vault.c.conversation.not_in(sa.select(conversations.c.id))
        gone = sa.delete(vault).where(sa.or_(vault.c.expires <= now, vault.c.conversation.in_(ended), alone))

        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(gone)).rowcount

        return await self._database.write(work)


def _place(conversation: str, placeholder: str) -> str:
    return f"vault:{conversation}:{placeholder}"
