"""Whether Careline is alive, and whether it can take a conversation."""

from collections.abc import Awaitable, Callable
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from agent.channels.problems import Problem, documented


class Health(BaseModel):
    """A short answer for probes."""

    status: Literal["ok"] = "ok"


def health_routes(ready: Callable[[], Awaitable[bool]]) -> APIRouter:
    """Make `/healthz` and `/readyz`; `ready` asks the parts a conversation needs."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    async def healthz() -> Health:
        """Say that the process answers."""
        return Health()

    @router.get("/readyz", responses=documented(503))
    async def readyz() -> Health:
        """Say that a conversation can be taken."""
        if not await ready():
            raise Problem(503, "not-ready", "Careline cannot take a conversation yet.", retry_after=2)
        return Health()

    return router
