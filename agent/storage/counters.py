"""Numbers that only grow, without gaps that matter: taken inside the transaction that uses them.

Taking one locks its row until the transaction ends, so whoever sees number n has seen everything below it.
"""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.storage.tables import counters

_STEP = sa.text(
    "INSERT INTO counters (name, value) VALUES (:name, 1) "
    "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
)


async def following(connection: AsyncConnection, name: str) -> int:
    """Return the next number of this name, 1 at first."""
    return int((await connection.execute(_STEP, {"name": name})).scalar_one())


async def present(connection: AsyncConnection, name: str) -> int:
    """Return the number taken last, 0 when none was."""
    value = (await connection.execute(sa.select(counters.c.value).where(counters.c.name == name))).scalar()
    return int(value or 0)
