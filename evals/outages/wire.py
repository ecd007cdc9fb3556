"""One JSON object a line between a run and its worker; several questions may be under way at once."""

import asyncio
import itertools
import json
from typing import Any

MOST = 2**24


class Gone(Exception):
    """The worker is dead."""


class Wire:
    """The run's end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._gone = False
        self._listening = asyncio.create_task(self._listen())

    async def ask(self, do: str, **given: Any) -> Any:
        """Have something done. Raises Gone."""
        if self._gone:
            raise Gone
        number, answer = next(self._numbers), asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._writer.write(json.dumps({"number": number, "do": do, **given}).encode() + b"\n")
            await self._writer.drain()
        except ConnectionError:
            raise Gone from None
        return await answer

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self) -> None:
        try:
            while line := await self._reader.readline():
                told = json.loads(line)
                if (answer := self._waiting.pop(told["number"], None)) is not None and not answer.done():
                    answer.set_result(told["answer"])
        except (ConnectionError, ValueError):
            pass
        self._gone = True
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(Gone())
