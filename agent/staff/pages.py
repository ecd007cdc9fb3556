"""The console's pages and the files beside them."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from agent.staff.guard import REFERRER, SIGN_IN, Guard
from agent.staff.parts import StaffParts
from agent.staff.sign_in import go, sign_in_routes

HERE = Path(__file__).parent


def page_routes(parts: StaffParts, guard: Guard) -> APIRouter:
    """Make `/staff` and what belongs to it; signed out it leads to the sign-in."""
    router = APIRouter(include_in_schema=False)
    files = StaticFiles(directory=HERE / "static")
    pages = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)

    @router.get("/staff")
    async def console(request: Request) -> Response:
        session = await guard.session(request)
        if session is None:
            return go(SIGN_IN)
        return HTMLResponse(pages.get_template("console.html").render(parts=parts, session=session), headers=REFERRER)

    @router.get("/static/staff/{path:path}")
    async def file(request: Request, path: str) -> Response:
        response = await files.get_response(path, request.scope)
        response.headers["Cache-Control"] = "no-cache"
        return response

    router.include_router(sign_in_routes(parts, guard, pages))
    return router
