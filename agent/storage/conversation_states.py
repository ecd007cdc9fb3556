"""Changes of a conversation's state, inside a transaction, told to its watchers and to staff."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.conversation import State
from agent.storage.events import STAFF, Events, conversation_topic
from agent.storage.tables import conversations


async def change_state(
    connection: AsyncConnection,
    events: Events,
    id: str,
    state: State,
    at: datetime,
    *,
    staff: str | None = None,
    by_agent: bool = False,
) -> None:
    """WRITE a new state; the caller wakes both topics once it is committed. KeyError: no such conversation.

    What the agent says (`by_agent`) never undoes a take-over that happened while it was still answering.
    """
    row = conversations.c
    before = (await connection.execute(sa.select(row.state).where(row.id == id).with_for_update())).scalar()
    if before is None:
        raise KeyError(id)
    if by_agent and before == "with_staff":
        return
    ended = at if state == "ended" else None
    await connection.execute(sa.update(conversations).where(row.id == id).values(state=state, updated=at, ended=ended))
    if before != state:
        body: dict[str, object] = {"state": state, "staff": staff}
        await events.add(connection, conversation_topic(id), "state", body, at)
        await events.add(connection, STAFF, "conversation_state", {"conversation": id, **body}, at)
