"""A canary talks over HTTP to a whole Careline: its index on disk, a language model on loopback, every error page there is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from agent.app import Adapters, House, Models, open_house, read_folder, web
from agent.commands.why import told
from agent.domain.clock import StillClock
from agent.ehr.exporting import export_rows
from agent.ehr.worlds import load_world
from agent.practice_folder import demo_folder
from agent.settings import Settings
from agent.staff.guard import FORM
from evals.flow.canaries import Canary
from evals.flow.conversations import MONDAY, conversations, setting_of
from evals.model.moods import competent, moody
from evals.model.peer import Peer
from evals.model.server import ModelServer, serving

EXPECTED = frozenset({303, 401, 403, 404, 405, 410, 413, 422, 500})
"""What a caller, or somebody who is none, runs into; 429 as well, where the machine is quick enough to be too fast."""
_TOO_LONG = 2_001
_CROWD = 21


@dataclass(frozen=True, kw_only=True)
class Behind:
    """What stands behind it beyond its data folder: the addresses of a database and of a Redis, or neither."""

    database: str | None = None
    redis: str | None = None


@dataclass
class Left:
    """What was left where nobody should read of a canary."""

    errors: list[str] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """What `careline why` and `careline export appointments` print, the audit, and what is kept of model calls."""
    statuses: set[int] = field(default_factory=set)


class Broken:
    """A part that fails with the caller's own words in its exception."""

    def __init__(self, words: str) -> None:
        self._words = words

    async def about(self, *_: Any, **__: Any) -> Any:
        """Fail."""
        raise RuntimeError(f"cannot read {self._words}")


@dataclass
class Served:
    """A running Careline, who talks to it, and what that leaves."""

    house: House
    http: httpx.AsyncClient
    model: ModelServer
    canary: Canary
    left: Left = field(default_factory=Left)

    async def talk(self, *kinds: str) -> None:
        """Hold whole conversations of some kinds as the chat page would; then run into every error."""
        for kind in kinds:
            id = await self._opened()
            for line in conversations(self.canary)[kind]:
                await self._ask("POST", f"/api/conversations/{id}/messages", json={"text": line})
        await self._errors(await self._opened())
        self.left.requests += [one.body + repr(one.headers).encode() for one in self.model.asked]
        async for conversation in self.house.storage.conversations.every():
            for record in await self.house.storage.decisions.of(conversation.id):
                self.left.told += told(record)
            await self.house.storage.model_calls.settle()
            self.left.told += [repr(one) for one in await self.house.storage.model_calls.of(conversation.id)]
        self.left.told += [repr(one) for one in await self.house.storage.audit.entries()]
        zone = self.house.folder.practice.zone
        self.left.told += [
            repr(row) async for row in export_rows("appointments", storage=self.house.storage, zone=zone)
        ]

    async def _opened(self) -> str:
        return str((await self._ask("POST", "/api/conversations", json={"lang": "en"})).json()["id"])

    async def _ask(self, how: str, where: str, **body: Any) -> httpx.Response:
        """Send one request; of a refusal everything is kept, of an answer its headers: its words are the caller's own."""
        answer = await self.http.request(how, where, **body)
        self.left.statuses.add(answer.status_code)
        said = answer.text if answer.status_code >= 300 else ""
        self.left.errors.append(f"{answer.status_code} {answer.headers!r} {said}")
        return answer

    async def _errors(self, id: str) -> None:
        """Run into every error with the canary's words in every place of a request."""
        who, said = self.canary, f"/api/conversations/{id}/messages"
        name, words = who.name, f"{who.name} {who.phone} {who.member}"
        for body in (
            {"text": {words: words}},
            {"text": ""},
            {"text": words, name: name},
            {"texts": words},
            [words],
            {"text": words, "client_id": [words]},
        ):
            await self._ask("POST", said, json=body)  # 422
        await self._ask("POST", said, content=f'{{"text": "{words}'.encode())
        await self._ask("POST", said, content=words.encode(), headers={"content-type": "text/plain"})
        await self._ask("POST", "/api/conversations", json={"lang": name, name: name})
        await self._ask("POST", said, json={"text": (words * _TOO_LONG)[:_TOO_LONG]})  # 413
        await self._ask("POST", said, content=(words * 9_999).encode())
        await self._ask("POST", f"/api/conversations/{name}/messages", json={"text": words})  # 404
        await self._ask("GET", f"/api/conversations/{who.phone}")
        await self._ask("POST", said, json={"text": "Where can I park?", "client_id": name})
        await self._ask("GET", f"/{name}?{who.last}={who.phone}", headers={"referer": f"http://x/{who.email}"})
        await self._ask("DELETE", said)  # 405
        await self._ask("GET", f"/api/staff/handoffs?patient={name}")  # 401
        await self._ask("GET", f"/staff?next={who.email}")
        form = {"name": name, "password": words}
        await self._ask("POST", "/staff/sign-in", data=form)  # 422
        await self._ask("GET", "/staff/sign-in")
        await self._ask("POST", "/staff/sign-in", data=form | {"csrf": self.http.cookies.get(FORM, "")})  # 401
        await self._ask("POST", "/twilio/voice", data={"From": f"+1{who.phone}", "CallSid": name})  # 403
        await self.house.storage.conversations.set_state(id, "ended", at=self.house.clock.now())
        await self._ask("POST", said, json={"text": words})  # 410
        await self._crowd(words)
        await self._break(words)

    async def _crowd(self, words: str) -> None:
        """Send more at once than anybody types: refused, malformed or not."""
        said = f"/api/conversations/{await self._opened()}/messages"
        for _ in range(_CROWD):
            await self._ask("POST", said, json={"text": "", "client_id": words})
        await self._ask("POST", said, json={"text": words})

    async def _break(self, words: str) -> None:
        """Let what is under a route fail with the words in its exception."""
        storage, whole = self.house.storage, self.house.storage.conversations
        object.__setattr__(storage, "conversations", Broken(words))
        try:
            await self._ask("GET", "/readyz")
        finally:
            object.__setattr__(storage, "conversations", whole)


@asynccontextmanager
async def served(
    models: Models, folder: Path, canary: Canary, behind: Behind, adapters: Adapters | None = None
) -> AsyncIterator[Served]:
    """Open a Careline over a folder, with the known canaries' charts, for as long as the block lasts.

    Without `adapters` the index of the practice's texts is made on disk: some 20 s CPU.
    """
    setting, practice = setting_of(), read_folder(demo_folder())
    await asyncio.to_thread(folder.mkdir, exist_ok=True)  # with a database elsewhere only the key is kept here
    async with serving(moody(Peer(models.understanding, [practice.practice]), competent)) as model:
        settings = Settings(
            data_dir=folder, database_url=behind.database, redis_url=behind.redis, openai_api_key=SecretStr("none"), openai_base_url=model.url,
            openai_model="scripted", openai_seconds=8.0, turn_seconds=30.0,
        )  # fmt: skip
        house = await open_house(settings, practice, models, clock=StillClock(MONDAY), adapters=adapters)
        try:
            await load_world(setting.world, records=house.records, database=house.storage.database)
            transport = httpx.ASGITransport(app=web(house, settings), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://careline.test") as http:
                yield Served(house=house, http=http, model=model, canary=canary)
        finally:
            await house.close()
