"""Who may open the media socket: nothing is heard before signature, token and a free line are clear."""

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, WebSocket
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from agent.channels.phone.lines import Lines
from agent.channels.phone.parts import Limits, PhoneParts
from agent.channels.phone.stream import stream_routes
from agent.domain.clock import SystemClock
from agent.storage.open import Storage, open_storage
from tests.web.site import serving


class Signed:
    def socket_ok(self, websocket: WebSocket) -> bool:
        return websocket.headers["x-twilio-signature"] == "good"


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(tmp_path / "data", clock=SystemClock())
    yield opened
    await opened.close()


@pytest.fixture
async def door(storage: Storage) -> AsyncIterator[str]:
    parts = PhoneParts(
        desk=None,
        calls=storage.calls,
        events=storage.events,
        clock=SystemClock(),
        lang_of=None,
        words={},
        signed=Signed(),
        lines=Lines(limit=0, warm=True),
        limits=Limits(start=0.5),
    )  # fmt: skip - no line is free: whoever gets as far as that was let in
    app = FastAPI()
    app.include_router(stream_routes(parts))
    async with serving(app) as url:
        yield url.replace("http", "ws", 1) + "/twilio/stream"


LET_IN = 1013
REFUSED = 1008


async def outcome(door: str, *messages: Any, signature: str | None = None) -> int:
    """Return the code a socket is closed with after these messages."""
    headers = {"X-Twilio-Signature": signature} if signature else {}
    async with connect(door, additional_headers=headers) as socket:
        with contextlib.suppress(ConnectionClosed):
            for message in messages:
                await socket.send(message if isinstance(message, str) else json.dumps(message))
            await asyncio.wait_for(socket.recv(), 5.0)
        assert socket.close_code is not None
        return socket.close_code


def start(token: Any, call: Any = "CA1") -> dict[str, Any]:
    return {"event": "start", "streamSid": "MZ1", "start": {"callSid": call, "customParameters": {"token": token}}}


async def test_sockets_that_never_say_who_they_are_hold_no_more_than_their_places(
    door: str, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.channels.phone.stream.MOST_UNKNOWN", 1)
    token = await storage.calls.ring("CA1", "twilio")

    async with connect(door) as silent:
        with pytest.raises(InvalidStatus) as refused:
            await outcome(door)
        signed = await outcome(door, start(token), signature="good")
        await silent.wait_closed()

    assert refused.value.response.status_code == 503
    assert signed == LET_IN
    assert await outcome(door, "{}") == REFUSED


@pytest.mark.parametrize("signature", ["bad", "Good", "good,good"])
async def test_a_badly_signed_socket_is_refused_before_it_opens(door: str, signature: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await outcome(door, signature=signature)

    assert refused.value.response.status_code == 403


async def test_a_token_opens_one_socket_once(door: str, storage: Storage) -> None:
    token = await storage.calls.ring("browser-1", "browser")

    assert await outcome(door, start(token)) == LET_IN
    assert await outcome(door, start(token)) == REFUSED


async def test_a_telephone_call_needs_its_signature_and_its_own_token(door: str, storage: Storage) -> None:
    token = await storage.calls.ring("CA1", "twilio")

    assert await outcome(door, start(token)) == REFUSED
    assert await outcome(door, start(token, call="CA2"), signature="good") == REFUSED
    assert await outcome(door, start(token), signature="good") == LET_IN


async def test_a_browsers_token_does_not_pass_for_a_telephone_call(door: str, storage: Storage) -> None:
    token = await storage.calls.ring("browser-1", "browser")

    assert await outcome(door, start(token), signature="good") == REFUSED


@pytest.mark.parametrize(
    "messages",
    [
        (),
        ("{", "[]", "null", "\x00", '"start"'),
        ({"event": "connected"}, {"event": "media", "media": {"payload": "AAAA"}}),
        (start("guess"),),
        (start(None),),
        (start(["x"]),),
        (start("x", call=7),),
        ({"event": "start", "start": "now"},),
        ({"event": "start", "streamSid": "MZ1", "start": {"callSid": "CA1", "customParameters": "token"}},),
        tuple({"event": "connected"} for _ in range(9)),
    ],
)
async def test_a_socket_without_a_token_is_closed(door: str, messages: tuple[Any, ...]) -> None:
    assert await outcome(door, *messages) == REFUSED


def test_the_socket_needs_nothing_of_the_voice_extra() -> None:
    program = "import sys, agent.channels.phone.phone; print('pipecat' in sys.modules or 'loguru' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)

    assert said.stdout.strip() == "False"
