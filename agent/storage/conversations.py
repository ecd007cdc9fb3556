"""Conversations as the patient saw them: lines and state. Taking over: `agent.storage.takeovers`."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.conversation import Channel, Reply, State, Transcript
from agent.domain.text import ClearText, Lang
from agent.storage import lines as line_rows
from agent.storage.colleagues import colleague
from agent.storage.conversation_states import change_state
from agent.storage.events import STAFF, Event, conversation_topic
from agent.storage.ids import is_conversation_id, kept_client_id, new_conversation_id
from agent.storage.live_conversations import LiveConversation, read_live
from agent.storage.replies import reply_from_json, reply_to_json
from agent.storage.tables import answers, conversations
from agent.storage.takeovers import Takeovers

PAGE = 100


@dataclass(frozen=True, kw_only=True)
class About:
    """What a conversation is, without its lines."""

    channel: Channel
    lang: Lang
    state: State
    lines: int  # how many there are by now


class Conversations(Takeovers):
    """Every conversation. Words are sealed; each change and its event share a transaction."""

    async def create(self, *, channel: Channel, lang: Lang, at: datetime, caller_hint: ClearText | None = None) -> str:
        """WRITE a new, open conversation; its id (192 random bits) is the capability to take part in it.

        `caller_hint` is the number a call came from: never proof of who calls.
        """
        id = new_conversation_id()
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
        self, id: str, *, heard: ClearText | None, reply: Reply | None, at: datetime, client_id: str | None = None,
        alarm: bool = False,
    ) -> bool:  # fmt: skip
        """WRITE a turn, all or nothing: the caller's line, the reply, the new state, the answer to `client_id`.

        A `client_id` answered before is left as it is, and nothing is written twice. KeyError: no such conversation.
        False: a person has taken over while the reply was made. It is withheld from the patient (staff reads it, see
        `withheld`) and the answer is silence. A reply made knowing that a person is there, or an `alarm`, is said.
        """

        async def work(connection: AsyncConnection) -> bool:
            if client_id is not None and await self._answer(connection, id, client_id) is not None:
                return True
            if heard is not None:
                await self._append(connection, id, at, who="caller", text=heard)
            late = (
                reply is not None
                and not alarm
                and reply.state != "with_staff"
                and await self._with_staff(connection, id)
            )
            if late and reply is not None:
                body = {"text": reply.text.reveal(), "at": at.isoformat()}
                await self._events.add(connection, conversation_topic(id), "withheld", body, at)
            elif reply is not None:
                await self._append(connection, id, at, who="agent", text=reply.text, reply=reply)
                await change_state(connection, self._events, id, reply.state, at, by_agent=True)
            if client_id is not None:
                said = reply if reply is not None and not late else Reply(id="", text=ClearText(""), state="with_staff")
                await self._keep_answer(connection, id, client_id, said)
            return not late

        stands = await self._database.write(work)
        self._events.wake(conversation_topic(id), STAFF)
        return stands

    async def answered(self, id: str, client_id: str) -> Reply | None:
        """READ the reply this message had already."""
        if not is_conversation_id(id):
            return None
        rows = await self._database.rows(_answer_to(id, client_id))
        return self._opened_answer(rows[0].reply if rows else None, id, client_id)

    async def transcript(self, id: str) -> Transcript | None:
        """READ a conversation as the patient saw it; None when there is none."""
        if not is_conversation_id(id):
            return None
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

    async def live(self, *, since: datetime, waiting_since: datetime, limit: int = 100) -> list[LiveConversation]:
        """READ what is going on, the latest first; those with or waiting for a person count from `waiting_since`."""
        async with self._database.read() as connection:
            return await read_live(connection, self._sealer, since=since, waiting_since=waiting_since, limit=limit)

    async def about(self, id: str) -> About | None:
        """READ channel, language and state; None when there is no such conversation. Costs the same at any length."""
        if not is_conversation_id(id):
            return None
        row = conversations.c
        wanted = sa.select(row.channel, row.lang, row.state, row.lines)
        if not (rows := await self._database.rows(wanted.where(row.id == id))):
            return None
        (found,) = rows
        return About(channel=found.channel, lang=found.lang, state=found.state, lines=found.lines)

    async def state_of(self, id: str) -> State | None:
        """READ the state; None when there is no such conversation."""
        if not is_conversation_id(id):
            return None
        rows = await self._database.rows(sa.select(conversations.c.state).where(conversations.c.id == id))
        return rows[0].state if rows else None

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
        rows = await self._database.rows(sa.select(conversations.c.hint).where(conversations.c.id == id))
        sealed = rows[0].hint if rows else None
        return None if sealed is None else ClearText(self._sealer.open_text(sealed, f"conversations:hint:{id}"))

    async def quiet_since(
        self, moment: datetime, *, but_not_before: datetime | None = None, limit: int = 200
    ) -> list[str]:
        """READ the ids of conversations that are not ended and in which nothing happened since; the quietest first."""
        wanted = sa.select(conversations.c.id).where(conversations.c.state != "ended", conversations.c.updated < moment)
        if but_not_before is not None:
            wanted = wanted.where(conversations.c.updated >= but_not_before)
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

    async def withheld(self, id: str) -> list[Event]:
        """READ what the agent was about to say when a person took over, in order."""
        return await self._events.of_kind(conversation_topic(id), "withheld")

    # --- inside a transaction ---

    async def _with_staff(self, connection: AsyncConnection, id: str) -> bool:
        mine = sa.select(conversations.c.state).where(conversations.c.id == id)
        found = await connection.execute(mine.with_for_update())  # nobody takes over until the turn is kept
        return bool(found.scalar() == "with_staff")

    async def _keep_answer(self, connection: AsyncConnection, id: str, client_id: str, reply: Reply) -> None:
        kept = kept_client_id(id, client_id)
        sealed = self._sealer.seal_text(reply_to_json(reply), f"answers:{id}:{kept}")
        await connection.execute(sa.insert(answers).values(conversation=id, client_id=kept, reply=sealed))

    async def _answer(self, connection: AsyncConnection, id: str, client_id: str) -> Reply | None:
        sealed = (await connection.execute(_answer_to(id, client_id))).scalar()
        return self._opened_answer(sealed, id, client_id)

    def _opened_answer(self, sealed: bytes | None, id: str, client_id: str) -> Reply | None:
        if sealed is None:
            return None
        return reply_from_json(self._sealer.open_text(sealed, f"answers:{id}:{kept_client_id(id, client_id)}"))

    async def _transcript(self, connection: AsyncConnection, row: Any) -> Transcript:
        found = await line_rows.read(connection, self._sealer, row.id)
        person = await colleague(connection, row.staff)
        return Transcript(id=row.id, channel=row.channel, lang=row.lang, state=row.state, lines=found, staff=person)


def _answer_to(id: str, client_id: str) -> sa.Select[Any]:
    kept = kept_client_id(id, client_id)
    return sa.select(answers.c.reply).where(answers.c.conversation == id, answers.c.client_id == kept)
