"""Who of the staff has taken over which conversation."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.conversation import State
from agent.storage.conversation_states import change_state
from agent.storage.engine import Database
from agent.storage.events import STAFF, Events, conversation_topic
from agent.storage.tables import conversations


class Takeovers:
    """Staff in the place of the agent. A mode of the conversation's row, so that every process sees it at once."""

    def __init__(self, database: Database, events: Events) -> None:
        self._database = database
        self._events = events

    async def claim(self, id: str, *, staff: str, at: datetime) -> bool:
        """WRITE: a member of staff takes over. Of two at once one wins; False: someone else has it, or it ended."""
        mine = sa.update(conversations).where(
            conversations.c.id == id,
            conversations.c.state != "ended",
            sa.or_(conversations.c.staff.is_(None), conversations.c.staff == staff),
        )

        async def work(connection: AsyncConnection) -> bool:
            if (await connection.execute(mine.values(staff=staff))).rowcount == 0:
                return False
            await change_state(connection, self._events, id, "with_staff", at, staff=staff)
            return True

        won = await self._database.write(work)
        self._events.wake(conversation_topic(id), STAFF)
        return won

    async def release(self, id: str, *, staff: str, at: datetime, state: State = "open") -> bool:
        """WRITE: hand a claimed conversation back to the agent, or end it. False: it was not this person's."""
        mine = sa.update(conversations).where(conversations.c.id == id, conversations.c.staff == staff)

        async def work(connection: AsyncConnection) -> bool:
            if (await connection.execute(mine.values(staff=None))).rowcount == 0:
                return False
            await change_state(connection, self._events, id, state, at)
            return True

        done = await self._database.write(work)
        self._events.wake(conversation_topic(id), STAFF)
        return done

    async def claimed_by(self, id: str) -> str | None:
        """READ who of the staff has taken over."""
        async with self._database.read() as connection:
            found = await connection.execute(sa.select(conversations.c.staff).where(conversations.c.id == id))
            name: str | None = found.scalar()
            return name
