"""What commands share: settings from options, the practice folder, a clock from ISO, running a coroutine."""

import asyncio
import logging
import os
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from agent.domain.clock import Clock, StartedClock, SystemClock
from agent.domain.errors import ConfigError
from agent.settings import Settings, read_settings, shipped

T = TypeVar("T")


def settings_of(practice: Path | None, data_dir: Path | None, **more: Any) -> Settings:
    """Return the operator's settings with the command line's folders."""
    settings = read_settings(practice=practice, data_dir=data_dir, **more)
    if settings.practice is not None and not settings.practice.is_dir():
        raise ConfigError("there is no such practice folder", file=settings.practice)
    return settings


def existing_data(settings: Settings) -> Settings:
    """Return the settings when there is data to read: reading commands never make a data folder."""
    if settings.database_url is None and not settings.data_dir.is_dir():
        raise ConfigError("there is no such data folder", file=settings.data_dir)
    return settings


def practice_folder(settings: Settings) -> Path:
    """Return the practice folder: the operator's, or the demo practice."""
    return settings.practice or shipped("knowledge")


def clock_from(iso: str | None) -> Clock:
    """Return the machine's clock, or one that starts at an ISO time with offset and runs."""
    if iso is None:
        return SystemClock()
    try:
        start = datetime.fromisoformat(iso)
    except ValueError:
        raise ConfigError(f"not a time in ISO form: {iso!r}", key="--clock") from None
    if start.tzinfo is None:
        raise ConfigError("the time needs an offset, like 2026-03-02T09:00:00-05:00", key="--clock")
    return StartedClock(start)


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end."""
    return asyncio.run(work)


def quiet() -> None:
    """Log warnings and worse only."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
