"""The console's live line: says that something changed; the page then reads what it shows."""

import asyncio

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.responses import JSONResponse

from agent.domain.errors import ServiceError
from agent.staff.guard import Guard
from agent.staff.parts import StaffParts
from agent.storage.events import STAFF, Event

PATIENCE = 25.0
"""Seconds between two looks at whether the session still stands."""
SIGNED_OUT, TRY_AGAIN_LATER = 4401, 1013


def live_routes(parts: StaffParts, guard: Guard) -> APIRouter:
    """Make `WS /api/staff/live`: ``changed`` {seq, kinds}, ``pong``; the page may send ``{"type": "ping"}``."""
    router = APIRouter()

    @router.websocket("/api/staff/live")
    async def live(websocket: WebSocket) -> None:
        session = await guard.session(websocket)
        if session is None or not guard.is_ours(websocket):
            await websocket.send_denial_response(JSONResponse({"title": "Sign in first."}, 403 if session else 401))
            return
        await websocket.accept()
        jobs = [asyncio.create_task(_tell(websocket, parts, guard)), asyncio.create_task(_listen(websocket))]
        done, waiting = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
        for job in waiting:
            job.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        failure = next((job.exception() for job in done), None)
        if isinstance(failure, ServiceError):
            await websocket.close(TRY_AGAIN_LATER)
        elif failure is not None and not isinstance(failure, WebSocketDisconnect):
            raise failure

    return router


async def _tell(websocket: WebSocket, parts: StaffParts, guard: Guard) -> None:
    seen = await parts.events.last(STAFF)
    await _changed(websocket, seen, [])
    while await guard.session(websocket) is not None:
        news = await parts.events.wait(STAFF, seen, PATIENCE)
        if news:
            seen = news[-1].seq
            await _changed(websocket, seen, news)
    await websocket.close(SIGNED_OUT)


async def _changed(websocket: WebSocket, seq: int, news: list[Event]) -> None:
    kinds = sorted({event.kind for event in news})
    await websocket.send_json({"type": "changed", "seq": seq, "kinds": kinds})


async def _listen(websocket: WebSocket) -> None:
    while True:
        await websocket.receive_text()
        await websocket.send_json({"type": "pong"})
