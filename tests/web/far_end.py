"""The far end of a call from the page: takes calls on a real socket, keeps what it hears, and says what a test wants."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from fastapi import APIRouter, FastAPI, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse

from agent.channels.chat.page import page_routes
from agent.channels.phone.page import CallPage, call_page_routes, load_call_texts
from agent.channels.server import dress
from agent.speech.audio import Samples, from_mulaw, to_mulaw
from tests.web.site import PAGE, ROOT, serving, until

RATE = 8_000
FRAME = 160
CALL_PAGE = CallPage(
    practice=PAGE.practice,
    phone=PAGE.phone,
    languages=PAGE.languages,
    texts=load_call_texts(ROOT / "prompts", PAGE.languages),
)


@dataclass
class TakenCall:
    """One call that a page made: its messages, and what was heard."""

    socket: WebSocket
    messages: list[dict[str, Any]] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["event"] == kind]

    def heard(self, *, since: int = 0) -> Samples:
        """Return what the caller's frames hold, from the frame `since` on."""
        frames = self.events("media")[since:]
        return from_mulaw(b"".join(base64.b64decode(frame["media"]["payload"]) for frame in frames))

    async def send(self, event: str, **content: Any) -> None:
        start = self.events("start")[0]
        await self.socket.send_json({"event": event, "streamSid": start["streamSid"], **content})

    async def speak(self, samples: Samples, *, paced: bool = False) -> None:
        """Send sound at 8 kHz: in real time when `paced`, else all at once."""
        for from_ in range(0, samples.size, FRAME):
            payload = base64.b64encode(to_mulaw(samples[from_ : from_ + FRAME])).decode()
            await self.send("media", media={"payload": payload})
            if paced:
                await asyncio.sleep(FRAME / RATE)

    async def mark(self, name: str) -> None:
        await self.send("mark", mark={"name": name})

    async def caption(self, who: str, text: str) -> None:
        await self.socket.send_json({"event": "caption", "who": who, "text": text})

    async def until(self, kind: str, *, count: int = 1, within: float = 10.0) -> dict[str, Any]:
        """Wait for the `count`th message of a kind."""
        await until(lambda: len(self.events(kind)) >= count, within=within)
        return self.events(kind)[count - 1]


@dataclass
class FarEnd:
    """Answers POST /api/calls with `refusal` (status, headers, body) or a line, and takes the calls."""

    refusal: tuple[int, dict[str, str], dict[str, Any]] | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    calls: list[TakenCall] = field(default_factory=list)

    async def call(self, number: int = 1) -> TakenCall:
        """Wait for a call whose `start` has come."""
        await until(lambda: len(self.calls) >= number and bool(self.calls[number - 1].events("start")), within=10)
        return self.calls[number - 1]

    def routes(self) -> APIRouter:
        router = APIRouter()

        @router.post("/api/calls", status_code=201)
        async def ask(request: Request) -> JSONResponse:
            self.asked.append(await request.json())
            if self.refusal is not None:
                status, headers, body = self.refusal
                return JSONResponse(body, status, headers)
            host = request.headers["host"]
            return JSONResponse({"url": f"ws://{host}/twilio/stream", "token": f"token-{len(self.asked)}"}, 201)

        @router.websocket("/twilio/stream")
        async def take(socket: WebSocket) -> None:
            await socket.accept()
            call = TakenCall(socket=socket)
            self.calls.append(call)
            try:
                while True:
                    call.messages.append(json.loads(await socket.receive_text()))
            except (WebSocketDisconnect, RuntimeError):
                call.over.set()

        return router


@asynccontextmanager
async def far_end(page: CallPage = CALL_PAGE) -> AsyncIterator[tuple[FarEnd, str]]:
    """Serve the call page and the far end of its calls; yield both's address."""
    end = FarEnd()
    app = FastAPI()
    for router in (page_routes(PAGE), call_page_routes(page), end.routes()):
        app.include_router(router)
    async with serving(dress(app)) as address:
        yield end, address


def tone(hertz: float, seconds: float, *, loud: float = 0.4) -> Samples:
    """Return a sine at 8 kHz."""
    times = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(np.rint(np.sin(2 * np.pi * hertz * times) * loud * 32767), np.int16)
