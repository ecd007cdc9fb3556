"""Signing in and out."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment
from starlette.responses import Response

from agent.staff.guard import FORM, REFERRER, SIGN_IN, Guard, form_token
from agent.staff.parts import StaffParts
from agent.staff.takeover import AWAY
from agent.storage.users import Throttled

Text = Annotated[str, Form(max_length=1_000)]


def sign_in_routes(parts: StaffParts, guard: Guard, pages: Environment) -> APIRouter:
    """Make the sign-in form, and what its buttons do."""
    router = APIRouter()

    def form(request: Request, trouble: str | None = None, status: int = 200) -> Response:
        token = request.cookies.get(FORM) or form_token()
        page = pages.get_template("sign_in.html").render(parts=parts, csrf=token, trouble=trouble)
        response = HTMLResponse(page, status, REFERRER)
        guard.new_form(response, request, token)
        return response

    @router.get(SIGN_IN)
    async def show_form(request: Request) -> Response:
        return go("/staff") if await guard.session(request) else form(request)

    @router.post(SIGN_IN)
    async def sign_in(request: Request, name: Text, password: Text, csrf: Text) -> Response:
        guard.check_form(request, csrf, request.cookies.get(FORM, ""))
        source = request.client.host if request.client else "unknown"
        try:
            session = await parts.users.sign_in(name, password, source=source)
        except Throttled as wait:
            response = form(request, f"Too many tries. Wait {wait.retry_after} seconds, then try again.", 429)
            response.headers["Retry-After"] = str(wait.retry_after)
            return response
        if session is None:
            return form(request, "Name or password is not right.", HTTPStatus.UNAUTHORIZED)
        await parts.audit.record(actor=session.account.name, action="sign_in", subject=session.account.name)
        response = go("/staff")
        guard.remember(response, session, request)
        return response

    @router.post("/staff/sign-out")
    async def sign_out(request: Request, csrf: Text) -> Response:
        session = await guard.session(request)
        if session is not None:
            guard.check_form(request, csrf, session.csrf)
            await parts.users.sign_out(session.token)
            if session.account.name not in await parts.users.present(within=AWAY):
                await parts.takeover.give_back(of=session.account.name)
        response = go(SIGN_IN)
        guard.forget(response, request)
        return response

    return router


def go(path: str) -> Response:
    """Send the browser to another page."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)
