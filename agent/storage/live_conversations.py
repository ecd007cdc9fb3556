"""Conversations that are going on, with their last lines, for the console's list."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.conversation import Channel, Line, State
from agent.domain.text import Lang
from agent.storage import lines as line_rows
from agent.storage.sealing import Sealer
from agent.storage.tables import conversations, lines

LAST_LINES = 3


@dataclass(frozen=True, kw_only=True)
class LiveConversation:
    """One row of the list. `staff` is the account that has it."""

    id: str
    channel: Channel
    lang: Lang
    state: State
    opened: datetime
    updated: datetime
    staff: str | None
    last: tuple[Line, ...]


async def read_live(
    connection: AsyncConnection, sealer: Sealer, *, since: datetime, waiting_since: datetime, limit: int
) -> list[LiveConversation]:
    """READ the conversations that are not ended and in which something happened since, the latest first.

    Those that wait for a person, or have one, count from `waiting_since`.
    """
    row = conversations.c
    going = sa.or_(
        row.updated >= since,
        sa.and_(row.state.in_(("waiting_for_staff", "with_staff")), row.updated >= waiting_since),
    )
    wanted = sa.select(conversations).where(row.state != "ended", going).order_by(row.updated.desc(), row.id)
    rows = (await connection.execute(wanted.limit(limit))).all()
    last = await _last_lines(connection, sealer, rows)
    return [
        LiveConversation(
            id=one.id, channel=one.channel, lang=one.lang, state=one.state, opened=one.opened, updated=one.updated,
            staff=one.staff, last=tuple(last[one.id]),
        )
        for one in rows
    ]  # fmt: skip


async def _last_lines(connection: AsyncConnection, sealer: Sealer, rows: Any) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    wanted = sa.select(lines).join(conversations, conversations.c.id == lines.c.conversation)
    wanted = wanted.where(
        lines.c.conversation.in_([one.id for one in rows]), lines.c.seq > conversations.c.lines - LAST_LINES
    )
    for row in await connection.execute(wanted.order_by(lines.c.conversation, lines.c.seq)):
        found[row.conversation].append(line_rows.one(sealer, row))
    return found
