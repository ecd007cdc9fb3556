"""One HTTP request to the server that is rung: enough for opening a call, standard library only."""

import asyncio
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from agent.calling.errors import NotAnswered

SECONDS = 15.0


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Status and body of an answer."""

    status: int
    body: str

    def field(self, name: str) -> str | None:
        """Return a text field of a JSON answer; None when there is none."""
        try:
            said = json.loads(self.body)
        except ValueError:
            return None
        value = said.get(name) if isinstance(said, dict) else None
        return ", ".join(map(str, value)) if isinstance(value, list) else value and str(value)


async def post(url: str, body: str, headers: Mapping[str, str]) -> Answered:
    """Send a POST. NotAnswered: nobody is there."""
    try:
        return await asyncio.to_thread(_post, url, body, headers)
    except (OSError, http.client.HTTPException):
        raise NotAnswered(f"no call can be made to {url}: nothing answers there") from None


def _post(url: str, body: str, headers: Mapping[str, str]) -> Answered:
    where = urlsplit(url)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    connection = kind(where.hostname or "", where.port, timeout=SECONDS)
    try:
        connection.request("POST", where.path, body.encode(), dict(headers))
        response = connection.getresponse()
        return Answered(status=response.status, body=response.read().decode("utf-8", "replace"))
    finally:
        connection.close()
