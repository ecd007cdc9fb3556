"""Chat, calls, staff console and health checks on one web application."""

import contextlib
from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING

from agent.app.house import House
from agent.app.sweeps import swept
from agent.domain.ports import Transfers
from agent.settings import Settings, shipped

if TYPE_CHECKING:
    from fastapi import FastAPI

    from agent.channels.phone.phone import Phone
    from agent.staff.parts import DemoSignIn, StaffParts


def web(house: House, settings: Settings, *, demo: "DemoSignIn | None" = None) -> "FastAPI":
    """Put chat, staff console and health checks on one web application."""
    from fastapi import FastAPI

    from agent.channels.chat.page import ChatPage, load_page_texts
    from agent.channels.chat.routes import chat_routes
    from agent.channels.health import health_routes
    from agent.channels.server import dress
    from agent.staff.routes import staff_routes

    practice = house.folder.practice
    phone = _phone(house, settings, demo=demo is not None)
    staff = _staff_parts(house, settings, demo=demo, transfers=phone.staff_transfers)
    app = FastAPI(title="Careline", docs_url=None, redoc_url=None, lifespan=lambda _: _running(house, staff, phone))
    app.state.phone = phone
    page = ChatPage(
        practice=practice.name,
        languages=practice.languages,
        phone=practice.phones.front_desk,
        texts=load_page_texts(settings.prompts or shipped("prompts"), practice.languages),
        call=phone.call_page,
    )
    app.include_router(
        chat_routes(house.front_desk, page=page, events=house.storage.events, origins=_origins(settings))
    )
    app.include_router(phone.routes())
    app.include_router(staff_routes(staff))
    app.include_router(health_routes(partial(_ready, house, phone)))
    return dress(app, https=_https(settings))


def _https(settings: Settings) -> bool:
    return (settings.public_url or "").startswith("https://")


def _origins(settings: Settings) -> frozenset[str]:
    return frozenset({settings.public_url.rstrip("/")} if settings.public_url else ())


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
        models=house.model.standings if house.model else tuple,
        transfers=transfers,
        words=TakeoverWords(
            practice=practice.name,
            texts=load_takeover_texts(settings.prompts or shipped("prompts"), practice.languages),
        ),
        reviewed=not house.folder.escalation.unreviewed,
        demo=demo,
        https=_https(settings),
        origins=_origins(settings),
    )


@contextlib.asynccontextmanager
async def _running(house: House, staff: "StaffParts", phone: "Phone") -> AsyncIterator[None]:
    async with swept(house, staff), phone.running():
        yield


async def _ready(house: House, phone: "Phone") -> bool:
    await house.storage.conversations.about("-" * 32)
    return phone.parts.lines.settled
