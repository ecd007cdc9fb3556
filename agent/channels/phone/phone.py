"""The whole phone of a practice, composed: its routes, its transfers, warm at start and polite at the end."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field, replace
from pathlib import Path

from fastapi import APIRouter

from agent.channels.phone.browser_calls import BrowserCalls
from agent.channels.phone.help import Helping
from agent.channels.phone.left_over import keep_closing
from agent.channels.phone.line_texts import load_line_texts
from agent.channels.phone.lines import Lines, calls_here
from agent.channels.phone.page import ADDRESS, CallPage, load_call_texts
from agent.channels.phone.parts import FrontDesk, Limits, PhoneParts
from agent.channels.phone.reception import Reception
from agent.channels.phone.rest import TwilioTelephone
from agent.channels.phone.routes import phone_routes
from agent.channels.phone.signatures import Signatures
from agent.channels.phone.transfers import PhoneTransfers
from agent.channels.phone.warming import load_hearing, missing_for_calls
from agent.dialogue.response.sentences import Sentences
from agent.domain.clock import Clock
from agent.domain.errors import ConfigError
from agent.domain.practice import Practice
from agent.domain.text import Lang
from agent.settings import Settings, shipped
from agent.storage.open import Storage

log = logging.getLogger("careline.phone")


@dataclass(frozen=True, kw_only=True)
class Office:
    """What of a running Careline the phone needs."""

    settings: Settings
    practice: Practice
    storage: Storage
    desk: FrontDesk
    sentences: Sentences
    clock: Clock
    demo: bool = False
    api_url: str | None = None  # Twilio's REST API stands elsewhere: a proxy, a test

    @property
    def prompts(self) -> Path:
        """The folder of sentences."""
        return self.settings.prompts or shipped("prompts")


@dataclass(kw_only=True)
class Phone:
    """The phone. `staff_transfers` may send a call that was transferred before."""

    office: Office
    missing: tuple[str, ...]
    telephone: TwilioTelephone | None
    transfers: PhoneTransfers | None
    staff_transfers: PhoneTransfers | None
    parts: PhoneParts
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    @property
    def call_page(self) -> str | None:
        """Where patients are shown to call from a browser: where they may, and can; the demo shows it in any case."""
        office = self.office
        return ADDRESS if office.demo or (office.settings.public_url and not self.missing) else None

    def reception(self) -> Reception:
        """Make what answers Twilio's webhooks."""
        office, parts = self.office, self.parts
        kept, settings = office.storage, office.settings
        return Reception(
            signatures=_signatures(settings),
            public_url=settings.public_url,
            practice=office.practice,
            clock=office.clock,
            calls=kept.calls,
            conversations=kept.conversations,
            switches=kept.switches,
            desk=office.desk,
            helping=Helping(office.prompts, office.practice, office.sentences),
            answers=lambda: parts.lines.open,
            voice=lambda: not self.missing and parts.lines.warm,
        )

    def routes(self) -> APIRouter:
        """Make its routes."""
        office, parts = self.office, self.parts
        kept, settings = office.storage, office.settings
        origins = frozenset({settings.public_url.rstrip("/")} if settings.public_url else ())

        door = BrowserCalls(
            calls=kept.calls,
            public_url=settings.public_url,
            demo=office.demo,
            missing=lambda: self.missing,
            answers=lambda: parts.lines.open_for_browser,
            origins=origins,
        )
        languages = office.practice.languages
        page = CallPage(
            practice=office.practice.name,
            phone=office.practice.phones.front_desk,
            languages=languages,
            texts=load_call_texts(office.prompts, languages),
            missing=self.missing,
            public_url=settings.public_url,
        )
        return phone_routes(parts, reception=self.reception(), door=door, page=page)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Warm up beside the first requests; at the end, tell running calls and let them end."""
        if not self.missing:
            self.parts.lines.warming = self._do(self._warm_up())
        alone = self.office.settings.database_url is None
        self._do(keep_closing(self.reception(), self.telephone, alone=alone))
        try:
            yield
        finally:
            await self.parts.lines.drain()
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self.parts.hearing is not None:
                await asyncio.to_thread(self.parts.hearing.models.close)
            if self.telephone is not None:
                self.telephone.close()

    async def _warm_up(self) -> None:
        """Load the models; calls are answered from then on, and fixed sentences learned by heart meanwhile."""
        try:
            hearing, speech = await load_hearing(self.office.settings, self.office.practice, self.office.prompts)
        except ConfigError as wrong:
            log.error("phone_not_ready %s", wrong)
            return
        self.parts.hearing = hearing
        self.parts.lines.warm = True
        log.info("phone_ready")
        if speech is not None and hearing.voice is not None:
            self._do(speech.voice.prepare())

    def _do(self, work: Coroutine[None, None, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def open_phone(office: Office) -> Phone:
    """Put the phone together. Loads nothing slow.

    ConfigError: Twilio's calls would be answered and could not be ended.
    """
    settings, kept = office.settings, office.storage
    if settings.public_url and settings.twilio_auth_token is not None and not settings.twilio_account_sid:
        raise ConfigError(
            "it is needed too: without the account no call can be hung up or sent on", key="CARELINE_TWILIO_ACCOUNT_SID"
        )
    telephone = _telephone(office)
    transfers = staff = None
    if telephone is not None and settings.public_url:
        transfers = PhoneTransfers(
            calls=kept.calls, practice=office.practice, public_url=settings.public_url, telephone=telephone
        )
        staff = replace(transfers, again=True)

    async def lang_of(conversation: str) -> Lang:
        about = await kept.conversations.about(conversation)
        return about.lang if about else office.practice.languages[0]

    parts = PhoneParts(
        desk=office.desk,
        calls=kept.calls,
        events=kept.events,
        clock=office.clock,
        lang_of=lang_of,
        words=load_line_texts(office.prompts, office.practice.languages),
        signed=_signatures(settings),
        transfers=transfers,
        hang_up=telephone.end if telephone else None,
        lines=Lines(limit=settings.phone_calls or calls_here(), telephones=transfers is not None),
        limits=Limits(call=settings.call_minutes * 60),
    )
    return Phone(
        office=office,
        missing=missing_for_calls(settings, office.practice.languages),
        telephone=telephone,
        transfers=transfers,
        staff_transfers=staff,
        parts=parts,
    )


def _signatures(settings: Settings) -> Signatures:
    token = settings.twilio_auth_token.get_secret_value() if settings.twilio_auth_token else None
    return Signatures(token, settings.public_url, account_sid=settings.twilio_account_sid)


def _telephone(office: Office) -> TwilioTelephone | None:
    settings = office.settings
    if not settings.twilio_account_sid or settings.twilio_auth_token is None:
        return None
    return TwilioTelephone(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        api_url=office.api_url or settings.twilio_api_url,
    )
