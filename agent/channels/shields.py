"""What stands around every route: security headers, a limit on bodies, and a last resort that leaks nothing."""

import asyncio
import logging
import traceback

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.channels.problems import Problem, problem_response

LOG = logging.getLogger("careline.http")
LARGEST_BODY = 64 * 1024
"""Bytes; 2,000 characters as escaped JSON take at most 24,000."""
SLOWEST_BODY = 20.0
"""Seconds between two pieces of a body; a half-open socket is not waited for longer."""

POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
    "media-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=(), microphone=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class SecurityHeaders:
    """Adds the headers to every HTTP response that does not set its own."""

    def __init__(self, app: ASGIApp, *, https: bool = False) -> None:
        self._app = app
        self._headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, dressed)


class BodyLimit:
    """Refuses bodies beyond `largest` bytes with 413 before anybody reads them to the end, and stalled ones with 408."""

    def __init__(self, app: ASGIApp, *, largest: int = LARGEST_BODY, slowest: float = SLOWEST_BODY) -> None:
        self._app, self._largest, self._slowest = app, largest, slowest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not announced.isdigit() or int(announced) > self._largest:
            await problem_response(413, "too-long", "The body is too large.")(scope, receive, send)
            return
        seen, more = 0, True

        async def counted() -> Message:
            nonlocal seen, more
            try:
                message = await asyncio.wait_for(receive(), self._slowest if more else None)
            except TimeoutError:
                raise Problem(408, "too-slow", "The body did not arrive.") from None
            seen, more = seen + len(message.get("body", b"")), message.get("more_body", False)
            if seen > self._largest:
                raise Problem(413, "too-long", "The body is too large.")
            return message

        await self._app(scope, counted, send)


class LastResort:
    """Turns what nobody foresaw into 500; logs its kind and place, never its message, which may hold a patient's words."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        begun = False

        async def watch(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as failure:  # the last place: a browser gets an answer, and never the traceback
            LOG.error("unforeseen %s at %s", type(failure).__name__, _place(failure))
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1011})
            elif not begun:
                await problem_response(500, "unforeseen", "Something went wrong on our side.")(scope, receive, send)


def _place(failure: Exception) -> str:
    frames = traceback.extract_tb(failure.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "unknown"
