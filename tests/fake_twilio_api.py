"""The part of Twilio's REST API that a call needs, on a real local socket. It records every request, and it can fail.

`trouble` says what the next requests meet, in order: a status (401, 429, 500), ``hang`` (never an answer), ``drop`` (the
connection is cut without one) or ``slow`` (the answer comes a byte at a time); ``None`` is a good answer.
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs, unquote

TOKEN = "the auth token of the account"
Trouble = Literal["hang", "drop", "slow"] | int | None
ERRORS = {
    401: (20003, "Authenticate"),
    404: (20404, "The requested resource was not found"),
    429: (20429, "Too Many Requests"),
    500: (20500, "Internal Server Error"),
}


def sign(url: str, form: Mapping[str, str] | None = None, token: str = TOKEN) -> str:
    """Sign as Twilio does; written from its documentation, not with its library, which Careline uses."""
    said = url + "".join(name + (form or {})[name] for name in sorted(form or {}))
    return base64.b64encode(hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()).decode()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request the API got."""

    method: str
    path: str
    form: dict[str, str]
    account: str
    password: str

    @property
    def call_sid(self) -> str:
        return self.path.rsplit("/", 1)[-1].removesuffix(".json")


OnUpdate = Callable[[str, dict[str, str]], Awaitable[str | None]]
"""Told of a change (call sid, form); returns the call's status, or None when there is no such call in progress."""


@dataclass
class FakeTwilioApi:
    account_sid: str
    auth_token: str
    on_update: OnUpdate
    asked: list[Asked] = field(default_factory=list)
    trouble: list[Trouble] = field(default_factory=list)
    url: str = ""
    _held: set[asyncio.Task[None]] = field(default_factory=set)

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator["FakeTwilioApi"]:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for task in self._held:
                task.cancel()
            await asyncio.gather(*self._held, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._held.add(task)
        try:
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._held.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await _read(reader)
        self.asked.append(asked)
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble == "hang":
            await asyncio.sleep(3600)
        if trouble == "drop":
            writer.transport.abort()
            return
        status, body = await self._answer(asked, trouble if isinstance(trouble, int) else None)
        payload = json.dumps(body).encode()
        head = f"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {len(payload)}\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n".encode())
        if trouble == "slow":
            for at in range(len(payload)):
                writer.write(payload[at : at + 1])
                await writer.drain()
                await asyncio.sleep(0.05)
        else:
            writer.write(payload)
        await writer.drain()

    async def _answer(self, asked: Asked, trouble: int | None) -> tuple[int, dict[str, object]]:
        if (asked.account, asked.password) != (self.account_sid, self.auth_token):
            trouble = 401
        if trouble is None and asked.path.endswith(f"/Accounts/{self.account_sid}.json"):
            return 200, {"sid": self.account_sid, "status": "active"}
        if trouble is None:
            status = await self.on_update(asked.call_sid, asked.form)
            if status is not None:
                return 200, {"sid": asked.call_sid, "account_sid": self.account_sid, "status": status}
            if asked.form:
                return 400, {"code": 21220, "message": "Call is not in-progress. Cannot redirect.", "status": 400}
            trouble = 404
        code, words = ERRORS[trouble]
        return trouble, {"code": code, "message": words, "status": trouble}


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    form = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    account, _, password = base64.b64decode(headers.get("authorization", "Basic Og==")[6:]).decode().partition(":")
    return Asked(method=method, path=unquote(path), form=form, account=account, password=password)
