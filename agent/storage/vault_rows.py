"""Keeps the rows of phi's vaults, sealed. What a row is, phi says: `make` builds its rows.

Each value is bound to its row. A row of its own, the contents, tells what the vault holds: which placeholders, and a
digest of what stands behind each. So a row that is missing, and an older one that was put back, are refused as well;
only a whole vault as it once stood looks like itself.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.clock import Clock
from agent.domain.errors import ServiceDown
from agent.storage.engine import Database
from agent.storage.sealing import Sealer
from agent.storage.tables import conversations, vault

AFTER_END = timedelta(minutes=30)
"""How long a vault outlives its conversation, so that a dropped call resumes."""
_CONTENTS = "contents"
"""The name of the row that tells what the vault holds; a placeholder's name begins with <."""
_BATCH = 500
Spare = Callable[[Sequence[str]], Awaitable[Collection[str]]]
"""Says which of some conversations a legal hold keeps."""


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
        """READ every row of one conversation that has not expired.

        Raises ServiceError, also when a row is missing, was moved here, or is not the one last kept.
        """
        wanted = sa.select(vault).where(vault.c.conversation == conversation, vault.c.expires > self._clock.now())
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        bodies = {row.name: self._sealer.open(row.body, _place(conversation, row.name)) for row in rows}
        contents = bodies.pop(_CONTENTS, b"{}")
        if json.loads(contents) != _digests(bodies.items()):
            raise ServiceDown("sealing", "a record was altered or moved")
        return [self._make(placeholder=name, body=body) for name, body in bodies.items()]

    async def save(self, conversation: str, rows: Sequence[R], *, expires: datetime) -> None:
        """WRITE rows, replacing those of the same placeholder; all of the conversation's rows now expire then.

        Rows that have expired, and were not swept, go: nothing of them comes back to life. KeyError: no such
        conversation, or not any more.
        """
        mine = vault.c.conversation == conversation
        there = sa.select(conversations.c.id).where(conversations.c.id == conversation)
        bodies, now = {row.placeholder: row.body for row in rows}, self._clock.now()

        async def work(connection: AsyncConnection) -> None:
            if (await connection.execute(there.with_for_update(key_share=True))).first() is None:  # one save at a time
                raise KeyError(conversation)
            await connection.execute(sa.delete(vault).where(mine, vault.c.expires <= now))
            if bodies:
                contents = {**await self._contents(connection, conversation), **_digests(bodies.items())}
                fresh = {**bodies, _CONTENTS: json.dumps(contents).encode()}
                await connection.execute(sa.delete(vault).where(mine, vault.c.name.in_(fresh)))
                await connection.execute(sa.insert(vault), self._sealed(conversation, fresh.items(), expires))
            await connection.execute(sa.update(vault).where(mine).values(expires=expires))

        await self._database.write(work)

    async def _contents(self, connection: AsyncConnection, conversation: str) -> dict[str, str]:
        wanted = sa.select(vault.c.body).where(vault.c.conversation == conversation, vault.c.name == _CONTENTS)
        sealed = (await connection.execute(wanted)).scalar()
        if sealed is None:
            return {}
        found: dict[str, str] = json.loads(self._sealer.open(sealed, _place(conversation, _CONTENTS)))
        return found

    def _sealed(
        self, conversation: str, bodies: Iterable[tuple[str, bytes]], expires: datetime
    ) -> list[dict[str, object]]:
        return [
            {
                "conversation": conversation,
                "name": name,
                "expires": expires,
                "body": self._sealer.seal(body, _place(conversation, name)),
            }
            for name, body in bodies
        ]

    async def wipe(self, conversation: str) -> None:
        """WRITE: forget everything of one conversation."""
        gone = sa.delete(vault).where(vault.c.conversation == conversation)
        await self._database.write(lambda connection: connection.execute(gone))

    async def sweep(self, spare: Spare | None = None) -> int:
        """WRITE: forget what has expired, and what outlived the end of its conversation, or the conversation itself.

        What `spare` names stays. Returns how many vaults went.
        """
        now = self._clock.now()
        ended = sa.select(conversations.c.id).where(conversations.c.ended < now - AFTER_END)
        alone = vault.c.conversation.not_in(sa.select(conversations.c.id))
        over = sa.or_(vault.c.expires <= now, vault.c.conversation.in_(ended), alone)
        async with self._database.read() as connection:
            found = await connection.execute(sa.select(vault.c.conversation).where(over).distinct())
            ids: list[str] = list(found.scalars())
        held = await spare(ids) if spare and ids else ()
        going = [id for id in ids if id not in held]
        for at in range(0, len(going), _BATCH):
            gone = sa.delete(vault).where(over, vault.c.conversation.in_(going[at : at + _BATCH]))
            await self._database.write(lambda connection, gone=gone: connection.execute(gone))  # type: ignore[misc]
        return len(going)


def _place(conversation: str, placeholder: str) -> str:
    return f"vault:{conversation}:{placeholder}"


def _digests(bodies: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    return {name: hashlib.blake2b(body, digest_size=16).hexdigest() for name, body in bodies}
