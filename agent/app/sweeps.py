"""Sweeps while Careline runs: what has outlived its purpose goes, and what staff left returns to the agent."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

from agent.app.house import House
from agent.ehr.periods import Periods

if TYPE_CHECKING:
    from agent.staff.parts import StaffParts

EVERY = 60  # seconds

log = logging.getLogger("careline.app")


@contextlib.asynccontextmanager
async def swept(house: House, staff: "StaffParts") -> AsyncIterator[None]:
    """Sweep every minute until the block ends."""
    periods = Periods(house.storage, house.folder.privacy.keep)
    sweeps = (house.sweep, periods.sweep, house.front_desk.settle_doubts, staff.takeover.give_back)
    task = asyncio.create_task(_sweeping(house, sweeps))
    try:
        yield
    finally:
        task.cancel()


async def _sweeping(house: House, sweeps: tuple[Callable[[], Awaitable[object]], ...]) -> None:
    while True:
        await asyncio.sleep(EVERY)
        house.boundary.rest()
        if not await house.storage.turns.leads():  # of several processes one sweeps
            continue
        for sweep in sweeps:
            try:
                await sweep()
            except Exception as failure:  # one that fails must not end the others, nor the next round
                log.error("sweep_failed %s", type(failure).__name__)
