"""Careline's telephone side on a real server with real storage, a front desk that notes what it is told, and Twilio's
other end (`tests.fake_twilio`). The media socket here carries no voice: it redeems tokens, greets, and can die.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.websockets import WebSocket, WebSocketDisconnect

from agent.channels.phone.browser_calls import BrowserCalls, browser_call_routes
from agent.channels.phone.help import Helping
from agent.channels.phone.reception import Reception
from agent.channels.phone.rest import TwilioTelephone
from agent.channels.phone.signatures import Signatures
from agent.channels.phone.transfers import PhoneTransfers
from agent.channels.phone.webhooks import webhook_routes
from agent.channels.server import dress
from agent.dialogue.response.sentences import Sentences
from agent.domain.conversation import Heard, Reply
from agent.domain.practice import Practice
from agent.domain.text import ClearText
from agent.practice_folder import read_practice
from agent.settings import shipped
from agent.storage.calls import Call
from agent.storage.open import Storage
from tests.fake_twilio import ACCOUNT, TOKEN, FakeTwilio
from tests.practice_of_two import HandClock, office
from tests.web.site import serving, until

PUBLIC = "https://clinic.example"
PRACTICE = read_practice(shipped("knowledge"))


@dataclass
class NotingDesk:
    """Notes the events it is told."""

    heard: list[tuple[str, str | None]] = field(default_factory=list)

    async def turn(self, conversation: str, heard: Heard) -> Reply:
        self.heard.append((conversation, heard.event))
        return Reply(id="r", text=ClearText(""), state="open")

    @property
    def events(self) -> list[str | None]:
        return [event for _, event in self.heard]


@dataclass(kw_only=True)
class Exchange:
    """Everything of one test."""

    storage: Storage
    clock: HandClock
    desk: NotingDesk
    reception: Reception
    lines: "StandInLines"
    telephone: TwilioTelephone
    transfers: PhoneTransfers
    by_staff: PhoneTransfers
    twilio: FakeTwilio
    here: str

    async def kept(self, call_sid: str) -> Call:
        call = await self.storage.calls.of_sid(call_sid)
        assert call is not None
        return call

    async def conversation_of(self, call_sid: str) -> str:
        conversation = (await self.kept(call_sid)).conversation
        assert conversation is not None
        return conversation

    async def status_becomes(self, call_sid: str, status: str) -> None:
        async with asyncio.timeout(5):
            while (await self.kept(call_sid)).status != status:  # noqa: ASYNC110
                await asyncio.sleep(0.005)


@dataclass
class StandInLines:
    """What the media socket of these tests does, and whether there is a line for another call."""

    free: bool = True
    voice: bool = True
    begun: list[Call] = field(default_factory=list)
    heard: int = 0
    refused: int = 0
    died: asyncio.Event = field(default_factory=asyncio.Event)

    def die(self) -> None:
        """Cut every socket, as a process that is killed does; nobody is told anything."""
        self.died.set()


@contextlib.asynccontextmanager
async def exchange(
    folder: Path,
    *,
    public_url: str = PUBLIC,
    practice: Practice = PRACTICE,
    demo: bool = False,
    token: str | None = TOKEN,
) -> AsyncIterator[Exchange]:
    async with office(folder) as opened:
        storage, desk, lines = opened.storage, NotingDesk(), StandInLines()
        reception = reception_over(storage, desk, lines, public_url=public_url, practice=practice, token=token)
        app = phone_app(reception, lines, demo=demo)
        async with serving(app) as here:
            twilio = FakeTwilio(public_url=public_url, served_at=here)
            async with twilio.working():
                telephone = TwilioTelephone(ACCOUNT, TOKEN, api_url=twilio.api.url, seconds=3.0)
                transfers = PhoneTransfers(
                    calls=storage.calls, practice=practice, public_url=public_url, telephone=telephone
                )
                yield Exchange(
                    storage=storage, clock=opened.clock, desk=desk, reception=reception, lines=lines,
                    telephone=telephone, transfers=transfers, by_staff=replace(transfers, again=True), twilio=twilio, here=here,
                )  # fmt: skip
                telephone.close()


def reception_over(
    storage: Storage,
    desk: NotingDesk,
    lines: StandInLines,
    *,
    public_url: str = PUBLIC,
    practice: Practice = PRACTICE,
    token: str | None = TOKEN,
) -> Reception:
    return Reception(
        signatures=Signatures(token, public_url, account_sid=ACCOUNT),
        public_url=public_url,
        practice=practice,
        clock=storage.clock,
        calls=storage.calls,
        conversations=storage.conversations,
        switches=storage.switches,
        desk=desk,
        helping=Helping(shipped("prompts"), practice, Sentences(shipped("prompts"), practice.languages)),
        answers=lambda: lines.free,
        voice=lambda: lines.voice,
    )


def phone_app(reception: Reception, lines: StandInLines, *, demo: bool = False) -> FastAPI:
    app = FastAPI()
    app.include_router(webhook_routes(reception))
    door = BrowserCalls(
        calls=reception.calls,
        public_url=reception.public_url,
        demo=demo,
        missing=lambda: () if lines.voice else ("piper-tts",),
        answers=lambda: lines.free,
    )
    app.include_router(browser_call_routes(door))
    app.include_router(_stream(reception, lines))
    return dress(app)


def _stream(reception: Reception, lines: StandInLines) -> APIRouter:
    router = APIRouter()

    @router.websocket("/twilio/stream")
    async def stream(websocket: WebSocket) -> None:
        if not reception.signatures.socket_ok(websocket):
            lines.refused += 1
            await websocket.close(1008)  # before it was accepted: 403
            return
        await websocket.accept()
        await websocket.receive_text()
        start = json.loads(await websocket.receive_text())["start"]
        call = await reception.calls.redeem(start["customParameters"]["token"], start["callSid"])
        if call is None:
            lines.refused += 1
            await websocket.close(1008)
            return
        await _talk(websocket, reception, lines, call)

    return router


async def _talk(websocket: WebSocket, reception: Reception, lines: StandInLines, call: Call) -> None:
    conversation = call.conversation or await reception.conversations.create(
        channel="phone", lang="en", at=reception.clock.now(), caller_hint=call.caller
    )
    lines.begun.append(call)
    await reception.calls.live(call, conversation)
    await websocket.send_text(json.dumps({"event": "media", "media": {"payload": ""}}))
    dying, hearing = asyncio.create_task(lines.died.wait()), asyncio.create_task(_hear(websocket, lines))
    await asyncio.wait([dying, hearing], return_when=asyncio.FIRST_COMPLETED)
    dying.cancel()
    hearing.cancel()
    await asyncio.gather(dying, hearing, return_exceptions=True)
    if lines.died.is_set():
        await websocket.close(1011)
        return
    now = await reception.calls.of_sid(call.call_sid)
    if now is not None and now.status == "live" and await reception.calls.ended(call.call_sid, reception.clock.now()):
        await reception.desk.turn(conversation, Heard(best=ClearText(""), event="hang_up"))


async def _hear(websocket: WebSocket, lines: StandInLines) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while json.loads(await websocket.receive_text())["event"] != "stop":
            lines.heard += 1


async def talking(call: Any) -> None:
    """Wait until the caller hears the agent."""
    async with asyncio.timeout(5):
        await call.streaming.wait()


__all__ = ["Exchange", "exchange", "talking", "until"]
