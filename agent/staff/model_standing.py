"""How the language models of the settings stand."""

from fastapi import APIRouter, Depends

from agent.staff.guard import Guard
from agent.staff.model_wire import ModelOut, model_out
from agent.staff.parts import StaffParts


def model_routes(parts: StaffParts, guard: Guard) -> APIRouter:
    """Make `/models`."""
    router = APIRouter(dependencies=[Depends(guard.reader)])

    @router.get("/models")
    async def models() -> list[ModelOut]:
        """Read which models are asked, in order, and which of them fail or are left alone; none without one.

        Each process leaves a failing model alone by itself: this is how the one that answers sees them.
        """
        return [model_out(standing) for standing in parts.models()]

    return router
