"""Who of the staff has taken over which conversation, and what they say in it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.conversation import Colleague, Reply, State
from agent.domain.text import ClearText
from agent.storage.colleagues import colleague
from agent.storage.conversation_states import change_state
from agent.storage.events import STAFF, conversation_topic
from agent.storage.line_keeper import LineKeeper
from agent.storage.tables import conversations

Work = Callable[[AsyncConnection], Awaitable[bool]]


@dataclass(frozen=True, kw_only=True)
class Parting:
    """What is said in the moment somebody takes over or leaves: by the agent, or by a person whose name is shown."""

    reply: Reply
    name: str | None = None

    @property
    def who(self) -> Literal["agent", "staff"]:
        """Who says it."""
        return "agent" if self.name is None else "staff"


class Takeovers(LineKeeper):
    """Staff in the place of the agent. A mode of the conversation's row, so that every process sees it at once."""

    async def claim(self, id: str, *, staff: str, at: datetime, said: Parting | None = None) -> bool:
        """WRITE: a member of staff takes over. Of two at once one wins; False: someone else has it, or it ended.

        Who claims what they have already says nothing again.
        """
        mine = sa.update(conversations).where(
            conversations.c.id == id,
            conversations.c.state != "ended",
            sa.or_(conversations.c.staff.is_(None), conversations.c.staff == staff),
        )

        async def work(connection: AsyncConnection) -> bool:
            before = await self._holder(connection, id, keep=True)
            if (await connection.execute(mine.values(staff=staff))).rowcount == 0:
                return False
            await change_state(connection, self._events, id, "with_staff", at, staff=staff)
            if before is None:
                await self._say(connection, id, at, said)
            return True

        return await self._written(id, work)

    async def release(
        self, id: str, *, staff: str, at: datetime, state: State = "open", said: Parting | None = None
    ) -> bool:
        """WRITE: hand a claimed conversation back to the agent, or end it. False: it was not this person's."""
        mine = sa.update(conversations).where(conversations.c.id == id, conversations.c.staff == staff)

        async def work(connection: AsyncConnection) -> bool:
            if (await connection.execute(mine.values(staff=None))).rowcount == 0:
                return False
            await self._say(connection, id, at, said)
            await change_state(connection, self._events, id, state, at)
            return True

        return await self._written(id, work)

    async def staff_line(self, id: str, *, name: str, text: ClearText, at: datetime, by: str | None = None) -> bool:
        """WRITE what a member of staff says to the patient; `name` is the one shown. KeyError: no such conversation.

        With `by`, an account's name: False, and nothing is said, unless that person has taken over.
        """

        async def work(connection: AsyncConnection) -> bool:
            if by is not None and await self._holder(connection, id, keep=True) != by:
                return False
            await self._append(connection, id, at, who="staff", text=text, name=name)
            return True

        return await self._written(id, work)

    async def claimed_by(self, id: str) -> str | None:
        """READ who of the staff has taken over."""
        async with self._database.read() as connection:
            return await self._holder(connection, id)

    async def colleague(self, account: str) -> Colleague:
        """READ how patients see a member of staff."""
        async with self._database.read() as connection:
            found = await colleague(connection, account)
        assert found is not None
        return found

    async def claims(self) -> dict[str, str]:
        """READ every claimed conversation and the account that has it."""
        wanted = sa.select(conversations.c.id, conversations.c.staff).where(conversations.c.state == "with_staff")
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        return {row.id: row.staff for row in rows if row.staff is not None}

    # --- inside a transaction ---

    async def _written(self, id: str, work: Work) -> bool:
        done = await self._database.write(work)
        self._events.wake(conversation_topic(id), STAFF)
        return done

    async def _say(self, connection: AsyncConnection, id: str, at: datetime, said: Parting | None) -> None:
        if said is not None:
            await self._append(connection, id, at, reply=said.reply, who=said.who, name=said.name, text=said.reply.text)

    async def _holder(self, connection: AsyncConnection, id: str, *, keep: bool = False) -> str | None:
        """Return who has it; `keep`: nobody else changes that until the transaction ends."""
        wanted = sa.select(conversations.c.staff).where(conversations.c.id == id)
        found = await connection.execute(wanted.with_for_update() if keep else wanted)
        name: str | None = found.scalar()
        return name
