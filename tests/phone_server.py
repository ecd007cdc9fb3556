"""A Media Streams server that plays a script: enough of the other end of a call to try the telephone out."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse

from agent.speech.audio import from_mulaw, rms, to_mulaw
from tests.web.site import serving

TONE = to_mulaw((8_000 * np.sin(np.arange(8_000) * 2 * np.pi * 440 / 8_000)).astype(np.int16))
"""One second that everybody hears."""


@dataclass
class Visitor:
    """One call at the scripted server: what came in, and ways to answer."""

    socket: WebSocket
    got: list[dict[str, Any]] = field(default_factory=list)
    stream: str = ""

    async def start(self) -> None:
        """Take `connected` and `start`."""
        while not self.stream:
            message = await self.next()
            self.stream = message["streamSid"] if message["event"] == "start" else ""

    async def next(self) -> dict[str, Any]:
        """Take one message."""
        message: dict[str, Any] = json.loads(await self.socket.receive_text())
        self.got.append(message)
        return message

    async def send(self, event: str, **content: Any) -> None:
        """Send one message."""
        await self.socket.send_text(json.dumps({"event": event, "streamSid": self.stream, **content}))

    async def tone(self, seconds: float = 1.0) -> None:
        """Send sound at once, as an engine gives it: faster than it is played."""
        sound = (TONE * (int(seconds) + 1))[: int(seconds * 8_000)]
        await self.send("media", media={"payload": base64.b64encode(sound).decode()})

    async def mark(self, name: str) -> None:
        """Send a mark."""
        await self.send("mark", mark={"name": name})

    async def until(self, event: str) -> dict[str, Any]:
        """Take messages until one of this kind."""
        while (message := await self.next())["event"] != event:
            pass
        return message

    async def until_spoken(self) -> None:
        """Take messages until somebody spoke and was quiet for 0.2 s."""
        spoke, quiet = False, 0
        while not (spoke and quiet >= 10):
            loud = self.loud(await self.until("media"))
            spoke, quiet = spoke or loud, 0 if loud else quiet + 1

    async def until_loud(self) -> None:
        """Take messages until somebody speaks."""
        while not self.loud(await self.until("media")):
            pass

    @staticmethod
    def loud(message: dict[str, Any]) -> bool:
        """Say whether a media message holds speech."""
        return rms(from_mulaw(base64.b64decode(message["media"]["payload"]))) > 0.02

    def all(self, event: str) -> list[dict[str, Any]]:
        """Return what came of one kind."""
        return [message for message in self.got if message["event"] == event]


Script = Callable[[Visitor], Awaitable[None]]


@dataclass
class PhoneServer:
    """Where it is, and everything that came."""

    url: str = ""
    visitors: list[Visitor] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    upgrades: list[dict[str, str]] = field(default_factory=list)


@asynccontextmanager
async def phone_server(
    script: Script, *, answer: tuple[int, dict[str, object]] | None = None, twiml: str = ""
) -> AsyncIterator[PhoneServer]:
    """Run a server that plays `script` to every call; it closes the line when the script is over."""
    app, here = FastAPI(), PhoneServer()

    @app.post("/api/calls")
    async def calls() -> JSONResponse:
        status, body = answer or (201, {"url": f"{here.url}/twilio/stream", "token": "t-1"})
        return JSONResponse(body, status_code=status)

    @app.post("/twilio/{hook}")
    async def webhook(hook: str, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        here.requests.append((hook, form, dict(request.headers)))
        return Response(twiml, media_type="text/xml")

    @app.websocket("/twilio/stream")
    async def stream(socket: WebSocket) -> None:
        await socket.accept()
        here.upgrades.append(dict(socket.headers))
        visitor = Visitor(socket)
        here.visitors.append(visitor)
        try:
            await visitor.start()
            await script(visitor)
            await socket.close()
        except (WebSocketDisconnect, RuntimeError):
            return

    async with serving(app) as web:
        here.url = web.replace("http", "ws", 1)
        yield here
        await asyncio.sleep(0)
