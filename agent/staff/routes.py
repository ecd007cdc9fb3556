"""Everything staff reaches: pages, data, the live line."""

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from agent.staff.api import list_routes, ticket_routes
from agent.staff.conversation_acts import conversation_act_routes, send_routes
from agent.staff.conversation_list import conversation_list_routes
from agent.staff.conversation_live import conversation_live_routes
from agent.staff.guard import SIGN_IN, Guard
from agent.staff.live import live_routes
from agent.staff.model_standing import model_routes
from agent.staff.ownership import owner_routes
from agent.staff.pages import page_routes
from agent.staff.parts import StaffParts
from agent.staff.sign_in import go
from agent.staff.switchboard import switch_routes


def staff_routes(parts: StaffParts) -> APIRouter:
    """Make the console's routes: `/staff...` pages, `/api/staff/...` data (signed out 401, wrong role 403)."""
    guard = Guard(parts=parts)
    api = APIRouter(prefix="/api/staff", tags=["staff"])
    for made in (list_routes, ticket_routes, owner_routes, switch_routes, model_routes):
        api.include_router(made(parts, guard))
    for of_conversations in (conversation_list_routes, conversation_act_routes, send_routes):
        api.include_router(of_conversations(parts, guard))
    router = APIRouter()
    router.include_router(page_routes(parts, guard))
    router.include_router(api)
    router.include_router(live_routes(parts, guard))
    router.include_router(conversation_live_routes(parts, guard))
    router.include_router(_everything_else(guard))
    return router


def _everything_else(guard: Guard) -> APIRouter:
    """Tell strangers nothing about which paths exist: 401 and the sign-in come before 404."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/api/staff/{rest:path}", methods=["GET", "POST"], dependencies=[Depends(guard.reader)])
    async def no_data() -> None:
        raise HTTPException(404, "There is nothing here.")

    @router.get("/staff/{rest:path}")
    async def no_page(request: Request) -> Response:
        return go("/staff" if await guard.session(request) else SIGN_IN)

    return router
