"""Opens everything Careline keeps, in one call."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.clock import Clock
from agent.domain.errors import ConfigError, ServiceDown
from agent.storage.audit import Audit
from agent.storage.bus import Bus, open_bus
from agent.storage.calls import Calls
from agent.storage.conversations import Conversations
from agent.storage.decisions import Decisions
from agent.storage.engine import Database, open_database
from agent.storage.events import Events
from agent.storage.holds import Holds
from agent.storage.key_use import KeyUse
from agent.storage.keys import data_keys
from agent.storage.model_calls import ModelCalls
from agent.storage.retention import Retention
from agent.storage.sealing import Sealer
from agent.storage.switches import Switches
from agent.storage.tables import meta
from agent.storage.tickets import SqlTickets
from agent.storage.turns import TurnLocks
from agent.storage.users import Users
from agent.storage.vault_rows import R, SqlVaultRows

if TYPE_CHECKING:
    from agent.storage.checkpoints import Checkpoints

_CHECK, _WORDS = "key_check", b"the key fits"
_FIRST = sa.text("INSERT INTO meta (name, body) VALUES (:name, :body) ON CONFLICT (name) DO NOTHING").bindparams(
    sa.bindparam("body", type_=meta.c.body.type)
)


@dataclass(frozen=True, kw_only=True)
class Storage:
    """What Careline keeps, apart from the schedule (see `agent.ehr.open`)."""

    folder: Path
    clock: Clock
    database: Database
    sealer: Sealer
    key_use: KeyUse
    events: Events
    conversations: Conversations
    tickets: SqlTickets
    switches: Switches
    users: Users
    decisions: Decisions
    audit: Audit
    calls: Calls
    holds: Holds
    retention: Retention
    model_calls: ModelCalls
    turns: TurnLocks
    bus: Bus | None = None

    def vault_rows(self, make: Callable[..., R]) -> SqlVaultRows[R]:
        """Return the keeper of phi's vault rows: ``storage.vault_rows(VaultRow)``."""
        return SqlVaultRows(self.database, self.sealer, self.clock, make)

    async def checkpoints(self) -> "Checkpoints":
        """Open the graph's checkpoints (loads LangGraph); the caller closes them."""
        from agent.storage.checkpoints import open_checkpoints

        return await open_checkpoints(self.folder, self.sealer, self.database.server)

    async def close(self) -> None:
        """Close the database, once what is still being written to it stands there."""
        await self.model_calls.settle()
        if self.bus is not None:
            await self.bus.close()
        await self.turns.close()
        await self.database.close()
        self.key_use.close()


async def open_storage(
    data_dir: Path, *, data_key: str | None = None, clock: Clock, url: str | None = None, redis: str | None = None
) -> Storage:
    """Open, or make, the data folder: tables brought up to date, key found or made and checked.

    Args:
        data_dir: The data folder, made (mode 0700) when missing.
        data_key: CARELINE_DATA_KEY, if set.
        clock: The practice's clock.
        url: CARELINE_DATABASE_URL, if set; the default is a SQLite file in the data folder.
        redis: CARELINE_REDIS_URL, if set: what happens here wakes other processes at once.

    Raises:
        ConfigError: One sentence that says what the operator can mend.

    """
    database = await open_database(url or data_dir)
    key_use = KeyUse()
    try:
        sealer = await _sealer(database, data_dir, data_key, key_use)
    except BaseException:  # also a cancelled start leaves nothing open
        await database.close()
        key_use.close()
        raise
    events = Events(database, sealer)
    try:
        bus = open_bus(redis, events.heard) if redis else None
    except ConfigError:
        await database.close()
        key_use.close()
        raise
    if bus is not None:
        events.wake_others(bus.tell)
    audit = Audit(database, sealer, clock)
    return Storage(
        folder=data_dir,
        clock=clock,
        database=database,
        sealer=sealer,
        key_use=key_use,
        events=events,
        conversations=Conversations(database, sealer, events),
        tickets=SqlTickets(database, sealer, events, clock),
        switches=Switches(database, events),
        users=Users(database),
        decisions=Decisions(database, sealer),
        audit=audit,
        calls=Calls(database, sealer, clock),
        holds=Holds(database, sealer),
        retention=Retention(database, audit),
        model_calls=ModelCalls(database, clock),
        turns=TurnLocks(database),
        bus=bus,
    )


async def _sealer(database: Database, folder: Path, given: str | None, key_use: KeyUse) -> Sealer:
    """Return a sealer whose key is the one this data was sealed with."""
    async with database.read() as connection:
        check: bytes | None = (await connection.execute(sa.select(meta.c.body).where(meta.c.name == _CHECK))).scalar()
    sealer = _in_use(folder, given, key_use, sealed_before=check is not None)
    if check is None:  # the first to come leaves something to check by
        check = await database.write(lambda connection: _remember(connection, sealer))
    try:
        sealer.open(check, f"meta:{_CHECK}")
    except ServiceDown:
        raise ConfigError(
            "this data was sealed with another key: set CARELINE_DATA_KEY to that key, or use another data folder",
            file=folder,
        ) from None
    return sealer


def _in_use(folder: Path, given: str | None, key_use: KeyUse, *, sealed_before: bool) -> Sealer:
    """Return a sealer whose key nobody takes away while this process lives; the keys are read again under the lock."""
    while True:
        sealer = Sealer(data_keys(folder, given, sealed_before=sealed_before))
        with contextlib.suppress(OSError):  # a folder that cannot be written: its key file cannot change either
            key_use.share(folder, sealer.key_id)
        if Sealer(data_keys(folder, given, sealed_before=sealed_before)).key_id == sealer.key_id:
            return sealer
        key_use.close()


async def _remember(connection: AsyncConnection, sealer: Sealer) -> bytes:
    """Keep what tells this key from others, unless another process did at the same moment; return what is kept."""
    sealed = sealer.seal(_WORDS, f"meta:{_CHECK}")
    await connection.execute(_FIRST, {"name": _CHECK, "body": sealed})
    return bytes((await connection.execute(sa.select(meta.c.body).where(meta.c.name == _CHECK))).scalar_one())
