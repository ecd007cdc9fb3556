"""The chat's WebSocket: the same conversation as a stream that can be taken up again."""

import asyncio
import json
import logging
import socket as sockets
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import websockets

from agent.channels.chat.rooms import Rooms
from tests.web.scripted_desk import ScriptedDesk
from tests.web.site import create_app, serving, until

Event = dict[str, Any]


@pytest.fixture
async def desk() -> ScriptedDesk:
    return ScriptedDesk()


@pytest.fixture
async def http(desk: ScriptedDesk) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(desk, grace=0.02)
    async with serving(app) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        yield client


@pytest.fixture
async def id(http: httpx.AsyncClient) -> str:
    return str((await http.post("/api/conversations")).json()["id"])


async def test_a_socket_starts_with_every_line_and_the_state(http: httpx.AsyncClient, id: str) -> None:
    async with connect(http, id) as socket:
        first, state = await events(socket, 2)

    assert (first["type"], first["seq"], first["who"]) == ("message", 1, "agent")
    assert state == {"type": "state", "state": "open", "staff": None}


async def test_a_turn_over_http_is_seen_on_the_socket_with_typing_around_it(
    http: httpx.AsyncClient, id: str, desk: ScriptedDesk
) -> None:
    async with connect(http, id, last=1) as socket:
        await events(socket, 1)
        turn = asyncio.create_task(http.post(f"/api/conversations/{id}/messages", json={"text": "hold a book"}))
        [typing] = await events(socket, 1)
        desk.gate.set()
        heard, replied, still = await events(socket, 3)
        await turn

    assert typing == {"type": "typing", "on": True}
    assert (heard["who"], heard["text"]) == ("caller", "hold a book")
    assert (replied["who"], replied["asks"], len(replied["quick_replies"])) == ("agent", "choose_slot", 3)
    assert still == {"type": "typing", "on": False}


async def test_messages_may_be_sent_over_the_socket_itself(http: httpx.AsyncClient, id: str) -> None:
    async with connect(http, id, last=1) as socket:
        await events(socket, 1)
        await send(socket, type="message", text="hello there", client_id="c1")
        heard = await next_of(socket, "message")
        replied = await next_of(socket, "message")

    assert (heard["text"], replied["text"]) == ("hello there", "You said: hello there")


async def test_who_comes_back_gets_exactly_what_was_missed(http: httpx.AsyncClient, id: str) -> None:
    async with connect(http, id) as socket:
        await events(socket, 2)
    await http.post(f"/api/conversations/{id}/messages", json={"text": "one"})
    await http.post(f"/api/conversations/{id}/messages", json={"text": "two"})

    async with connect(http, id, last=3) as socket:
        missed = await events(socket, 3)

    assert [event.get("seq") for event in missed] == [4, 5, None]


async def test_an_ended_conversation_says_so(http: httpx.AsyncClient, id: str) -> None:
    async with connect(http, id, last=1) as socket:
        await events(socket, 1)
        await send(socket, type="message", text="bye")
        state = await next_of(socket, "state")

    assert state["state"] == "ended"


@pytest.mark.parametrize(
    ("frame", "status"),
    [
        ("{", 422), ("[]", 422), ('{"type": "dance"}', 422), ('{"type": "message"}', 422), (b"\x00\x01", 422),
        ('{"type": "message", "text": " "}', 422), ('{"type": "message", "text": "' + "x" * 2001 + '"}', 413),
    ],
)  # fmt: skip
async def test_frames_that_make_no_sense_get_an_error_and_the_socket_stays(
    http: httpx.AsyncClient, id: str, frame: str | bytes, status: int
) -> None:
    async with connect(http, id, last=1) as socket:
        await events(socket, 1)
        await socket.send(frame)
        [failed] = await events(socket, 1)
        await send(socket, type="ping")
        [pong] = await events(socket, 1)

    assert (failed["type"], failed["status"]) == ("error", status)
    assert pong == {"type": "pong"}


async def test_too_many_messages_over_a_socket_are_refused_with_the_seconds_to_wait(
    http: httpx.AsyncClient, id: str
) -> None:
    async with connect(http, id, last=1) as socket:
        for number in range(21):
            await send(socket, type="message", text=f"number {number} hold", client_id=f"c{number}")
        failed = await next_of(socket, "error", status=429)

    assert failed["client_id"] == "c20"
    assert 1 <= failed["retry_after"] <= 10


async def test_a_frame_beyond_the_limit_closes_the_socket(http: httpx.AsyncClient, id: str) -> None:
    async with connect(http, id, last=1) as socket:
        await events(socket, 1)
        await socket.send("x" * 70_000)
        await socket.wait_closed()

    assert socket.close_code == 1009


async def test_unknown_conversations_and_foreign_pages_never_get_a_socket(http: httpx.AsyncClient, id: str) -> None:
    unknown = await refusal(connect(http, "nope"))
    foreign = await refusal(connect(http, id, origin="https://evil.example"))
    opaque = await refusal(connect(http, id, origin="null"))
    async with connect(http, id, origin=str(http.base_url).rstrip("/")) as ours:
        own = await events(ours, 1)

    assert (unknown, foreign, opaque) == (404, 403, 403)
    assert own


async def test_ids_of_conversations_reach_no_log(
    http: httpx.AsyncClient, id: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="httpx")  # the client of this test, not the server
    caplog.set_level(logging.INFO)
    async with connect(http, id) as socket:
        await events(socket, 2)
    await http.get(f"/api/conversations/{id}")
    await http.post(f"/api/conversations/{id}/messages?x={id}", json={"text": "hi"})
    await refusal(connect(http, id, origin="https://evil.example"))
    await until(lambda: "WS " in caplog.text)

    assert id not in caplog.text
    assert "ERROR" not in caplog.text
    assert "GET /api/conversations/{id} 200" in caplog.text
    assert "WS /ws/conversations/{id}" in caplog.text


async def test_the_patient_counts_as_gone_only_when_no_socket_came_back_in_time(
    http: httpx.AsyncClient, id: str, desk: ScriptedDesk
) -> None:
    async with connect(http, id) as first:
        await events(first, 2)
        async with connect(http, id) as second:
            await events(second, 2)
        left_with_one_open = list(desk.left)
    await until(lambda: desk.left == [id])

    assert left_with_one_open == []


async def test_coming_back_in_time_is_not_leaving() -> None:
    left: list[str] = []

    async def gone(id: str) -> None:
        left.append(id)

    rooms = Rooms(gone, grace=0.01)
    with rooms.watch("c"):
        pass
    with rooms.watch("c"):
        await asyncio.sleep(0.03)
        stayed = list(left)
    await until(lambda: left == ["c"])

    assert stayed == []


async def test_a_half_open_socket_is_closed(desk: ScriptedDesk) -> None:
    async with serving(create_app(desk, grace=0.01), ping=0.1) as address, httpx.AsyncClient(base_url=address) as http:
        id = (await http.post("/api/conversations")).json()["id"]
        silent = sockets.create_connection(("127.0.0.1", http.base_url.port), timeout=5)
        silent.sendall(
            f"GET /ws/conversations/{id} HTTP/1.1\r\nHost: {http.base_url.host}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )

        await until(lambda: desk.left == [id])
        silent.close()

    assert desk.left == [id]


def connect(http: httpx.AsyncClient, id: str, *, last: int = 0, origin: str | None = None) -> websockets.connect:
    address = str(http.base_url).rstrip("/").replace("http", "ws", 1)
    return websockets.connect(f"{address}/ws/conversations/{id}?last={last}", origin=origin, proxy=None)


async def events(socket: websockets.ClientConnection, count: int) -> list[Event]:
    async with asyncio.timeout(5):
        return [json.loads(await socket.recv()) for _ in range(count)]


async def next_of(socket: websockets.ClientConnection, type: str, **fields: object) -> Event:
    while True:
        [event] = await events(socket, 1)
        if event["type"] == type and fields.items() <= event.items():
            return event


async def send(socket: websockets.ClientConnection, **event: object) -> None:
    await socket.send(json.dumps(event))


async def refusal(connecting: websockets.connect) -> int:
    with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
        await connecting
    return refused.value.response.status_code
