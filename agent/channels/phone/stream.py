"""The media socket: who may connect, which call it carries, and a line for it. Nothing is heard before that is clear."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from agent.channels.phone.lines import Busy, Lines
from agent.channels.phone.messages import read_message
from agent.channels.phone.parts import PhoneParts
from agent.channels.problems import problem_response
from agent.storage.calls import Call

log = logging.getLogger("careline.phone")
REFUSED, TRY_LATER = 1008, 1013
MOST_UNKNOWN = 32
"""Sockets without a signature that may wait for their `start` at a time: they cost nothing to open."""
SIGNATURE = "x-twilio-signature"


@dataclass(frozen=True, kw_only=True)
class Start:
    """What the first message of a stream says; `lang` is what a browser's page is read in."""

    stream_sid: str
    call_sid: str
    token: str
    lang: str | None = None


@dataclass
class Unknown:
    """How many sockets wait that have not said yet which call they carry."""

    waiting: int = 0


def stream_routes(parts: PhoneParts) -> APIRouter:
    """Make `/twilio/stream`."""
    router, unknown = APIRouter(), Unknown()

    @router.websocket("/twilio/stream")
    async def stream(websocket: WebSocket) -> None:
        signed = SIGNATURE in websocket.headers
        if signed and not (parts.signed is not None and parts.signed.socket_ok(websocket)):
            await _deny(websocket, 403, "bad-signature", "The signature does not fit.")
            return
        if not signed and unknown.waiting >= MOST_UNKNOWN:
            await _deny(websocket, 503, "too-many-sockets", "Too many callers wait; try again.")
            return
        await _outlive(websocket, _serve(websocket, parts, unknown, signed=signed))

    return router


async def _outlive(websocket: WebSocket, serving: Coroutine[None, None, None]) -> None:
    """Whatever fails in a call is logged by its kind: the server would write it out, words and all."""
    call = asyncio.create_task(serving)
    try:
        await asyncio.wait({call})
    finally:
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
    failure = None if call.cancelled() else call.exception()
    if failure is not None:
        log.error("call_broke %s", type(failure).__name__)
        await _close(websocket, TRY_LATER)


async def _serve(websocket: WebSocket, parts: PhoneParts, unknown: Unknown, *, signed: bool) -> None:
    unknown.waiting += not signed
    try:
        await websocket.accept()
        start = await _start(websocket, parts.limits.start)
    finally:
        unknown.waiting -= not signed
    call = await _call(parts, start, signed=signed) if start else None
    if start is None or call is None:
        await _close(websocket, REFUSED)
        return
    try:
        with parts.lines.take(call.leg, back=call.returned, browser=call.kind == "browser"):
            if not await _warm(websocket, parts.lines):
                raise Busy(call.leg)
            await _hold(websocket, start, call, parts)
    except Busy:
        if call.kind == "browser":  # Twilio goes on with what it was told to do without us, and says when the call ends
            await parts.calls.left(call, parts.clock.now())
        await _close(websocket, TRY_LATER)


async def _hold(websocket: WebSocket, start: Start, call: Call, parts: PhoneParts) -> None:
    from agent.channels.phone.pipeline import converse

    log.info("call_began", extra={"call": call.id, "kind": call.kind})
    await converse(websocket, start.stream_sid, call, parts, lang=start.lang)
    await _close(websocket, 1000)
    log.info("call_ended", extra={"call": call.id})


async def _warm(websocket: WebSocket, lines: Lines) -> bool:
    """Wait until calls can be held. What is said meanwhile is let go: heard late, it would be answered as if new."""
    warmed = asyncio.create_task(lines.warmed())
    try:
        while not warmed.done():
            heard = asyncio.create_task(websocket.receive_text())
            await asyncio.wait({warmed, heard}, return_when=asyncio.FIRST_COMPLETED)
            if not heard.done():
                heard.cancel()
            elif heard.exception() is not None:
                return False
        return warmed.result()
    finally:
        warmed.cancel()


async def _call(parts: PhoneParts, start: Start, *, signed: bool) -> Call | None:
    """Return the call this token was made for: any with a signature, a browser's without."""
    return await parts.calls.redeem(start.token, start.call_sid, kind="twilio" if signed else "browser")


async def _start(websocket: WebSocket, seconds: float) -> Start | None:
    """Read up to the `start` message; None when it does not come in time or makes no sense."""
    try:
        async with asyncio.timeout(seconds):
            for _ in range(5):
                message = read_message(await websocket.receive_text())
                if message.get("event") == "start":
                    return _read_start(message)
    except (TimeoutError, WebSocketDisconnect, KeyError):
        return None
    return None


def _read_start(message: dict[str, object]) -> Start | None:
    inside = message.get("start")
    if not isinstance(inside, dict):
        return None
    given = inside.get("customParameters")
    token, lang = (given.get("token"), given.get("lang")) if isinstance(given, dict) else (None, None)
    sids = (message.get("streamSid") or inside.get("streamSid"), inside.get("callSid"), token)
    if not all(isinstance(one, str) and one for one in sids):
        return None
    lang = lang if isinstance(lang, str) else None
    return Start(stream_sid=str(sids[0]), call_sid=str(sids[1]), token=str(sids[2]), lang=lang)


async def _deny(websocket: WebSocket, status: int, kind: str, why: str) -> None:
    response = problem_response(status, kind, why)
    if "websocket.http.response" in websocket.scope.get("extensions", {}):
        await websocket.send_denial_response(response)
    else:
        await websocket.close(REFUSED)


async def _close(websocket: WebSocket, code: int) -> None:
    """Close a socket that may be closed already."""
    if websocket.application_state.name == "CONNECTED" and websocket.client_state.name == "CONNECTED":
        await websocket.close(code)
