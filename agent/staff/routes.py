"""Everything staff reaches: pages, data, the live line."""

from fastapi import APIRouter

from agent.staff.api import list_routes, ticket_routes
from agent.staff.guard import Guard
from agent.staff.live import live_routes
from agent.staff.pages import page_routes
from agent.staff.parts import StaffParts
from agent.staff.switchboard import switch_routes


def staff_routes(parts: StaffParts) -> APIRouter:
    """Make the console's routes: `/staff...` pages, `/api/staff/...` data (signed out 401, wrong role 403)."""
    guard = Guard(parts=parts)
    api = APIRouter(prefix="/api/staff", tags=["staff"])
    for made in (list_routes, ticket_routes, switch_routes):
        api.include_router(made(parts, guard))
    router = APIRouter()
    router.include_router(page_routes(parts, guard))
    router.include_router(api)
    router.include_router(live_routes(parts, guard))
    return router
