"""Conversations as the patient saw them: lines and state. Taking over: `agent.storage.takeovers`."""

import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.conversation import Channel, Line, Reply, State, Transcript
from agent.domain.text import ClearText, Lang
from agent.storage import lines as line_rows
from agent.storage.conversation_states import change_state
from agent.storage.engine import Database
from agent.storage.events import STAFF, Events, conversation_topic
from agent.storage.replies import reply_from_json, reply_to_json
from agent.storage.sealing import Sealer
from agent.storage.tables import answers, conversations
from agent.storage.takeovers import Takeovers

PAGE = 100


@dataclass(frozen=True, kw_only=True)
class About:
    """What a conversation is, without its lines."""

    channel: Channel
    lang: Lang
    state: State


class Conversations(Takeovers):
    """Every conversation. Words are sealed; each change and its event share a transaction."""

    def __init__(self, database: Database, sealer: Sealer, events: Events) -> None:
        super().__init__(database, events)
        self._sealer = sealer

    async def create(self, *, channel: Channel, lang: Lang, at: datetime, caller_hint: ClearText | None = None) -> str:
        """WRITE a new, open conversation; its id (192 random bits) is the capability to take part in it.

        `caller_hint` is the number a call came from: never proof of who calls.
        """
        id = secrets.token_urlsafe(24)
        hint = None if caller_hint is None else self._sealer.seal_text(caller_hint.reveal(), f"conversations:hint:{id}")
        row = {"id": id, "channel": channel, "lang": lang, "state": "open", "opened": at, "updated": at, "lines": 0}

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(sa.insert(conversations).values(**row, hint=hint))
            await self._events.add(
                connection, STAFF, "conversation_opened", {"conversation": id, "channel": channel}, at
            )

        await self._database.write(work)
        self._events.wake(STAFF)
        return id

    async def record(
        self, id: str, *, heard: ClearText | None, reply: Reply | None, at: datetime, client_id: str | None = None
    ) -> None:
        """WRITE a turn, all or nothing: the caller's line, the reply, the new state, the answer to `client_id`.

        A `client_id` answered before is left as it is, and nothing is written twice. KeyError: no such conversation.
        """

        async def work(connection: AsyncConnection) -> None:
            if client_id is not None and await self._answer(connection, id, client_id) is not None:
                return
            if heard is not None:
                await self._append(connection, id, at, who="caller", text=heard)
            if reply is None:
                return
            await self._append(connection, id, at, who="agent", text=reply.text, reply=reply)
            await change_state(connection, self._events, id, reply.state, at, by_agent=True)
            if client_id is not None:
                sealed = self._sealer.seal_text(reply_to_json(reply), f"answers:{id}:{client_id}")
                await connection.execute(sa.insert(answers).values(conversation=id, client_id=client_id, reply=sealed))

        await self._database.write(work)
        self._events.wake(conversation_topic(id), STAFF)

    async def staff_line(self, id: str, *, name: str, text: ClearText, at: datetime) -> None:
        """WRITE what a member of staff says to the patient. KeyError: no such conversation."""

        async def work(connection: AsyncConnection) -> None:
            await self._append(connection, id, at, who="staff", text=text, name=name)

        await self._database.write(work)
        self._events.wake(conversation_topic(id))

    async def answered(self, id: str, client_id: str) -> Reply | None:
        """READ the reply this message had already."""
        async with self._database.read() as connection:
            return await self._answer(connection, id, client_id)

    async def transcript(self, id: str) -> Transcript | None:
        """READ a conversation as the patient saw it; None when there is none."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(conversations).where(conversations.c.id == id))).first()
            return None if row is None else await self._transcript(connection, row)

    async def every(self) -> AsyncIterator[Transcript]:
        """READ all conversations, oldest first, a page at a time."""
        after: tuple[Any, str] | None = None
        key = sa.tuple_(conversations.c.opened, conversations.c.id)
        while True:
            page = sa.select(conversations).order_by(conversations.c.opened, conversations.c.id).limit(PAGE)
            if after is not None:
                last = sa.tuple_(
                    sa.bindparam("opened", after[0], type_=conversations.c.opened.type), sa.literal(after[1])
                )
                page = page.where(key > last)
            async with self._database.read() as connection:
                rows = (await connection.execute(page)).all()
                found = [await self._transcript(connection, row) for row in rows]
            for transcript in found:
                yield transcript
            if len(rows) < PAGE:
                return
            after = (rows[-1].opened, rows[-1].id)

    async def about(self, id: str) -> About | None:
        """READ channel, language and state; None when there is no such conversation. Costs the same at any length."""
        wanted = sa.select(conversations.c.channel, conversations.c.lang, conversations.c.state)
        async with self._database.read() as connection:
            row = (await connection.execute(wanted.where(conversations.c.id == id))).first()
        return None if row is None else About(channel=row.channel, lang=row.lang, state=row.state)

    async def state_of(self, id: str) -> State | None:
        """READ the state; None when there is no such conversation."""
        async with self._database.read() as connection:
            found = await connection.execute(sa.select(conversations.c.state).where(conversations.c.id == id))
            state: State | None = found.scalar()
            return state

    async def set_state(self, id: str, state: State, *, at: datetime) -> None:
        """WRITE a new state. KeyError: no such conversation."""
        await self._database.write(lambda connection: change_state(connection, self._events, id, state, at))
        self._events.wake(conversation_topic(id), STAFF)

    async def set_lang(self, id: str, lang: Lang) -> None:
        """WRITE the language the conversation goes on in."""
        change = sa.update(conversations).where(conversations.c.id == id).values(lang=lang)
        await self._database.write(lambda connection: connection.execute(change))

    async def caller_hint(self, id: str) -> ClearText | None:
        """READ the number a call came from."""
        async with self._database.read() as connection:
            sealed = (
                await connection.execute(sa.select(conversations.c.hint).where(conversations.c.id == id))
            ).scalar()
        return None if sealed is None else ClearText(self._sealer.open_text(sealed, f"conversations:hint:{id}"))

    async def quiet_since(self, moment: datetime, *, limit: int = 200) -> list[str]:
        """READ the ids of conversations that are not ended and in which nothing happened since."""
        wanted = sa.select(conversations.c.id).where(conversations.c.state != "ended", conversations.c.updated < moment)
        async with self._database.read() as connection:
            return list((await connection.execute(wanted.order_by(conversations.c.updated).limit(limit))).scalars())

    async def settled(self, ids: Sequence[str], *, ended_before: datetime, quiet_before: datetime) -> list[str]:
        """READ which of these have ended, or had nothing happen, since before then, or do not exist."""
        row = conversations.c
        alive = sa.or_(row.ended >= ended_before, sa.and_(row.ended.is_(None), row.updated >= quiet_before))
        wanted = sa.select(row.id).where(row.id.in_(ids), alive)
        async with self._database.read() as connection:
            living: set[str] = set((await connection.execute(wanted)).scalars())
        return [id for id in ids if id not in living]

    # --- inside a transaction ---

    async def _append(
        self, connection: AsyncConnection, id: str, at: datetime, *, reply: Reply | None = None, **said: Any
    ) -> Line:
        count = sa.update(conversations).where(conversations.c.id == id)
        count = count.values(lines=conversations.c.lines + 1, updated=at)
        seq = (await connection.execute(count.returning(conversations.c.lines))).scalar()
        if seq is None:
            raise KeyError(id)
        line = line_rows.new_line(seq=int(seq), at=at, reply=reply, **said)
        await connection.execute(line_rows.insert(self._sealer, id, line))
        await self._events.add(connection, conversation_topic(id), "line", line_rows.line_body(line), at)
        return line

    async def _answer(self, connection: AsyncConnection, id: str, client_id: str) -> Reply | None:
        wanted = sa.select(answers.c.reply).where(answers.c.conversation == id, answers.c.client_id == client_id)
        sealed = (await connection.execute(wanted)).scalar()
        return None if sealed is None else reply_from_json(self._sealer.open_text(sealed, f"answers:{id}:{client_id}"))

    async def _transcript(self, connection: AsyncConnection, row: Any) -> Transcript:
        found = await line_rows.read(connection, self._sealer, row.id)
        return Transcript(id=row.id, channel=row.channel, lang=row.lang, state=row.state, lines=found)
