"""Members of staff as patients see them: a name and a desk, never an account."""

import re

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.conversation import Colleague, PhoneKey
from agent.storage.tables import accounts


def shown_name(account: str) -> str:
    """Return an account's name as a person's.

    >>> shown_name("dana"), shown_name("dana.o'neil-ruiz"), shown_name("mary_ann")
    ('Dana', "Dana O'Neil-Ruiz", 'Mary Ann')
    """
    words = " ".join(part for part in re.split(r"[\s._]+", account) if part)
    return re.sub(r"(?<![^\W\d_])[^\W\d_]", lambda first: first.group().upper(), words)


def desk_of(role: str | None) -> PhoneKey:
    """Return where somebody of this role sits."""
    return "nurse" if role == "nurse" else "front_desk"


async def colleague(connection: AsyncConnection, account: str | None) -> Colleague | None:
    """READ who patients see behind an account; one removed since is still somebody."""
    if account is None:
        return None
    role = (await connection.execute(sa.select(accounts.c.role).where(accounts.c.name == account))).scalar()
    return Colleague(name=shown_name(account), desk=desk_of(role))
