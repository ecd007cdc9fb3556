"""Lets things fail while a turn runs. Every strike returns when what it broke is whole again."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.domain.clock import StillClock
from evals.outages.places import Disk, up
from evals.outages.plans import Fault, before_change
from evals.outages.wire import Gone, Wire
from evals.servers import CannotStart, PostgresServer, RedisServer

LOCK = "BEGIN; LOCK TABLE lines, granules, vault IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({seconds}); COMMIT"
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"


@dataclass(kw_only=True)
class Machinery:
    """What a run stands on, and may break."""

    disk: Disk
    data: Path
    clock: StillClock
    zone: ZoneInfo
    bus: RedisServer
    server: PostgresServer | None = None
    name: str = ""
    worker: Wire | None = None
    pid: int = 0

    async def strike(self, fault: Fault) -> None:
        """Let something fail."""
        await asyncio.sleep(fault.after)
        striking = self._strikes.get(fault.kind)
        if striking is not None:
            with contextlib.suppress(Gone, ProcessLookupError):
                await striking(fault)

    @property
    def _strikes(self) -> dict[str, Callable[[Fault], Awaitable[None]]]:
        return {
            "database": self._restart, "cut": self._cut, "redis": self._redis, "locked": self._locked,
            "slow": self._slow, "full": self._full, "killed": self._kill, "clock": self._step, "dst": self._change,
        }  # fmt: skip

    async def _restart(self, fault: Fault) -> None:
        assert self.server is not None
        with contextlib.suppress(CannotStart):  # a full disk may have ended it before
            await asyncio.to_thread(self.server.stop, "immediate")
        await asyncio.sleep(fault.lasts)
        await up(self.server)

    async def _cut(self, _: Fault) -> None:
        await self._sql(CUT)

    async def _redis(self, fault: Fault) -> None:
        self.bus.stop()
        await asyncio.sleep(fault.lasts)
        await asyncio.to_thread(self.bus.start)

    async def _locked(self, fault: Fault) -> None:
        """Somebody else writes, and takes their time."""
        if self.server is not None:
            await self._sql(LOCK, seconds=fault.lasts)
            return
        await asyncio.to_thread(_held, self.data / "careline.sqlite", fault.lasts)

    async def _slow(self, fault: Fault) -> None:
        """A disk that takes its time: each step of a file; a server whose processes stand still."""
        if self.server is None:
            assert self.worker is not None
            await self.worker.ask("slow", seconds=fault.lasts)
            await asyncio.sleep(fault.lasts)
            return
        pids = [int(pid) for pid in (await self._sql(BACKENDS)).split()]
        for what, wait in ((signal.SIGSTOP, fault.lasts), (signal.SIGCONT, 0.0)):
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, what)
            await asyncio.sleep(wait)

    async def _full(self, fault: Fault) -> None:
        await asyncio.to_thread(self.disk.fill)
        await asyncio.sleep(fault.lasts)
        await asyncio.to_thread(self.disk.free)
        if self.server is not None:
            await up(self.server)

    async def _kill(self, fault: Fault) -> None:
        if fault.statement is None:
            os.kill(self.pid, signal.SIGKILL)

    async def _step(self, fault: Fault) -> None:
        await self._set(self.clock.now() + fault.step)

    async def _change(self, fault: Fault) -> None:
        await self._set(before_change(self.clock.now(), self.zone, autumn=fault.autumn))

    async def _set(self, moment: datetime) -> None:
        self.clock.set(moment)
        if self.worker is not None:
            await self.worker.ask("set_clock", clock=moment.isoformat())

    async def _sql(self, statement: str, seconds: float = 0) -> str:
        assert self.server is not None
        with contextlib.suppress(subprocess.CalledProcessError):  # another failure may have been faster
            return await asyncio.to_thread(
                self.server.sql,
                statement.format(name=self.name, seconds=seconds),
                at=self.name if "{seconds}" in statement else "postgres",
            )
        return ""


def _held(file: Path, seconds: float) -> None:
    """Keep a file's write lock for a while."""
    with (
        contextlib.suppress(sqlite3.OperationalError),
        contextlib.closing(sqlite3.connect(file, timeout=1, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.execute("ROLLBACK")


def later(clock: StillClock, by: timedelta) -> str:
    """Move the clock on, and return the moment."""
    clock.set(clock.now() + by)
    return clock.now().isoformat()
