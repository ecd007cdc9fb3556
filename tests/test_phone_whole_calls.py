"""Whole calls: Twilio's moves against the real front desk, the real media socket and the real pipeline.

What hears and speaks follows a script (models have tests of their own); the caller presses keys.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from agent.channels.phone.phone import Office, Phone, open_phone
from agent.channels.phone.warming import missing_for_calls
from agent.channels.server import dress
from agent.practice_folder import read_practice
from agent.settings import Settings, shipped
from tests.fake_twilio import ACCOUNT, TOKEN, FakeCall, FakeTwilio
from tests.phone_exchange import PUBLIC, until
from tests.talking import Desk
from tests.web.site import serving

ABSENT = missing_for_calls(Settings(), ("en", "es"))
pytestmark = pytest.mark.skipif(bool(ABSENT), reason=f"the extra `voice` is not installed: {', '.join(ABSENT)}")
PHONES = read_practice(shipped("knowledge")).phones


class Clinic:
    """A practice whose number is Twilio's."""

    def __init__(self, desk: Desk, phone: Phone, twilio: FakeTwilio, voice: Any) -> None:
        self.desk, self.phone, self.twilio, self.voice = desk, phone, twilio, voice

    async def call(self) -> FakeCall:
        """Ring, and hear the greeting."""
        call = await self.twilio.place("+12125550117")
        assert call.answers[0].status_code == 200
        await asyncio.wait_for(call.streaming.wait(), 10)
        await self.spoke("automated assistant")
        await call.heard_out()
        return call

    async def spoke(self, words: str, *, count: int = 1) -> None:
        """Wait until the agent has said it so many times."""
        await until(lambda: sum(words in said.lower() for said in self.voice.spoke) >= count, within=15)

    async def tickets(self) -> list[Any]:
        return await self.desk.house.storage.tickets.list()


@pytest.fixture
async def clinic(desk: Any) -> AsyncIterator[Clinic]:
    from agent.channels.phone.ear_models import EarModels
    from agent.channels.phone.parts import Hearing
    from tests.phone_line import ScriptedEars, ScriptedVoice

    opened = await desk()
    house, voice = opened.house, ScriptedVoice()
    async with contextlib.AsyncExitStack() as open_parts:
        twilio = FakeTwilio(public_url=PUBLIC, served_at="http://127.0.0.1:9", breathes=True)
        await open_parts.enter_async_context(twilio.working())
        settings = Settings(
            twilio_account_sid=ACCOUNT, twilio_auth_token=SecretStr(TOKEN), public_url=PUBLIC,
            twilio_api_url=twilio.api.url,
        )  # fmt: skip
        office = Office(
            settings=settings, practice=house.folder.practice, storage=house.storage, desk=house.front_desk,
            sentences=house.sentences, clock=house.clock,
        )  # fmt: skip
        phone = open_phone(office)
        phone.parts.hearing = Hearing(models=EarModels(), recognizer=ScriptedEars(), voice=voice)
        phone.parts.lines.warm = True
        app = FastAPI()
        app.include_router(phone.routes())
        twilio.served_at = await open_parts.enter_async_context(serving(dress(app)))
        yield Clinic(opened, phone, twilio, voice)
        await twilio.hang_up_all()
        await until(lambda: phone.parts.lines.count == 0, within=15)
    assert phone.telephone is not None
    phone.telephone.close()


async def test_a_caller_who_wants_a_person_and_finds_nobody_comes_back_and_is_not_sent_round_again(
    clinic: Clinic,
) -> None:
    clinic.twilio.people[PHONES.front_desk] = "no-answer"
    call = await clinic.call()

    await call.key("0")
    await until(lambda: call.streams == 2, within=15)
    await asyncio.wait_for(call.streaming.wait(), 10)
    await call.heard_out()
    before = len(clinic.voice.spoke)
    await call.key("0")
    await until(lambda: len(clinic.voice.spoke) > before, within=15)
    await call.heard_out()

    assert call.rung == [PHONES.front_desk]
    assert call.streams == 2
    assert call.said == []
    (conversation,) = {one.conversation for one in await clinic.tickets()}
    kept = await clinic.desk.house.storage.calls.of_conversation(conversation)
    assert kept is not None
    assert (kept.transfers, kept.status) == (1, "live")


async def test_a_caller_who_finds_a_person_leaves_the_agent_for_good(clinic: Clinic) -> None:
    clinic.twilio.people[PHONES.front_desk] = "completed"
    call = await clinic.call()

    await call.key("0")
    await asyncio.wait_for(call.with_person.wait(), 15)
    await until(lambda: clinic.phone.parts.lines.count == 0, within=15)
    call.person_hangs_up()
    await asyncio.wait_for(call.ended.wait(), 10)

    kept = await clinic.desk.house.storage.calls.of_sid(call.sid)
    assert kept is not None
    assert kept.status == "ended"
    assert await clinic.desk.house.storage.conversations.state_of(kept.conversation or "") == "ended"
    assert call.said == []


async def test_staff_sends_a_call_on_and_a_busy_line_brings_it_straight_back(clinic: Clinic) -> None:
    call = await clinic.call()
    kept = await clinic.desk.house.storage.calls.of_sid(call.sid)
    assert kept is not None
    assert clinic.phone.staff_transfers is not None

    assert await clinic.phone.staff_transfers.send(kept.conversation or "", "nurse")
    await until(lambda: call.streams == 2, within=15)
    await asyncio.wait_for(call.streaming.wait(), 10)
    await call.heard_out()

    now = await clinic.desk.house.storage.calls.of_sid(call.sid)
    assert now is not None
    assert (now.status, now.conversation) == ("live", kept.conversation)
    assert call.rung == [PHONES.nurse]
    assert call.said == []


async def test_the_caller_hangs_up_and_everything_is_put_away(clinic: Clinic) -> None:
    call = await clinic.call()

    await call.hang_up()
    await until(lambda: clinic.phone.parts.lines.count == 0, within=15)

    kept = await clinic.desk.house.storage.calls.of_sid(call.sid)
    assert kept is not None
    assert kept.status == "ended"
    assert await clinic.desk.house.storage.calls.live_calls() == []


async def test_a_socket_that_twilio_did_not_sign_hears_nothing(clinic: Clinic, tmp_path: Path) -> None:
    from websockets.asyncio.client import connect
    from websockets.exceptions import InvalidStatus

    with pytest.raises(InvalidStatus) as denied:
        await connect(
            clinic.twilio.served_at.replace("http", "ws") + "/twilio/stream",
            additional_headers={"X-Twilio-Signature": "bad"},
        )

    assert denied.value.response.status_code == 403
    assert clinic.voice.spoke == []


async def test_a_goodbye_is_heard_and_then_twilio_hangs_up_without_another_word(clinic: Clinic) -> None:
    from agent.channels.phone.parts import Limits

    clinic.phone.parts.limits = Limits(silence=0.3)
    call = await clinic.call()

    await asyncio.wait_for(call.ended.wait(), 30)

    assert [asked.form for asked in clinic.twilio.api.asked] == [{"Status": "completed"}]
    assert "bye" in clinic.voice.spoke[-1].lower()
    assert (call.said, call.rung) == ([], [])
    kept = await clinic.desk.house.storage.calls.of_sid(call.sid)
    assert kept is not None
    assert kept.status == "ended"


async def test_a_goodbye_that_twilio_does_not_hear_of_ends_with_the_front_desk_and_not_in_silence(
    clinic: Clinic,
) -> None:
    from agent.channels.phone.parts import Limits

    clinic.phone.parts.limits = Limits(silence=0.3)
    clinic.twilio.api.trouble = [500, 500, 500]
    call = await clinic.call()

    await asyncio.wait_for(call.ended.wait(), 30)

    assert "something went wrong" in call.said[0]
    assert call.rung == [PHONES.front_desk]
