"""The process under test: a whole Careline, told over a socket what to open, hear and look at. It may die any moment."""

import asyncio
import json
import os
import signal
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from agent.app import Adapters, House, open_house, open_knowledge
from agent.conversation import ConversationEnded
from agent.dialogue.understanding.openai.budget import budgets
from agent.dialogue.understanding.openai.client import OpenAIChat
from agent.dialogue.understanding.openai.prompting import Prompts
from agent.dialogue.understanding.openai.understanding import ModelUnderstanding, Plan
from agent.domain.clock import StillClock, SystemClock
from agent.domain.conversation import Heard, Reply
from agent.domain.ports import Knowledge
from agent.domain.text import ClearText
from agent.ehr.open import open_records
from agent.ehr.worlds import load_world
from agent.settings import Settings, shipped
from agent.storage.open import open_storage
from evals.benchmarks.bookers import KEY
from evals.canaries import with_canaries
from evals.outages.looking import look
from evals.outages.nursery import Loaded
from evals.outages.wire import MOST
from evals.schema import read_scenario

DEADLINE = 15.0
"""Seconds for one turn: more than usual, for machines that are busy otherwise."""
WAITS = budgets(chat=1.0, phone=0.8)
SLOW = 0.004
"""Seconds that a slow disk adds to every few steps of the database."""
EVERY = 12


def work(address: str, loaded: Loaded) -> None:
    """Connect, and do as told until the other end hangs up."""
    asyncio.run(_Worker(loaded).serve(address))


class _Worker:
    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self._knowledge: dict[Path, Knowledge] = {}
        self._house: House | None = None
        self._model: ModelUnderstanding | None = None
        self._clock = StillClock(SystemClock().now())
        self._slow_until = 0.0
        self._dies_at: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, address: str) -> None:
        reader, writer = await asyncio.open_unix_connection(address, limit=MOST)
        writer.write(json.dumps({"number": 0, "answer": os.getpid()}).encode() + b"\n")
        while line := await reader.readline():
            task = asyncio.create_task(self._answer(json.loads(line), writer))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await self.end()

    async def _answer(self, told: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        number, do = told.pop("number"), getattr(self, told.pop("do"))
        try:
            answer = await do(**told)
        except Exception as failure:  # told to the run, which judges it
            answer = {"failed": f"{type(failure).__name__}: {failure}"}
        writer.write(json.dumps({"number": number, "answer": answer}).encode() + b"\n")

    async def begin(
        self, *, scenario: str, data: str, url: str | None, redis: str | None, model: str | None, clock: str, fill: bool
    ) -> None:  # fmt: skip
        """Open a house over a place, its world put in when it is the first."""
        _, setting = read_scenario(Path(scenario))
        folder, redactor = self._loaded.practice(setting.folder)
        self._clock.set(datetime.fromisoformat(clock))
        storage = await open_storage(Path(data), data_key=KEY, clock=self._clock, url=url, redis=redis)
        if fill:
            records = open_records(storage, folder.practice)
            await load_world(with_canaries(setting.world), records=records, database=storage.database)
        self._watch(storage.database.engine.sync_engine)
        at = self._loaded.index(setting.folder)
        if at not in self._knowledge:
            encoders = self._loaded.models.encoders
            self._knowledge[at] = open_knowledge(Settings(data_dir=at), folder, encoders, SystemClock())
        self._model = self._modelled(model, folder.practice.languages) if model else None
        given = Adapters(knowledge=self._knowledge[at], understanding=self._model)
        settings = Settings(data_dir=Path(data), turn_seconds=DEADLINE)
        self._house = await open_house(
            settings, folder, self._loaded.models, clock=self._clock, adapters=given, redactor=redactor, storage=storage
        )
        if storage.database.server is None:
            await self._drag(getattr(self._house.checkpoints, "conn"))  # noqa: B009 - of SQLite only

    def _modelled(self, url: str, languages: tuple[str, ...]) -> ModelUnderstanding:
        chat, prompts = OpenAIChat(api_key="none", base_url=url), Prompts(shipped("prompts"), languages)
        return ModelUnderstanding(
            chat, self._loaded.models.understanding, prompts, Plan(models=("scripted",), budgets=WAITS)
        )

    async def end(self) -> None:
        """Close the house in good order."""
        house, self._house = self._house, None
        if house is not None:
            await house.close()
        if self._model is not None:
            await self._model.close()

    async def open(self, *, channel: Any, lang: str) -> dict[str, Any]:
        """Begin a conversation."""
        id, reply = await self._front.open(channel=channel, lang=lang)
        return {"id": id, **self._told(reply, 0.0)}

    async def turn(self, *, id: str, clock: str, heard: dict[str, Any]) -> dict[str, Any]:
        """Answer."""
        self._clock.set(datetime.fromisoformat(clock))
        words = Heard(**{**heard, "best": ClearText(heard["best"])})
        began = time.monotonic()
        try:
            reply = await self._front.turn(id, words)
        except ConversationEnded:
            return {"ended": True}
        return self._told(reply, time.monotonic() - began)

    async def spoken(self, *, id: str, reply: str, upto: int) -> None:
        """Tell how much of a reply was heard."""
        await self._front.spoken(id, reply, upto)

    async def set_clock(self, *, clock: str) -> None:
        """Step the clock, perhaps in the middle of a turn."""
        self._clock.set(datetime.fromisoformat(clock))

    async def slow(self, *, seconds: float) -> None:
        """Let every step of the database take longer for a while."""
        self._slow_until = time.monotonic() + seconds

    async def die_at(self, *, statement: int) -> None:
        """Kill this process, as `kill -9` does, before so many more statements."""
        self._dies_at = statement

    async def live_on(self) -> None:
        """Take that back."""
        self._dies_at = None

    async def look(self, *, id: str) -> dict[str, Any]:
        """Return everything that is judged."""
        assert self._house is not None
        return await look(self._house, id)

    @property
    def _front(self) -> Any:
        assert self._house is not None
        return self._house.front_desk

    def _told(self, reply: Reply, seconds: float) -> dict[str, Any]:
        assert self._house is not None
        words, kinds = reply.text.reveal(), []
        for kind in ("turn_failed", "turn_failed_call_us"):
            for lang in self._house.folder.practice.languages:
                for channel in ("chat", "phone"):
                    start = self._house.sentences.template(kind, lang, channel).template.partition("$")[0]
                    if words.startswith(start):
                        kinds.append(kind)
        return {
            "reply": reply.id, "text": words, "state": reply.state, "asks": reply.asks, "alarm": reply.alarm,
            "connect": reply.connect, "seconds": seconds, "sources": len(reply.sources),
            "kind": kinds[0] if kinds else None,
        }  # fmt: skip

    def _watch(self, engine: Any) -> None:
        """Count statements, to die at one of them."""

        def counted(*_: Any) -> None:
            if self._dies_at is not None:
                self._dies_at -= 1
                if self._dies_at <= 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        event.listen(engine, "before_cursor_execute", counted)
        event.listen(engine, "commit", counted)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "checkout", lambda connection, *_: connection.run_async(self._drag))

    async def _drag(self, connection: Any) -> None:
        """Make a SQLite connection slow while the disk is: its own thread sleeps, nobody else's."""
        await connection.set_progress_handler(self._dragging, EVERY)

    def _dragging(self) -> int:
        if time.monotonic() < self._slow_until:
            time.sleep(SLOW)
        return 0
