"""A Careline's phone on loopback: real routes, socket and pipeline over any desk, models loaded once for all."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from agent.app import House
from agent.channels.phone.parts import FrontDesk, Hearing
from agent.channels.phone.phone import Office, Phone, open_phone
from agent.channels.phone.warming import load_hearing, missing_for_calls
from agent.channels.server import dress, server_config
from agent.domain.errors import ConfigError
from agent.domain.practice import Practice
from agent.settings import Settings, shipped

ENDS_WITHIN = 15.0
"""Seconds a call may take to be put away after the caller has hung up."""


_LEARNING: set["asyncio.Task[None]"] = set()


@dataclass(frozen=True, kw_only=True)
class Line:
    """Where to ring, and the phone that answers there."""

    url: str
    phone: Phone

    async def quiet(self) -> bool:
        """Wait until no call is left; False when one stays."""
        return await until(lambda: not self.phone.parts.lines.count, seconds=ENDS_WITHIN)


class Server(uvicorn.Server):
    """Leaves signals alone: whoever runs a measurement stops it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Catch nothing."""
        yield


async def hearing_of(practice: Practice, *, learning: float = 0.0) -> Hearing:
    """Load what hears and speaks, once for all calls. Fixed sentences are learned by heart meanwhile, as the server does.

    `learning`: seconds to wait at most until they all are. ConfigError: the extra `voice` is not installed.
    """
    settings = Settings()
    absent = missing_for_calls(settings, practice.languages)
    if absent:
        raise ConfigError(f"calls need packages that are not installed: {', '.join(absent)}")
    hearing, speech = await load_hearing(settings, practice, shipped("prompts"))
    if speech is not None:
        learned = asyncio.create_task(speech.voice.prepare())
        _LEARNING.add(learned)
        learned.add_done_callback(_LEARNING.discard)
        await asyncio.wait({learned}, timeout=learning)
    return hearing


@contextlib.asynccontextmanager
async def line_of(house: House, desk: FrontDesk, hearing: Hearing, *, calls: int | None = None) -> AsyncIterator[Line]:
    """Serve a house's phone with a desk on a free port; `calls`: how many at a time."""
    office = Office(
        settings=Settings(phone_calls=calls),
        practice=house.folder.practice,
        storage=house.storage,
        desk=desk,
        sentences=house.sentences,
        clock=house.clock,
        demo=True,
    )
    phone = open_phone(office)
    phone.parts.hearing, phone.parts.lines.warm = hearing, True
    app = FastAPI(docs_url=None, redoc_url=None)
    app.include_router(phone.routes())
    async with serving(dress(app)) as url:
        yield Line(url=url, phone=phone)


async def until(true: Callable[[], bool], *, seconds: float) -> bool:
    """Wait for something to become so; False when it does not in time."""
    for _ in range(round(seconds / 0.02)):
        if true():
            return True
        await asyncio.sleep(0.02)
    return true()


@contextlib.asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Run an app on a free port of loopback and yield its address."""
    door = socket.socket(proto=socket.IPPROTO_TCP)  # small frames go out at once only when asyncio knows it is TCP
    door.bind(("127.0.0.1", 0))
    server = Server(server_config(app, host="127.0.0.1", port=0))
    server.config.timeout_graceful_shutdown = 2
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    running = asyncio.create_task(server.serve(sockets=[door]))
    try:
        await until(lambda: server.started or running.done(), seconds=ENDS_WITHIN)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        door.close()
