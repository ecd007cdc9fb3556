"""The composition root: settings -> adapters -> graph -> web. The only file that names all parts.

Two steps, because models are slow to load and shared while data folders come and go: `load_models`, then `open_house`.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from agent.conversation import FrontDesk, Parts
from agent.dialogue.desk import Desk
from agent.dialogue.refusals.kinds import Recogniser
from agent.dialogue.response.sentences import Sentences
from agent.dialogue.understanding.openai.opening import open_model
from agent.dialogue.understanding.openai.understanding import ModelUnderstanding
from agent.dialogue.understanding.tools import Understanding
from agent.domain.clock import Clock, SystemClock
from agent.domain.errors import ConfigError
from agent.domain.escalation import Escalation
from agent.domain.ports import Encoder, Knowledge, Patients, Schedule, Screener, Tickets, Transfers
from agent.domain.practice import Practice
from agent.domain.privacy import Privacy
from agent.ehr.open import Records, open_records
from agent.ehr.periods import Periods
from agent.practice_folder import FaqEntry, read_escalation, read_faq, read_practice, read_privacy
from agent.settings import Settings, shipped
from agent.storage.open import Storage, open_storage

if TYPE_CHECKING:
    from fastapi import FastAPI

    from agent.channels.phone.phone import Phone
    from agent.phi.boundary import Boundary
    from agent.phi.redactor import Redactor
    from agent.staff.parts import DemoSignIn, StaffParts
    from agent.storage.checkpoints import Checkpoints

log = logging.getLogger("careline.app")


@dataclass(frozen=True, kw_only=True)
class Folder:
    """Everything a practice edits, read and checked."""

    practice: Practice
    escalation: Escalation
    faq: Mapping[str, Sequence[FaqEntry]]
    privacy: Privacy = field(default_factory=Privacy)


def read_folder(folder: Path) -> Folder:
    """Read a practice folder; ConfigError names file, line and key of the first mistake."""
    practice = read_practice(folder)
    return Folder(
        practice=practice,
        escalation=read_escalation(folder),
        faq={lang: read_faq(folder, lang) for lang in practice.languages},
        privacy=read_privacy(folder),
    )


@dataclass(frozen=True, kw_only=True)
class Models:
    """What is slow to load and the same for every data folder."""

    encoders: tuple[Encoder, Encoder]
    understanding: Understanding
    screener: Screener
    refusals: Recogniser | None = None


def load_models() -> Models:
    """Load the encoders and what stands on them, each file verified by its hash. About two seconds.

    Raises:
        ConfigError: A model file is missing or altered.

    """
    from agent.dialogue.refusals.recognise import LocalRefusals
    from agent.dialogue.understanding.local import LocalUnderstanding
    from agent.encoder import load_encoders
    from agent.safety.screen import RedFlagScreen

    encoders = load_encoders()
    return Models(
        encoders=encoders,
        understanding=LocalUnderstanding(encoders),
        refusals=LocalRefusals(encoders),
        screener=RedFlagScreen(encoders),
    )


@dataclass(frozen=True, kw_only=True)
class House:
    """A running Careline over one data folder."""

    folder: Folder
    storage: Storage
    records: Records
    boundary: "Boundary"
    redactor: "Redactor"
    sentences: Sentences
    front_desk: FrontDesk
    checkpoints: "Checkpoints"
    clock: Clock
    model: ModelUnderstanding | None = None  # the language models of the settings

    async def close(self) -> None:
        """Close files and connections; nothing acknowledged is lost."""
        if self.model is not None:
            await self.model.close()
        await self.checkpoints.close()
        await self.storage.close()

    async def warm(self) -> None:
        """Load what is loaded at first use, before the first caller waits for it."""
        await asyncio.to_thread(self.redactor.load)

    async def sweep(self) -> None:
        """Wipe what has outlived its purpose."""
        await self.storage.vault_rows(_vault_row()).sweep()
        await self.checkpoints.sweep(self.storage.conversations, now=self.clock.now())


@dataclass(frozen=True, kw_only=True)
class Adapters:
    """Ports that stand in for the built-in ones: an outside schedule, a failing one in evals."""

    schedule: Schedule | None = None
    patients: Patients | None = None
    tickets: Tickets | None = None
    knowledge: Knowledge | None = None
    understanding: Understanding | None = None


async def open_house(
    settings: Settings,
    folder: Folder,
    models: Models,
    *,
    clock: Clock | None = None,
    adapters: Adapters | None = None,
    redactor: "Redactor | None" = None,
    storage: Storage | None = None,
) -> House:
    """Open the data folder and put the parts together.

    Raises:
        ConfigError: A file or a setting is wrong, in one sentence.

    """
    clock = clock or SystemClock()
    async with contextlib.AsyncExitStack() as undo:
        storage = storage or await open_kept(settings, clock)
        undo.push_async_callback(storage.close)
        checkpoints = await storage.checkpoints()
        undo.push_async_callback(checkpoints.close)
        house = await _put_together(
            settings, folder, models, clock, adapters or Adapters(), redactor, storage, checkpoints
        )
        undo.pop_all()
    return house


async def _put_together(
    settings: Settings,
    folder: Folder,
    models: Models,
    clock: Clock,
    given: Adapters,
    redactor: "Redactor | None",
    storage: Storage,
    checkpoints: "Checkpoints",
) -> House:
    from agent.phi.boundary import Boundary
    from agent.phi.redactor import Redactor

    records = open_records(storage, folder.practice)
    redactor = redactor or Redactor(folder.practice)
    boundary = Boundary(
        redactor=redactor,
        vaults=storage.vault_rows(_vault_row()),
        schedule=given.schedule or records.schedule,
        patients=given.patients or records.patients,
        tickets=given.tickets or storage.tickets,
        clock=clock,
        audit=storage.audit,
        privacy=folder.privacy,
    )
    prompts, languages = settings.prompts or shipped("prompts"), folder.practice.languages
    sentences = Sentences(prompts, languages)
    model = None if given.understanding else open_model(settings, prompts, languages, models.understanding)
    understanding = given.understanding or model or models.understanding
    knowledge = given.knowledge
    if knowledge is None:
        knowledge = await asyncio.to_thread(open_knowledge, settings, folder, models.encoders, clock)
    desk = partial(
        _desk_of,
        folder=folder,
        sentences=sentences,
        understanding=understanding,
        refusals=models.refusals,
        knowledge=knowledge,
        boundary=boundary,
        storage=storage,
    )
    parts = _parts(settings, folder, models, storage, boundary, sentences, checkpoints, desk, clock, understanding)
    return House(
        folder=folder,
        storage=storage,
        records=records,
        boundary=boundary,
        redactor=redactor,
        sentences=sentences,
        checkpoints=checkpoints,
        clock=clock,
        front_desk=FrontDesk(parts),
        model=model,
    )


async def open_kept(settings: Settings, clock: Clock) -> Storage:
    """Open the data folder alone: for commands that need no models."""
    key = settings.data_key.get_secret_value() if settings.data_key else None
    return await open_storage(
        settings.data_dir, data_key=key, clock=clock, url=settings.database_url, redis=settings.redis_url
    )


def _parts(
    settings: Settings,
    folder: Folder,
    models: Models,
    storage: Storage,
    boundary: "Boundary",
    sentences: Sentences,
    checkpoints: "Checkpoints",
    desk: Callable[[str], Awaitable[Desk]],
    clock: Clock,
    understanding: Understanding,
) -> Parts:
    from agent.dialogue.graph import build

    hurry = understanding.hurry.call if isinstance(understanding, ModelUnderstanding) else None
    return Parts(
        storage=storage,
        boundary=boundary,
        screener=models.screener,
        graph=build(checkpoints),
        desk=desk,
        clock=clock,
        practice=folder.practice,
        sentences=sentences,
        escalation=folder.escalation,
        deadline=settings.turn_seconds,
        hurry=hurry,
    )


async def _desk_of(
    conversation: str,
    *,
    folder: Folder,
    sentences: Sentences,
    understanding: Understanding,
    refusals: Recogniser | None,
    knowledge: Knowledge,
    boundary: "Boundary",
    storage: Storage,
) -> Desk:
    """Bind the front desk to one conversation; staff's switches are read at every turn."""
    gateways = boundary.gateways(conversation)
    phrasing, ledger = None, storage.model_calls.ledger(conversation)
    if isinstance(understanding, ModelUnderstanding):
        phrasing = understanding.phrasing.bound(ledger) if understanding.phrasing else None
        understanding = understanding.bound(conversation, ledger)
    return Desk(
        practice=folder.practice,
        escalation=folder.escalation,
        sentences=sentences,
        understanding=understanding,
        knowledge=knowledge,
        identity=gateways.identity,
        schedule=gateways.schedule,
        tickets=gateways.tickets,
        phrasing=phrasing,
        refusals=refusals,
        everything_to_people=bool(await storage.switches.is_on("everything_to_people")),
        staffed=await storage.switches.is_on("staffed"),
    )


def open_knowledge(
    settings: Settings, folder: Folder, encoders: tuple[Encoder, Encoder], clock: Clock, *, keep: bool = True
) -> Knowledge:
    """Open the index of the practice's texts in the data folder (or in memory), brought in step with the texts."""
    from agent.dialogue.retrieval.answers import FaqKnowledge

    return FaqKnowledge(
        folder.faq,
        encoders,
        clock=clock,
        zone=folder.practice.zone,
        folder=settings.data_dir / "knowledge" if keep else None,
    )


def require_reviewed(folder: Folder, *, unreviewed: bool) -> None:
    """Refuse red-flag rules that no clinician has reviewed, unless told to go on with them."""
    if folder.escalation.unreviewed and not unreviewed:
        raise ConfigError(
            "no clinician has reviewed these red-flag rules; have them reviewed, or run with --unreviewed",
            key=folder.escalation.unreviewed[0],
        )


def web(house: House, settings: Settings, *, demo: "DemoSignIn | None" = None) -> "FastAPI":
    """Put chat, staff console and health checks on one web application."""
    from fastapi import FastAPI

    from agent.channels.chat.page import ChatPage, load_page_texts
    from agent.channels.chat.routes import chat_routes
    from agent.channels.health import health_routes
    from agent.channels.server import dress
    from agent.staff.routes import staff_routes

    practice, https = house.folder.practice, (settings.public_url or "").startswith("https://")
    phone = _phone(house, settings, demo=demo is not None)
    staff = _staff_parts(house, settings, demo=demo, transfers=phone.staff_transfers)
    app = FastAPI(title="Careline", docs_url=None, redoc_url=None, lifespan=lambda _: _swept(house, staff, phone))
    app.state.phone = phone
    page = ChatPage(
        practice=practice.name,
        languages=practice.languages,
        phone=practice.phones.front_desk,
        texts=load_page_texts(settings.prompts or shipped("prompts"), practice.languages),
        call=phone.call_page,
    )
    origins = frozenset({settings.public_url.rstrip("/")} if settings.public_url else ())
    app.include_router(chat_routes(house.front_desk, page=page, events=house.storage.events, origins=origins))
    app.include_router(phone.routes())
    app.include_router(staff_routes(staff))
    app.include_router(health_routes(partial(_ready, house, phone)))
    return dress(app, https=https)


def _phone(house: House, settings: Settings, *, demo: bool) -> "Phone":
    from agent.channels.phone.phone import Office, open_phone

    return open_phone(
        Office(
            settings=settings,
            practice=house.folder.practice,
            storage=house.storage,
            desk=house.front_desk,
            sentences=house.sentences,
            clock=house.clock,
            demo=demo,
        )
    )


def _staff_parts(
    house: House, settings: Settings, *, demo: "DemoSignIn | None", transfers: Transfers | None = None
) -> "StaffParts":
    from agent.staff.parts import StaffParts
    from agent.staff.words import TakeoverWords, load_takeover_texts

    practice, kept = house.folder.practice, house.storage
    return StaffParts(
        practice=practice.name,
        zone=practice.zone,
        clock=house.clock,
        users=kept.users,
        tickets=kept.tickets,
        conversations=kept.conversations,
        switches=kept.switches,
        events=kept.events,
        audit=kept.audit,
        calls=kept.calls,
        model_calls=kept.model_calls,
        transfers=transfers,
        words=TakeoverWords(
            practice=practice.name,
            texts=load_takeover_texts(settings.prompts or shipped("prompts"), practice.languages),
        ),
        reviewed=not house.folder.escalation.unreviewed,
        demo=demo,
        https=(settings.public_url or "").startswith("https://"),
        origins=frozenset({settings.public_url.rstrip("/")} if settings.public_url else ()),
    )


async def _ready(house: House, phone: "Phone") -> bool:
    await house.storage.conversations.about("-")
    return phone.parts.lines.settled


@contextlib.asynccontextmanager
async def _swept(house: House, staff: "StaffParts", phone: "Phone") -> AsyncIterator[None]:
    """Sweep every minute while the web application runs; conversations of staff who are gone return to the agent."""
    periods = Periods(house.storage, house.folder.privacy.keep)

    async def sweeping() -> None:
        while True:
            await asyncio.sleep(60)
            house.boundary.rest()
            if not await house.storage.turns.leads():  # of several processes one sweeps
                continue
            for sweep in (house.sweep, periods.sweep, house.front_desk.settle_doubts, staff.takeover.give_back):
                try:
                    await sweep()
                except Exception as failure:  # one that fails must not end the others, nor the next round
                    log.error("sweep_failed %s", type(failure).__name__)

    task = asyncio.create_task(sweeping())
    async with phone.running():
        yield
    task.cancel()


def _vault_row() -> type:
    from agent.phi.vault_rows import VaultRow

    return VaultRow
