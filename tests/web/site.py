"""A whole server on loopback, in this process, for tests that speak real HTTP and WebSocket."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import APIRouter, FastAPI

from agent.channels.chat.pace import Pace
from agent.channels.chat.page import ChatPage, load_page_texts
from agent.channels.chat.routes import chat_routes
from agent.channels.health import health_routes
from agent.channels.server import dress, server_config
from agent.storage.events import Events
from tests.web.scripted_desk import ScriptedDesk

ROOT = Path(__file__).parents[2]
PAGE = ChatPage(
    practice="Lakeside Family Practice", phone="+12125550100", languages=("en", "es"),
    texts=load_page_texts(ROOT / "prompts", ("en", "es")), call="/call",
)  # fmt: skip


def create_app(
    desk: ScriptedDesk, *, events: Events | None = None, grace: float = 90.0, pace: Pace | None = None,
    more: tuple[APIRouter, ...] = (),
) -> FastAPI:  # fmt: skip
    """Compose an app from a scripted desk, as `agent.app` does from the real one."""

    async def ready() -> bool:
        return True

    app = FastAPI(title="Careline", docs_url=None, redoc_url=None)
    app.include_router(chat_routes(desk, page=PAGE, events=events, grace=grace, pace=pace))
    app.include_router(health_routes(ready))
    for router in more:
        app.include_router(router)
    return dress(app)


@asynccontextmanager
async def serving(app: FastAPI, *, ping: float = 20.0) -> AsyncIterator[str]:
    """Run the app on a free port of loopback and yield its address, e.g. ``http://127.0.0.1:4711``."""
    listening = socket.socket(proto=socket.IPPROTO_TCP)  # asyncio sends small answers at once only when it is told
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(server_config(app, host="127.0.0.1", port=0, ping=ping))
    server.config.timeout_graceful_shutdown = 1
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await until(lambda: server.started)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listening.close()


async def until(holds: Callable[[], bool], *, within: float = 5.0) -> None:
    """Wait until something holds that is not ours to signal; fail when it does not."""
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.002)
