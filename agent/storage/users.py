"""Staff accounts, sign-in and sessions.

Sessions count by the machine's clock, not by the practice's, which a demo may pin. Tokens are kept as hashes only.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, get_args

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.clock import Clock, SystemClock
from agent.domain.errors import CallerError, ConfigError
from agent.storage import passwords
from agent.storage.engine import Database
from agent.storage.tables import accounts, failures, sessions

Role = Literal["staff", "nurse", "admin"]
"""staff: queue and conversations. nurse: also urgent ones on call. admin: also accounts, switches, audit."""

ROLES: tuple[Role, ...] = get_args(Role)
LONGEST = timedelta(hours=12)
IDLE = timedelta(minutes=30)
SHORTEST_PASSWORD = 10
FREE_TRIES = 5
"""Wrong passwords in a row before the name, or the address they come from, has to wait: 2, 4, 8 ... seconds."""
LONGEST_WAIT = timedelta(minutes=15)


_COUNTED = sa.text(
    "INSERT INTO sign_in_failures (who, count, until) VALUES (:who, 1, :until) "
    "ON CONFLICT (who) DO UPDATE SET count = sign_in_failures.count + 1 RETURNING count"
).bindparams(sa.bindparam("until", type_=failures.c.until.type))
"""Counts a failure, whoever else does so at the same moment."""


class Throttled(CallerError):
    """Too many wrong passwords; `retry_after` says how many seconds to wait."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("throttled")
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody who may sign in."""

    name: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class Session:
    """Somebody who is signed in. `token` goes into the cookie, `csrf` into forms."""

    token: str = field(repr=False)
    account: Account

    @property
    def csrf(self) -> str:
        """A value that only a page of this session knows."""
        return hashlib.sha256(b"careline csrf" + self.token.encode()).hexdigest()[:32]


class Users:
    """The practice's staff."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    async def add(self, name: str, *, role: Role, password: str) -> Account:
        """WRITE an account. Raises ConfigError: the name is taken or empty, the password too short."""
        name = _plain(name)
        if not name or len(name) > 60:
            raise ConfigError("a user's name has 1 to 60 characters")
        row = {"name": name, "role": role, "password": await _new_hash(password), "made": self._clock.now()}
        try:
            await self._database.write(lambda connection: connection.execute(sa.insert(accounts).values(**row)))
        except IntegrityError:
            raise ConfigError(f"there is a user called {name!r} already") from None
        return Account(name=name, role=role)

    async def every(self) -> list[Account]:
        """READ all accounts by name."""
        async with self._database.read() as connection:
            rows = (await connection.execute(sa.select(accounts).order_by(accounts.c.name))).all()
        return [Account(name=row.name, role=row.role) for row in rows]

    async def remove(self, name: str) -> bool:
        """WRITE: delete an account and sign it out everywhere; False when there is none."""
        gone = sa.delete(accounts).where(accounts.c.name == _plain(name))

        async def work(connection: AsyncConnection) -> bool:
            await connection.execute(sa.delete(sessions).where(sessions.c.account == _plain(name)))
            return (await connection.execute(gone)).rowcount > 0

        return await self._database.write(work)

    async def change_password(self, name: str, password: str) -> bool:
        """WRITE a new password and sign out everywhere; False when there is no such account."""
        stored = await _new_hash(password)
        change = sa.update(accounts).where(accounts.c.name == _plain(name)).values(password=stored)

        async def work(connection: AsyncConnection) -> bool:
            await connection.execute(sa.delete(sessions).where(sessions.c.account == _plain(name)))
            return (await connection.execute(change)).rowcount > 0

        return await self._database.write(work)

    async def sign_in(self, name: str, password: str, *, source: str) -> Session | None:
        """WRITE a session; None when name or password is wrong, which takes equally long.

        `source` is the address the try comes from. Raises Throttled.
        """
        keys = (_counted_as(name), f"source:{source}")
        await self._refuse_throttled(keys)
        async with (
            self._database.read() as connection
        ):  # a handful; what was typed is not asked for, it may be anything
            rows = (await connection.execute(sa.select(accounts))).all()
        row = next((row for row in rows if row.name == _plain(name)), None)
        if not await passwords.fits(row.password if row else None, password) or row is None:
            await self._database.write(lambda connection: self._failed(connection, keys))
            return None
        session = Session(token=secrets.token_urlsafe(32), account=Account(name=row.name, role=row.role))
        now = self._clock.now()
        values = {"digest": _digest(session.token), "account": row.name, "made": now, "seen": now}

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(sa.delete(failures).where(failures.c.who == keys[0]))
            await connection.execute(sa.delete(sessions).where(sessions.c.seen < now - IDLE))
            await connection.execute(sa.insert(sessions).values(**values))

        await self._database.write(work)
        return session

    async def session(self, token: str) -> Session | None:
        """READ who is signed in with this token; None when nobody is, or it was idle or open for too long."""
        now, digest = self._clock.now(), _digest(token)
        joined = sa.select(sessions, accounts.c.role).join(accounts, accounts.c.name == sessions.c.account)
        async with self._database.read() as connection:
            row = (await connection.execute(joined.where(sessions.c.digest == digest))).first()
        if row is None or now - row.seen > IDLE or now - row.made > LONGEST:
            return None
        if now - row.seen > timedelta(minutes=1):
            seen = sa.update(sessions).where(sessions.c.digest == digest).values(seen=now)
            await self._database.write(lambda connection: connection.execute(seen))
        return Session(token=token, account=Account(name=row.account, role=row.role))

    async def present(self, *, within: timedelta) -> set[str]:
        """READ the names of those signed in and seen lately; an open console is seen about once a minute."""
        seen = sa.select(sessions.c.account).where(sessions.c.seen >= self._clock.now() - within)
        async with self._database.read() as connection:
            return set((await connection.execute(seen)).scalars())

    async def sign_out(self, token: str) -> None:
        """WRITE: end a session."""
        gone = sa.delete(sessions).where(sessions.c.digest == _digest(token))
        await self._database.write(lambda connection: connection.execute(gone))

    async def _refuse_throttled(self, keys: tuple[str, ...]) -> None:
        async with self._database.read() as connection:
            rows = (await connection.execute(sa.select(failures).where(failures.c.who.in_(keys)))).all()
        left = max((row.until - self._clock.now() for row in rows), default=timedelta(0))
        if left > timedelta(0):
            raise Throttled(int(left.total_seconds()) + 1)

    async def _failed(self, connection: AsyncConnection, keys: tuple[str, ...]) -> None:
        now = self._clock.now()
        await connection.execute(sa.delete(failures).where(failures.c.until < now - LONGEST_WAIT))
        for key in keys:
            count = int((await connection.execute(_COUNTED, {"who": key, "until": now})).scalar_one())
            row = sa.update(failures).where(failures.c.who == key)
            await connection.execute(row.values(until=now + _wait(count)))


def _wait(count: int) -> timedelta:
    over = count - FREE_TRIES
    return timedelta(0) if over < 0 else min(LONGEST_WAIT, timedelta(seconds=2.0 ** min(over + 1, 20)))


def _plain(name: str) -> str:
    return name.strip().casefold()


def _counted_as(name: str) -> str:
    """Return what wrong passwords for a name are counted under: too short a digest to tell what was typed."""
    return f"name:{_digest(_plain(name))[:5]}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def _new_hash(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= passwords.MOST_CHARACTERS:
        raise ConfigError(f"a password has at least {SHORTEST_PASSWORD} characters")
    return await passwords.hashed(password)
