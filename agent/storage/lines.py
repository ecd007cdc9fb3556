"""The lines of a transcript as rows."""

import json
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.conversation import Line, Reply, Source
from agent.domain.text import ClearText
from agent.storage.replies import line_body
from agent.storage.sealing import Sealer
from agent.storage.tables import lines

__all__ = ["insert", "line_body", "new_line", "one", "read"]


def new_line(
    *,
    seq: int,
    at: datetime,
    who: Literal["caller", "agent", "staff"],
    text: ClearText,
    name: str | None = None,
    reply: Reply | None = None,
) -> Line:
    """Make a line; what a reply asks, offers and cites comes with it."""
    if reply is None:
        return Line(seq=seq, who=who, name=name, text=text, at=at)
    return Line(
        seq=seq,
        who=who,
        name=name,
        text=text,
        at=at,
        asks=reply.asks,
        quick_replies=reply.quick_replies,
        sources=reply.sources,
    )


def insert(sealer: Sealer, conversation: str, line: Line) -> sa.Insert:
    """Return the statement that keeps a line, its words sealed."""
    sealed = sealer.seal_text(json.dumps(line_body(line)), _place(conversation, line.seq))
    return sa.insert(lines).values(conversation=conversation, seq=line.seq, who=line.who, at=line.at, body=sealed)


async def read(connection: AsyncConnection, sealer: Sealer, conversation: str) -> tuple[Line, ...]:
    """READ all lines of a conversation in order."""
    wanted = sa.select(lines).where(lines.c.conversation == conversation).order_by(lines.c.seq)
    rows = (await connection.execute(wanted)).all()
    return tuple(one(sealer, row) for row in rows)


def one(sealer: Sealer, row: Any) -> Line:
    """Return a row of the table as a line."""
    return _line(row, json.loads(sealer.open_text(row.body, _place(row.conversation, row.seq))))


def _place(conversation: str, seq: int) -> str:
    return f"lines:{conversation}:{seq}"


def _line(row: Any, body: dict[str, Any]) -> Line:
    return Line(
        seq=row.seq,
        who=row.who,
        name=body["name"],
        text=ClearText(body["text"]),
        at=row.at,
        asks=body["asks"],
        quick_replies=tuple(ClearText(words) for words in body["quick_replies"]),
        sources=tuple(Source(**source) for source in body["sources"]),
    )
