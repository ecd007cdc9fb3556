"""Switches that staff turns by hand, such as "everything to people"; kept over restarts, with who and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.storage.engine import Database
from agent.storage.events import STAFF, Events
from agent.storage.tables import switches

SwitchName = Literal["everything_to_people", "staffed"]
"""`everything_to_people`: every conversation goes to a person. `staffed`: a person can answer now, whatever the
opening hours say (on) or none can (off); not turned at all, the opening hours decide."""

SWITCHES: tuple[SwitchName, ...] = get_args(SwitchName)


@dataclass(frozen=True, kw_only=True)
class Switch:
    """A switch that somebody has turned."""

    name: SwitchName
    on: bool
    by: str
    at: datetime


class Switches:
    """The switches of this practice."""

    def __init__(self, database: Database, events: Events) -> None:
        self._database = database
        self._events = events

    async def turn(self, name: SwitchName, *, on: bool, by: str, at: datetime) -> None:
        """WRITE: turn a switch, and tell staff pages."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(sa.delete(switches).where(switches.c.name == name))
            await connection.execute(sa.insert(switches).values(name=name, is_on=on, by=by, at=at))
            await self._events.add(connection, STAFF, "switch", {"name": name, "on": on, "by": by}, at)

        await self._database.write(work)
        self._events.wake(STAFF)

    async def clear(self, name: SwitchName, *, by: str, at: datetime) -> None:
        """WRITE: let the rules decide again."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(sa.delete(switches).where(switches.c.name == name))
            await self._events.add(connection, STAFF, "switch", {"name": name, "on": None, "by": by}, at)

        await self._database.write(work)
        self._events.wake(STAFF)

    async def every(self) -> dict[SwitchName, Switch]:
        """READ all switches that somebody has turned. Raises ServiceError."""
        rows = await self._database.rows(sa.select(switches))
        return {row.name: Switch(name=row.name, on=row.is_on, by=row.by, at=row.at) for row in rows}

    async def is_on(self, name: SwitchName) -> bool | None:
        """READ one switch; None when nobody has turned it."""
        found = (await self.every()).get(name)
        return None if found is None else found.on
