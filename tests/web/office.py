"""A staff office on real storage in a temporary folder: accounts, tickets, a conversation."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from agent.domain.conversation import Reply
from agent.domain.handoff import Draft, TicketKind
from agent.domain.ports import Transfers
from agent.domain.text import ClearText
from agent.staff.parts import DemoSignIn, StaffParts
from agent.staff.routes import staff_routes
from agent.staff.words import TakeoverWords, load_takeover_texts
from agent.storage.open import Storage, open_storage
from agent.storage.users import Role, Users
from tests.web.scripted_desk import ScriptedDesk
from tests.web.site import ROOT, create_app, serving

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
TEXTS = load_takeover_texts(ROOT / "prompts", ("en", "es"))
PASSWORD = "correct horse battery"
ACCOUNTS: dict[str, Role] = {"ada": "admin", "noor": "nurse", "sam": "staff", "dana": "staff"}


class StillClock:
    """Always the same moment."""

    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True, kw_only=True)
class Office:
    """The console's parts, and shortcuts for what tests put into the queue."""

    storage: Storage
    parts: StaffParts

    async def ticket(self, kind: TicketKind, summary: str, *, due: timedelta | None = None, **more: object) -> str:
        """Open a ticket, with a conversation when `said` is given, and return its id."""
        said = more.pop("said", None)
        conversation = await self.conversation(str(said)) if said else None
        draft = Draft(kind=kind, summary=summary, due=None if due is None else NOW + due)
        draft = replace(draft, **more)  # type: ignore[arg-type]
        receipt = await self.storage.tickets.open(draft, conversation=conversation, once=f"{kind}:{summary}")
        return receipt.id

    async def conversation(self, said: str) -> str:
        """Record a conversation of one turn."""
        id = await self.storage.conversations.create(channel="chat", lang="en", at=NOW)
        reply = Reply(id="r1", text=ClearText("I have told our team."), state="waiting_for_staff")
        await self.storage.conversations.record(id, heard=ClearText(said), reply=reply, at=NOW)
        return id


@asynccontextmanager
async def open_office(
    folder: Path, *, reviewed: bool = False, demo: bool = True, transfers: Transfers | None = None
) -> AsyncIterator[Office]:
    """Open an office with four accounts: ada (admin), noor (nurse), sam and dana (staff)."""
    shutil.copytree(await _with_accounts(), folder, dirs_exist_ok=True)
    storage = await open_storage(folder, clock=StillClock())
    try:
        parts = StaffParts(
            practice="Lakeside Family Practice", zone=ZoneInfo("America/New_York"), clock=StillClock(),
            users=Users(storage.database, StillClock()), tickets=storage.tickets, conversations=storage.conversations,
            switches=storage.switches, events=storage.events, audit=storage.audit, reviewed=reviewed, calls=storage.calls,
            model_calls=storage.model_calls,
            words=TakeoverWords(practice="Lakeside Family Practice", texts=TEXTS), transfers=transfers,
            demo=DemoSignIn(name="ada", password=PASSWORD) if demo else None,
        )  # fmt: skip
        yield Office(storage=storage, parts=parts)
    finally:
        await storage.close()


_made: list[tempfile.TemporaryDirectory[str]] = []


async def _with_accounts() -> Path:
    """Make the data folder once that every office starts from: hashing passwords is meant to be slow."""
    if not _made:
        _made.append(tempfile.TemporaryDirectory())
        storage = await open_storage(Path(_made[0].name), clock=StillClock())
        for name, role in ACCOUNTS.items():
            await storage.users.add(name, role=role, password=PASSWORD)
        await storage.close()
    return Path(_made[0].name)


@asynccontextmanager
async def open_for_business(office: Office) -> AsyncIterator[str]:
    """Serve the console and a scripted chat; yield the address."""
    app = create_app(ScriptedDesk(), events=office.storage.events, more=(staff_routes(office.parts),))
    async with serving(app) as address:
        yield address


@asynccontextmanager
async def signed_in(address: str, name: str) -> AsyncIterator[httpx.AsyncClient]:
    """Sign in as a browser would, and carry the page's CSRF token from then on."""
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        form = await client.get("/staff/sign-in")
        fields = {"name": name, "password": PASSWORD, "csrf": hidden(form.text, 'name="csrf" value="')}
        answer = await client.post("/staff/sign-in", data=fields)
        assert answer.status_code == 303, answer.text
        console = await client.get("/staff")
        client.headers["X-CSRF-Token"] = hidden(console.text, 'data-csrf="')
        yield client


def hidden(page: str, before: str) -> str:
    """Return the attribute's value that follows `before`."""
    return page.partition(before)[2].partition('"')[0]
