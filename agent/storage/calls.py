"""Phone calls: from the first ring to the end. A call's number is sealed; it is found again by a keyed hash.

A token lets one socket carry one call: made by `ring` or `back`, kept as a hash, used up by `redeem`, worth nothing
after a minute. Tokens count by the machine's clock, calls by the practice's, which a demo may pin.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.clock import Clock, SystemClock
from agent.domain.text import ClearText
from agent.storage.call_rows import Call, CallStatus, Kind, new_row, number_hashes, read_call
from agent.storage.engine import Database
from agent.storage.sealing import Sealer
from agent.storage.tables import calls, conversations

TOKEN_SECONDS = 60
"""How long a token may wait for its socket."""
MOST_TRANSFERS = 1
"""Transfers a call may see without staff's asking: one that nobody answered, and the caller stays with the agent."""
__all__ = ["Call", "CallStatus", "Calls", "Kind"]
_NO_TOKEN = {"token": None, "token_until": None}


class Calls:
    """Every call of this practice."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock, timer: Clock | None = None) -> None:
        self._database, self._sealer = database, sealer
        self._clock, self._timer = clock, timer or SystemClock()

    async def ring(self, call_sid: str, kind: Kind, caller: ClearText | None = None) -> str | None:
        """WRITE a call that rings and return its token.

        The same call ringing again gets a new token in place of the old one while none was used; None afterwards.
        """
        token = secrets.token_urlsafe(32)
        waiting = sa.update(calls).where(calls.c.call_sid == call_sid, calls.c.status == "ringing")
        waiting = waiting.where(calls.c.token.is_not(None), calls.c.conversation.is_(None))

        async def work(connection: AsyncConnection) -> bool:
            if kind == "browser":  # a telephone's never-used row stays: its webhook could be sent again
                await connection.execute(self._unused())
            known = await connection.execute(sa.select(calls.c.id).where(calls.c.call_sid == call_sid))
            if known.scalar() is None:
                row = new_row(self._sealer, secrets.token_hex(12), call_sid, kind, caller, self._clock.now())
                await connection.execute(sa.insert(calls).values(**row, **self._token(token)))
                return True
            return (await connection.execute(waiting.values(**self._token(token)))).rowcount > 0

        try:
            rings = await self._database.write(work)
        except IntegrityError:  # the same call rang in another process at the same moment
            rings = await self._database.write(work)
        return token if rings else None

    async def redeem(self, token: str, call_sid: str, *, kind: Kind | None = None) -> Call | None:
        """WRITE: use up a token, once, for the call it was made for; None when it does not fit, was used or is old.

        A browser's token names its call by itself: what the page calls it does not count. `kind`: take only tokens
        of this kind of call, and leave others unused.
        """
        fits = sa.and_(
            calls.c.token == _digest(token),
            calls.c.token_until > self._timer.now(),
            calls.c.status == "ringing",
        )
        if kind is not None:
            fits = sa.and_(fits, calls.c.kind == kind)
        used = sa.update(calls).where(fits).values(**_NO_TOKEN).returning(calls)

        async with self._database.read() as connection:  # who has no token holds up no write
            found = (await connection.execute(sa.select(calls.c.kind, calls.c.call_sid).where(fits))).first()
        if found is None or (found.kind != "browser" and found.call_sid != call_sid):
            return None

        async def work(connection: AsyncConnection) -> Any:
            return (await connection.execute(used)).first()

        row = await self._database.write(work)
        return None if row is None else read_call(self._sealer, row)

    async def live(self, call: Call, conversation: str) -> None:
        """WRITE: the caller talks to the agent in this conversation. A call that has ended meanwhile stays ended."""
        status = sa.case((calls.c.status == "ringing", "live"), else_=calls.c.status)
        talks = sa.update(calls).where(calls.c.id == call.id)
        await self._change(talks.values(status=status, conversation=conversation, returned=False))

    async def left(self, call: Call, at: datetime) -> bool:
        """WRITE: the socket of a call closed. True: the call is over by that, and nobody has said so before.

        False: a person has the call, or the caller came back meanwhile by another socket.
        """
        here = sa.update(calls).where(calls.c.id == call.id, calls.c.came_back == call.returns)
        here = here.where(calls.c.status.in_(("ringing", "live")))
        return await self._change(here.values(status="ended", ended=at, **_NO_TOKEN))

    async def ended(self, call_sid: str, at: datetime) -> bool:
        """WRITE: the call is over. True for the one who says so first; only that one tells the conversation."""
        over = sa.update(calls).where(calls.c.call_sid == call_sid, calls.c.status != "ended")
        return await self._change(over.values(status="ended", ended=at, **_NO_TOKEN))

    async def hand_over(self, call_sid: str, *, again: bool = False) -> int | None:
        """WRITE: a person's phone is about to ring for a live call; return which transfer of the call this is.

        None: the call is not live, or was transferred before; `again` lifts that limit, for staff.
        """
        rings = sa.update(calls).where(calls.c.call_sid == call_sid, calls.c.status == "live")
        if not again:
            rings = rings.where(calls.c.transfers < MOST_TRANSFERS)
        counted = rings.values(status="with_person", transfers=calls.c.transfers + 1).returning(calls.c.transfers)

        async def work(connection: AsyncConnection) -> int | None:
            count: int | None = (await connection.execute(counted)).scalar()
            return count

        return await self._database.write(work)

    async def keep(self, call_sid: str) -> None:
        """WRITE: the telephone service did not take the transfer; the caller is still with the agent."""
        stays = sa.update(calls).where(calls.c.call_sid == call_sid, calls.c.status == "with_person")
        await self._change(stays.values(status="live"))

    async def back(self, call_sid: str, *, transfer: int | None = None) -> str | None:
        """WRITE: nobody answered a transfer; return the token with which the caller comes back to the conversation.

        Asked again before it was used, a new one in its place. None: the call never was away, came back from this
        transfer already, or `transfer` is not its latest. A call we took for lost meanwhile goes on.
        """
        token = secrets.token_urlsafe(32)
        away = calls.c.came_back < calls.c.transfers
        unused = sa.and_(calls.c.status == "ringing", calls.c.returned, calls.c.token.is_not(None))
        returns = sa.update(calls).where(calls.c.call_sid == call_sid, sa.or_(away, unused))
        if transfer is not None:
            returns = returns.where(calls.c.transfers == transfer)
        returns = returns.values(status="ringing", returned=True, came_back=calls.c.transfers, ended=None)
        return token if await self._change(returns.values(**self._token(token))) else None

    async def of_sid(self, call_sid: str) -> Call | None:
        """READ a call by the telephone service's name of it."""
        return await self._one(sa.select(calls).where(calls.c.call_sid == call_sid))

    async def of_conversation(self, conversation: str) -> Call | None:
        """READ the latest call of a conversation; None for a chat."""
        mine = sa.select(calls).where(calls.c.conversation == conversation)
        return await self._one(mine.order_by(calls.c.started.desc(), calls.c.id).limit(1))

    async def live_calls(self) -> list[Call]:
        """READ the calls that are going on, the longest first; among them those with a person."""
        going = sa.select(calls).where(calls.c.conversation.is_not(None), calls.c.status != "ended")
        async with self._database.read() as connection:
            rows = (await connection.execute(going.order_by(calls.c.started, calls.c.id))).all()
        return [read_call(self._sealer, row) for row in rows]

    async def from_number(self, number: ClearText) -> list[Call]:
        """READ every call from this number, the oldest first."""
        mine = sa.select(calls).where(calls.c.number.in_(number_hashes(self._sealer, number)))
        async with self._database.read() as connection:
            rows = (await connection.execute(mine.order_by(calls.c.started, calls.c.id))).all()
        return [read_call(self._sealer, row) for row in rows]

    async def dropped_from(self, number: ClearText, since: datetime) -> str | None:
        """READ the open conversation of this number's last call, if that call ended at or after `since`."""
        last = sa.select(calls.c.conversation, calls.c.status, calls.c.ended, conversations.c.state)
        last = last.join(conversations, conversations.c.id == calls.c.conversation)
        last = (
            last.where(calls.c.number.in_(number_hashes(self._sealer, number)))
            .order_by(calls.c.started.desc(), calls.c.id)
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(last)).first()
        if row is None or row.status != "ended" or row.ended < since or row.state == "ended":
            return None
        return str(row.conversation)

    async def is_away(self, number: ClearText) -> bool:
        """READ whether a call from this number is being sent to a person right now."""
        away = sa.select(calls.c.id).where(
            calls.c.number.in_(number_hashes(self._sealer, number)), calls.c.status == "with_person"
        )
        async with self._database.read() as connection:
            return (await connection.execute(away.limit(1))).first() is not None

    def _unused(self) -> sa.Delete:
        never = sa.delete(calls).where(calls.c.kind == "browser", calls.c.conversation.is_(None))
        return never.where(calls.c.token_until < self._timer.now() - timedelta(hours=1))

    def _token(self, token: str) -> dict[str, Any]:
        return {"token": _digest(token), "token_until": self._timer.now() + timedelta(seconds=TOKEN_SECONDS)}

    async def _change(self, change: "sa.Update") -> bool:
        async def work(connection: AsyncConnection) -> bool:
            return (await connection.execute(change)).rowcount > 0

        return await self._database.write(work)

    async def _one(self, wanted: "sa.Select[Any]") -> Call | None:
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).first()
        return None if row is None else read_call(self._sealer, row)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
