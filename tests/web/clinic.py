"""A whole Careline on loopback: the real front desk, the chat page and the console, with three people at work."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.app import web
from agent.settings import Settings
from agent.storage.users import Role
from tests.talking import Desk, open_desk
from tests.web.site import serving

PASSWORD = "correct horse battery"
PEOPLE: dict[str, Role] = {"dana": "staff", "noor": "nurse", "ada": "admin"}


@dataclass(frozen=True, kw_only=True)
class Clinic:
    """Where it is reached, and what is behind it."""

    address: str
    desk: Desk

    @property
    def storage(self) -> Any:
        return self.desk.house.storage


@asynccontextmanager
async def open_clinic(stage: Any, data: Path, **world: Any) -> AsyncIterator[Clinic]:
    """Open the demo practice with a small world and serve it."""
    desk = await open_desk(stage, data, **world)
    for name, role in PEOPLE.items():
        await desk.house.storage.users.add(name, role=role, password=PASSWORD)
    async with serving(web(desk.house, Settings(data_dir=data))) as address:
        yield Clinic(address=address, desk=desk)
    await desk.close()
