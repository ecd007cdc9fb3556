"""One log line a request: method, the route's own path, status, milliseconds. What somebody typed into an address is not in it.

Uvicorn's own access log is switched off (agent.channels.server); what it still says of sockets passes `HideSecrets`.
"""

import logging
import re
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("careline.access")
_SECRET = re.compile(r"(/(?:conversations|stream|calls)/)[^/?\"]+")
_NO_ROUTE = "(no such path)"


def hide(path: str) -> str:
    """Put ``{id}`` where a path carries a capability, and drop the query."""
    return _SECRET.sub(r"\1{id}", path.partition("?")[0])


_FALSE_ALARM = "ASGI callable returned without completing handshake."
"""What uvicorn logs as an error after a WebSocket was refused with a proper response."""


class HideSecrets(logging.Filter):
    """Hides capabilities and queries in whatever a library logs about a path."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's arguments; drop the false alarm, and DEBUG, which holds every message of every socket."""
        if record.msg == _FALSE_ALARM or record.levelno < logging.INFO:
            return False
        if isinstance(record.args, tuple):
            record.args = tuple(
                hide(arg) if isinstance(arg, str) and arg.startswith("/") else arg for arg in record.args
            )
        return True


class AccessLog:
    """ASGI middleware that writes the line when the response has ended."""

    def __init__(self, app: ASGIApp, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._clock = app, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began, status = self._clock(), 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                status = message["status"]
            elif message["type"] == "websocket.accept":
                status = 101
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            took = round((self._clock() - began) * 1000)
            LOG.info("%s %s %d %dms", scope.get("method", "WS"), _route(scope), status, took)


def _route(scope: Scope) -> str:
    """Return the path as the route that answered declares it, such as ``/api/conversations/{id}``."""
    declared: str = getattr(scope.get("route"), "path", _NO_ROUTE)
    return declared


def hide_secrets_in_server_logs() -> None:
    """Let uvicorn's remaining messages about sockets pass without their secrets."""
    for name in ("uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        if not any(isinstance(present, HideSecrets) for present in logger.filters):
            logger.addFilter(HideSecrets())
