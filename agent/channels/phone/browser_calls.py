"""Calls from a browser: a token for one call over the very socket that telephone calls use."""

import ipaddress
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.responses import Response

from agent.channels.chat.pace import Pace
from agent.channels.origins import may_connect
from agent.channels.phone import twiml
from agent.channels.phone.twiml import STREAM
from agent.channels.problems import MEDIA_TYPE, Problem, ProblemBody, documented
from agent.storage.calls import Calls

log = logging.getLogger("careline.phone")


class BrowserCall(BaseModel):
    """Where to call, and the token that the socket's `start` carries: for one call, within a minute."""

    url: str = Field(examples=["wss://clinic.example/twilio/stream"])
    token: str


class VoiceMissing(ProblemBody):
    """Why no call is possible: the packages that are not installed."""

    missing: list[str]


@dataclass(frozen=True, kw_only=True)
class BrowserCalls:
    """Who may call from where. `missing` names packages that are not installed, `answers` says if a line is free."""

    calls: Calls
    public_url: str | None
    demo: bool
    missing: Callable[[], tuple[str, ...]]
    answers: Callable[[], bool]
    origins: frozenset[str] = frozenset()
    pace: Pace = field(default_factory=Pace)


def browser_call_routes(door: BrowserCalls) -> APIRouter:
    """Make `POST /api/calls`."""
    router = APIRouter(prefix="/api/calls", tags=["phone"])

    @router.post("", status_code=201, response_model=BrowserCall, responses=documented(403, 429, 503))
    async def call(request: Request) -> BrowserCall | Response:
        """Get a token for a call from the browser. 503 names the packages that are `missing`, or lines are busy."""
        if not allowed(door, request):
            raise Problem(403, "calls-not-allowed", "This page may not call.")
        wait = door.pace.wait(request.client.host if request.client else "")
        if wait:
            raise Problem(429, "too-many-calls", "At most 20 calls in 10 seconds.", retry_after=wait)
        if missing := door.missing():
            return _missing(missing)
        if not door.answers():
            raise Problem(503, "lines-busy", "All lines are busy; try again.", retry_after=10)
        token = await door.calls.ring(f"browser-{secrets.token_hex(12)}", "browser")
        assert token is not None  # nothing else knows this call yet
        return BrowserCall(url=stream_url(door, request), token=token)

    return router


def allowed(door: BrowserCalls, request: Request) -> bool:
    """Say whether this page may call: ours or an allowed one; in the demo, programs too.

    Without a public address only this machine may, by its own name: a page elsewhere whose name was made to point
    here is refused by that name.
    """
    origin = request.headers.get("origin")
    if origin is not None and origin in _ours(door):
        return True
    if not may_connect(request.headers, door.origins):
        return False
    if door.demo:
        return True
    host = request.client.host if request.client else ""
    return door.public_url is None and _loopback(host) and _loopback(request.url.hostname or "")


def stream_url(door: BrowserCalls, request: Request) -> str:
    """Return the socket's address as this page reaches it."""
    if door.public_url and request.headers.get("origin") in _ours(door):
        return twiml.address(door.public_url, STREAM, socket=True)
    return twiml.address(f"{request.url.scheme}://{request.url.netloc}", STREAM, socket=True)


def _ours(door: BrowserCalls) -> frozenset[str]:
    if door.public_url is None:
        return door.origins
    public = urlsplit(door.public_url)
    return door.origins | {f"{public.scheme}://{public.netloc}"}


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _missing(packages: tuple[str, ...]) -> Response:
    body = VoiceMissing(
        type="urn:careline:problem:voice-missing", title="Service Unavailable", status=503,
        detail="Calls need packages that are not installed.", missing=list(packages),
    )  # fmt: skip
    return JSONResponse(body.model_dump(), 503, media_type=MEDIA_TYPE)
