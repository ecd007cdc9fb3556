"""One conversation as it goes on, captions of a call included: each line as it is said, and who has it."""

import asyncio

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel
from starlette.responses import JSONResponse

from agent.domain.errors import ServiceError
from agent.staff.conversation_list import asked_of
from agent.staff.conversation_wire import StateOut, holder
from agent.staff.guard import Guard
from agent.staff.live import PATIENCE, SIGNED_OUT, TRY_AGAIN_LATER
from agent.staff.model_wire import SpentOut, spent_out
from agent.staff.parts import StaffParts
from agent.staff.wire import LineOut, line_out
from agent.storage.events import conversation_topic


class Said(LineOut):
    """A new line."""

    type: str = "line"


class Withheld(BaseModel):
    """Something the agent was about to say when a person took over."""

    type: str = "withheld"
    text: str


def conversation_live_routes(parts: StaffParts, guard: Guard) -> APIRouter:
    """Make `WS /api/staff/conversations/{id}/live?last=SEQ`: ``line``, ``state``, ``models``, ``withheld``, ``pong``."""
    router = APIRouter()

    @router.websocket("/api/staff/conversations/{id}/live")
    async def live(websocket: WebSocket, id: str, last: int = 0) -> None:
        session = await guard.session(websocket)
        if session is None or not guard.is_ours(websocket):
            await websocket.send_denial_response(JSONResponse({"title": "Sign in first."}, 403 if session else 401))
            return
        if await parts.conversations.state_of(id) is None:
            await websocket.send_denial_response(JSONResponse({"title": "There is no such conversation."}, 404))
            return
        await websocket.accept()
        await parts.audit.record(actor=session.account.name, action="watch:transcript", subject=id)
        watch = Watch(websocket, parts, id, me=session.account.name, last=last)
        jobs = [asyncio.create_task(_tell(watch, guard)), asyncio.create_task(_listen(websocket))]
        done, waiting = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
        for job in waiting:
            job.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        failure = next((job.exception() for job in done), None)
        if isinstance(failure, ServiceError):
            await websocket.close(TRY_AGAIN_LATER)
        elif failure is not None and not isinstance(failure, WebSocketDisconnect | RuntimeError):
            raise failure

    return router


class Spent(BaseModel):
    """What language models were asked so far."""

    type: str = "models"
    models: SpentOut


class Watch:
    """What one open page has seen of a conversation."""

    def __init__(self, websocket: WebSocket, parts: StaffParts, id: str, *, me: str, last: int) -> None:
        self.websocket, self.parts, self.id, self.me = websocket, parts, id, me
        self._last = last
        self._state: StateOut | None = None
        self._spent: SpentOut | None = None

    async def catch_up(self) -> None:
        """Send the lines that are new, and the state and what models were asked where that changed."""
        transcript = await self.parts.conversations.transcript(self.id)
        if transcript is None:
            return
        for line in transcript.lines:
            if line.seq > self._last:
                await self._send(Said(**line_out(line).model_dump()))
                self._last = line.seq
        account = await self.parts.conversations.claimed_by(self.id)
        state = StateOut(state=transcript.state, holder=holder(account, me=self.me))
        if state != self._state:
            self._state = state
            await self._send(state)
        spent = spent_out(await asked_of(self.parts, self.id))
        if spent is not None and spent != self._spent:
            self._spent = spent
            await self._send(Spent(models=spent))

    async def withheld(self, text: str) -> None:
        """Send what the agent was about to say."""
        await self._send(Withheld(text=text))

    async def _send(self, event: BaseModel) -> None:
        await self.websocket.send_text(event.model_dump_json())


async def _tell(watch: Watch, guard: Guard) -> None:
    events, topic = watch.parts.events, conversation_topic(watch.id)
    seen = await events.last(topic)
    await watch.catch_up()
    while await guard.session(watch.websocket) is not None:
        for event in await events.wait(topic, seen, PATIENCE):
            seen = event.seq
            if event.kind == "withheld":
                await watch.withheld(str(event.body["text"]))
        await watch.catch_up()
    await watch.websocket.close(SIGNED_OUT)


async def _listen(websocket: WebSocket) -> None:
    while True:
        await websocket.receive_text()
        await websocket.send_json({"type": "pong"})
