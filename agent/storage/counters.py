"""Numbers that only grow, without gaps that matter: taken inside the transaction that uses them.

Taking one locks its row until the transaction ends, so whoever sees number n has seen everything below it.
"""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.storage.tables import counters


async def following(connection: AsyncConnection, name: str) -> int:
    """Return the next number of this name, 1 at first."""
    step = sa.update(counters).where(counters.c.name == name).values(value=counters.c.value + 1)
    value = (await connection.execute(step.returning(counters.c.value))).scalar()
    if value is None:
        await connection.execute(sa.insert(counters).values(name=name, value=1))
        return 1
    return int(value)


async def present(connection: AsyncConnection, name: str) -> int:
    """Return the number taken last, 0 when none was."""
    value = (await connection.execute(sa.select(counters.c.value).where(counters.c.name == name))).scalar()
    return int(value or 0)
