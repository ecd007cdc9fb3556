"""What goes over Redis: every command it gets, as it got it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


@asynccontextmanager
async def overheard(url: str) -> AsyncIterator[list[bytes]]:
    """Listen to everything a Redis is told, for as long as the block lasts."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    told: list[bytes] = []
    writer.write(b"MONITOR\r\n")
    await reader.readline()  # +OK: from here on

    async def listen() -> None:
        while line := await reader.readline():
            told.append(line)

    ear = asyncio.create_task(listen())
    try:
        yield told
        await asyncio.sleep(0.2)  # what was sent last arrives
    finally:
        ear.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ear
        writer.close()
