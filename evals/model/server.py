"""An OpenAI-compatible server on loopback, with real sockets. What it does with each request is told from outside."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from evals.model.deeds import Asked, Deed, Drops, Hangs, Late, Refuses, Says

Decides = Callable[[Asked], Awaitable[Deed]]
CREATED = 1_772_000_000


class ModelServer:
    """Serves ``POST /v1/chat/completions``, streamed. `asked` keeps every request as it came."""

    def __init__(self, decides: Decides) -> None:
        self.decides = decides
        self.asked: list[Asked] = []
        self.reached = asyncio.Event()  # set by the first request
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def url(self) -> str:
        """What goes into CARELINE_OPENAI_BASE_URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def start(self) -> None:
        """Listen, on the port of before when there was one."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def kill(self) -> None:
        """Go away at once: open connections break, new ones are refused."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._open):
            writer.transport.abort()
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        self._open.add(writer)
        try:
            while (asked := await _request(reader)) is not None:
                self.asked.append(asked)
                self.reached.set()
                if not await _answer(writer, await self.decides(asked), asked):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(writer)
            if task is not None:
                self._tasks.discard(task)
            with contextlib.suppress(ConnectionError):
                writer.close()


@asynccontextmanager
async def serving(decides: Decides) -> AsyncIterator[ModelServer]:
    """Run a server for as long as the block lasts."""
    server = ModelServer(decides)
    await server.start()
    try:
        yield server
    finally:
        await server.kill()


async def _request(reader: asyncio.StreamReader) -> Asked | None:
    """Read one request; None when the connection was closed."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    lines = head.decode("latin-1").split("\r\n")[1:]
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    return Asked(body=await reader.readexactly(int(headers.get("content-length", "0"))), headers=headers)


async def _answer(writer: asyncio.StreamWriter, deed: Deed, asked: Asked) -> bool:
    """Do it; False when the connection is not used again."""
    match deed:
        case Late(seconds=seconds, then=then):
            await asyncio.sleep(seconds)
            return await _answer(writer, then, asked)
        case Hangs():
            await asyncio.Event().wait()
            return False
        case Drops():
            writer.transport.abort()
            return False
        case Refuses():
            await _write(writer, _status(deed))
            return True
        case Says():
            return await _stream(writer, deed, asked)


def _status(deed: Refuses) -> bytes:
    body = deed.body.encode()
    headers = {"content-type": "application/json", "content-length": str(len(body)), **deed.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {deed.status} {HTTPStatus(deed.status).phrase}\r\n{lines}\r\n".encode() + body


async def _stream(writer: asyncio.StreamWriter, deed: Says, asked: Asked) -> bool:
    await _write(writer, b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
    for place, event in enumerate(_events(deed, asked)):
        if deed.cut_after is not None and place >= deed.cut_after:
            writer.transport.abort()
            return False
        data = f"data: {event}\n\n".encode()
        await _write(writer, f"{len(data):x}\r\n".encode() + data + b"\r\n")
    await _write(writer, b"0\r\n\r\n")
    return True


def _events(deed: Says, asked: Asked) -> list[str]:
    """Return the chunks of a stream: role, pieces, the end, what it cost, and the mark that closes it."""
    size = max(1, -(-len(deed.text) // deed.pieces))
    pieces = [deed.text[at : at + size] for at in range(0, len(deed.text), size)]
    deltas: list[tuple[dict[str, str], str | None]] = [({"role": "assistant", "content": ""}, None)]
    deltas += [({"content": piece}, None) for piece in pieces]
    deltas.append(({}, deed.finish))
    chunks = [
        _chunk(asked, choices=[{"index": 0, "delta": delta, "finish_reason": end, "logprobs": None}])
        for delta, end in deltas
    ]
    if deed.tokens_in is not None and deed.tokens_out is not None:
        total = deed.tokens_in + deed.tokens_out
        usage = {"prompt_tokens": deed.tokens_in, "completion_tokens": deed.tokens_out, "total_tokens": total}
        chunks.append(_chunk(asked, choices=[], usage=usage))
    return [*(json.dumps(chunk) for chunk in chunks), "[DONE]"]


def _chunk(asked: Asked, **more: Any) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": CREATED, "model": asked.model, **more}


async def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()
