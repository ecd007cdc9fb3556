"""How Careline meets the network: what is wrapped around the app, and how the server runs it."""

import uvicorn
from fastapi import FastAPI

from agent.channels.access_log import AccessLog, hide_secrets_in_server_logs
from agent.channels.problems import install_problems
from agent.channels.shields import BodyLimit, LastResort, SecurityHeaders

LARGEST_FRAME = 64 * 1024


def dress(app: FastAPI, *, https: bool = False) -> FastAPI:
    """Add problem details, headers, limits and the access log to an app, in the order they must stand."""
    install_problems(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(LastResort)
    app.add_middleware(SecurityHeaders, https=https)
    app.add_middleware(AccessLog)
    return app


def server_config(app: FastAPI, *, host: str, port: int, ping: float = 20.0) -> uvicorn.Config:
    """Settings of the server: silent about ids, and a socket whose far end is gone is closed after two `ping` seconds."""
    hide_secrets_in_server_logs()
    return uvicorn.Config(
        app, host=host, port=port, access_log=False, log_config=None, server_header=False, ws_max_size=LARGEST_FRAME,
        ws_ping_interval=ping, ws_ping_timeout=ping, timeout_graceful_shutdown=10,
    )  # fmt: skip
