"""A running Careline over one data folder, put together from its parts."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.app.desks import Desks
from agent.app.folder import Folder
from agent.app.models import Models, open_knowledge
from agent.conversation import FrontDesk, Parts
from agent.dialogue.response.sentences import Sentences
from agent.dialogue.understanding.openai.opening import open_model
from agent.dialogue.understanding.openai.understanding import ModelUnderstanding
from agent.dialogue.understanding.tools import Understanding
from agent.domain.clock import Clock, SystemClock
from agent.domain.ports import Knowledge, Patients, Schedule, Tickets
from agent.ehr.open import Records, open_records
from agent.ehr.standing_holds import StandingHolds
from agent.settings import Settings, shipped
from agent.storage.open import Storage, open_storage

if TYPE_CHECKING:
    from agent.phi.boundary import Boundary
    from agent.phi.redactor import Redactor
    from agent.storage.checkpoints import Checkpoints


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
    holds: StandingHolds
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
        """Wipe what has outlived its purpose; nothing of a conversation that is held."""
        spare, now = self.holds.among, self.clock.now()
        await self.storage.vault_rows(_vault_row()).sweep(spare)
        await self.checkpoints.sweep(self.storage.conversations, now=now, spare=spare)


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


async def open_kept(settings: Settings, clock: Clock) -> Storage:
    """Open the data folder alone: for commands that need no models."""
    key = settings.data_key.get_secret_value() if settings.data_key else None
    return await open_storage(
        settings.data_dir, data_key=key, clock=clock, url=settings.database_url, redis=settings.redis_url
    )


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
    from agent.phi.redactor import Redactor

    records = open_records(storage, folder.practice)
    redactor = redactor or Redactor(folder.practice)
    prompts, languages = settings.prompts or shipped("prompts"), folder.practice.languages
    model = None if given.understanding else open_model(settings, prompts, languages, models.understanding)
    knowledge = given.knowledge
    if knowledge is None:
        knowledge = await asyncio.to_thread(open_knowledge, settings, folder, models.encoders, clock)
    desks = Desks(
        folder=folder,
        sentences=Sentences(prompts, languages),
        understanding=given.understanding or model or models.understanding,
        refusals=models.refusals,
        knowledge=knowledge,
        boundary=_boundary(folder, records, redactor, storage, given, clock),
        storage=storage,
    )
    return House(
        folder=folder,
        storage=storage,
        records=records,
        boundary=desks.boundary,
        redactor=redactor,
        sentences=desks.sentences,
        checkpoints=checkpoints,
        clock=clock,
        holds=StandingHolds(storage),
        front_desk=FrontDesk(_parts(settings, models, checkpoints, desks, clock)),
        model=model,
    )


def _boundary(
    folder: Folder, records: Records, redactor: "Redactor", storage: Storage, given: Adapters, clock: Clock
) -> "Boundary":
    from agent.phi.boundary import Boundary

    return Boundary(
        redactor=redactor,
        vaults=storage.vault_rows(_vault_row()),
        schedule=given.schedule or records.schedule,
        patients=given.patients or records.patients,
        tickets=given.tickets or storage.tickets,
        clock=clock,
        audit=storage.audit,
        privacy=folder.privacy,
    )


def _parts(settings: Settings, models: Models, checkpoints: "Checkpoints", desks: Desks, clock: Clock) -> Parts:
    from agent.dialogue.graph import build

    understanding = desks.understanding
    return Parts(
        storage=desks.storage,
        boundary=desks.boundary,
        screener=models.screener,
        graph=build(checkpoints),
        desk=desks.of,
        clock=clock,
        practice=desks.folder.practice,
        sentences=desks.sentences,
        escalation=desks.folder.escalation,
        deadline=settings.turn_seconds,
        hurry=understanding.hurry.call if isinstance(understanding, ModelUnderstanding) else None,
    )


def _vault_row() -> type:
    from agent.phi.vault_rows import VaultRow

    return VaultRow
