"""Talking to a whole Careline in a test: `call = await desk.call()`, `await call.say("...")`, `await desk.visits()`."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from agent.app import Adapters, House, open_house
from agent.domain.clock import StillClock
from agent.domain.conversation import Channel, Event, Heard, Reply
from agent.domain.text import ClearText
from agent.ehr.exporting import export_rows
from agent.ehr.open import open_records
from agent.ehr.rows import AppointmentRow, PatientRow
from agent.ehr.worlds import World, load_world
from agent.settings import Settings, shipped
from agent.storage.open import open_storage
from evals.runner import Stage

MONDAY = datetime.fromisoformat("2026-03-02T09:00:00-05:00")
ANA = PatientRow(id="P-7", first="Ana", last="Ruiz", born=date(1984, 5, 17), phone="+12125550117")
TUNDE = PatientRow(id="P-9", first="Tunde", last="Adeyemi", born=date(1979, 11, 3), phone="+12125550199")


def visit(id: str, patient: str, start: str, provider: str = "kim", visit_type: str = "follow_up") -> AppointmentRow:
    """Return an appointment at the main location."""
    return AppointmentRow(
        id=id, patient=patient, provider=provider, location="main", visit_type=visit_type,
        start=datetime.fromisoformat(start), status="booked",
    )  # fmt: skip


@dataclass
class Talk:
    """One conversation."""

    desk: "Desk"
    id: str
    reply: Reply

    async def say(self, words: str, **more: Any) -> str:
        """Say something and return the answer's words."""
        self.reply = await self.desk.house.front_desk.turn(self.id, Heard(best=ClearText(words), **more))
        return self.reply.text.reveal()

    async def hear(self, *, share: float = 1.0) -> None:
        """Hear the last answer, or the first `share` of it, over the phone."""
        length = len(self.reply.text.reveal())
        await self.desk.house.front_desk.spoken(self.id, self.reply.id, int(length * share))

    async def key(self, digits: str) -> str:
        """Press keys and return the answer's words."""
        return await self.say("", digits=digits)

    async def notice(self, event: Event) -> str:
        """Let the channel notice something and return the answer's words."""
        return await self.say("", event=event)

    async def say_all(self, *lines: str) -> str:
        """Say several things in turn and return the last answer's words."""
        words = ""
        for line in lines:
            words = await self.say(line)
        return words


@dataclass
class Desk:
    """A whole Careline over a passing data folder."""

    house: House
    clock: StillClock
    folder: Path

    async def call(self, channel: Channel = "chat", lang: Any = None, number: str | None = None) -> Talk:
        """Begin a conversation; `number` is where a call comes from."""
        caller = ClearText(number) if number else None
        id, reply = await self.house.front_desk.open(channel=channel, lang=lang, caller=caller)
        return Talk(desk=self, id=id, reply=reply)

    async def rows(self, kind: Any = "appointments") -> list[dict[str, Any]]:
        """Return what `careline export` would print."""
        zone = self.house.folder.practice.zone
        return [dict(row) async for row in export_rows(kind, storage=self.house.storage, zone=zone)]

    async def booked(self) -> list[dict[str, Any]]:
        """Return the booked appointments."""
        return [row for row in await self.rows() if row["status"] == "booked"]

    async def close(self) -> None:
        """Close the house."""
        await self.house.close()


async def open_desk(
    stage: Stage, data: Path, *, patients: tuple[PatientRow, ...] = (ANA, TUNDE),
    appointments: tuple[AppointmentRow, ...] = (), clock: datetime = MONDAY, adapters: Any = None,
    url: str | None = None, redis: str | None = None,
) -> Desk:  # fmt: skip
    """Open a Careline on a small world; `adapters(storage, records)` may put others before the built-in ports.

    Desks over one folder and one `url` are workers of one practice.
    """
    folder, redactor, knowledge = stage.practice(shipped("knowledge"))
    still = StillClock(clock)
    fresh = not _there(data)
    if fresh:
        await stage.data(data)
    storage = await open_storage(data, clock=still, url=url, redis=redis)
    records = open_records(storage, folder.practice)
    if fresh:
        await load_world(
            World(patients=patients, appointments=appointments), records=records, database=storage.database
        )
    given = adapters(storage, records) if adapters else Adapters()
    given = Adapters(**{**given.__dict__, "knowledge": given.knowledge or knowledge})
    settings = Settings(data_dir=data, turn_seconds=60)  # a machine busy with other tests fails no turn
    house = await open_house(
        settings, folder, stage.models, clock=still, adapters=given, redactor=redactor, storage=storage
    )
    return Desk(house=house, clock=still, folder=data)


def _there(folder: Path) -> bool:
    return folder.exists()


def forget(folder: Path) -> None:
    """Remove a data folder."""
    shutil.rmtree(folder)
