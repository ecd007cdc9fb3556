"""A whole Careline for safety questions: asked by what one caller says, answered by the next words."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.app import Adapters, House, open_house
from agent.domain.clock import StillClock
from agent.domain.conversation import Heard
from agent.domain.handoff import TicketKind
from agent.domain.text import ClearText
from agent.ehr.open import open_records
from agent.ehr.worlds import World, load_world
from agent.settings import Settings, shipped
from agent.storage.open import open_storage
from evals.houses import Stage
from evals.training.red_flag_rows import Row

CLOCK = datetime.fromisoformat("2026-03-02T09:00:00-05:00")
ALARMING: tuple[TicketKind, ...] = ("emergency", "crisis", "urgent", "human_request")


@dataclass(frozen=True, kw_only=True)
class AskingHouse:
    """One house; every call is a conversation of its own."""

    house: House

    async def staff_hears(self, row: Row, answer: Callable[[str], str]) -> bool:
        """Say a phrase, and `answer(what was asked)` where a safety question follows; say whether staff hears of it.

        Where the answer leaves the question open the caller hangs up.
        """
        desk = self.house.front_desk
        id, _ = await desk.open(channel="chat", lang="es" if row.lang == "es" else "en")
        reply = await desk.turn(id, Heard(best=ClearText(row.text)))
        if reply.asks == "safety" and not reply.alarm:
            reply = await desk.turn(id, Heard(best=ClearText(answer(reply.text.reveal()))))
            if reply.asks == "safety" and not reply.alarm:
                await desk.turn(id, Heard(best=ClearText(""), event="hang_up"))
        return bool(await self.house.storage.tickets.list(kinds=ALARMING, conversation=id))

    async def question_after(self, words: str, lang: str) -> str:
        """Return what the agent says to some words."""
        id, _ = await self.house.front_desk.open(channel="chat", lang="es" if lang == "es" else "en")
        return (await self.house.front_desk.turn(id, Heard(best=ClearText(words)))).text.reveal()


@asynccontextmanager
async def open_asking_house(stage: Stage) -> AsyncIterator[AskingHouse]:
    """Open the demo practice over a passing data folder on a Monday morning."""
    with tempfile.TemporaryDirectory(prefix="careline-flags-") as parent:
        data = Path(parent) / "data"
        folder, redactor, knowledge = stage.practice(shipped("knowledge"))
        await stage.data(data)
        clock = StillClock(CLOCK)
        storage = await open_storage(data, clock=clock)
        await load_world(World(), records=open_records(storage, folder.practice), database=storage.database)
        house = await open_house(
            Settings(data_dir=data), folder, stage.models, clock=clock,
            adapters=Adapters(knowledge=knowledge), redactor=redactor, storage=storage,
        )  # fmt: skip
        try:
            yield AskingHouse(house=house)
        finally:
            await house.close()
            shutil.rmtree(data, ignore_errors=True)
