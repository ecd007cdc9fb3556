"""Opens a house for serve, chat and demo: practice folder or world, clock, reviewed rules, data folder."""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.app import House, load_models, open_house, read_folder, require_reviewed
from agent.commands.running import clock_from, practice_folder
from agent.domain.clock import Clock, StartedClock
from agent.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A house and the settings it was opened with."""

    settings: Settings
    house: House


async def open_for(settings: Settings, *, world: Path | None, clock: str | None, unreviewed: bool) -> Opened:
    """Open a house; with a world, into an empty data folder and at the world's clock.

    Raises:
        ConfigError: A file is wrong, the data folder is not empty, or rules are unreviewed.

    """
    from agent.ehr.worlds import load_world, read_world, require_empty, require_empty_database

    setting = read_world(world) if world else None
    chosen = _clock(clock, setting.clock if setting else None)
    if setting is not None:
        require_empty(settings.data_dir)
    folder = read_folder(settings.practice or setting.folder if setting else practice_folder(settings))
    require_reviewed(folder, unreviewed=unreviewed)
    models = asyncio.create_task(asyncio.to_thread(load_models))
    house = await open_house(settings, folder, await models, clock=chosen)
    async with contextlib.AsyncExitStack() as undo:
        undo.push_async_callback(house.close)
        if setting is not None:
            await require_empty_database(house.storage.database)
            await load_world(setting.world, records=house.records, database=house.storage.database)
        await house.warm()
        undo.pop_all()
    return Opened(settings=settings, house=house)


def _clock(iso: str | None, pinned: datetime | None) -> Clock:
    if iso is None and pinned is not None:
        return StartedClock(pinned)
    return clock_from(iso)
