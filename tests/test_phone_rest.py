"""Twilio's REST API: blocking calls never hold the loop, reads are repeated once and writes never, failures are ours."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from agent.channels.phone.rest import TwilioTelephone
from agent.domain.errors import ServiceDown, ServiceTimeout
from tests.fake_twilio import ACCOUNT, TOKEN
from tests.fake_twilio_api import FakeTwilioApi, Trouble

CALL = "CA" + "c" * 32


@pytest.fixture
async def api() -> AsyncIterator[FakeTwilioApi]:
    async def known(call_sid: str, form: dict[str, str]) -> str | None:
        return None if call_sid != CALL else form.get("Status", "in-progress")

    async with FakeTwilioApi(ACCOUNT, TOKEN, known).serving() as serving:
        yield serving


@pytest.fixture
async def telephone(api: FakeTwilioApi) -> AsyncIterator[TwilioTelephone]:
    made = TwilioTelephone(ACCOUNT, TOKEN, api_url=api.url + "/", seconds=1.5)
    yield made
    made.close()


async def test_a_call_is_told_to_go_on_elsewhere(api: FakeTwilioApi, telephone: TwilioTelephone) -> None:
    assert await telephone.update(CALL, "<Response><Hangup/></Response>")

    (asked,) = api.asked
    assert (asked.method, asked.path) == ("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{CALL}.json")
    assert asked.form == {"Twiml": "<Response><Hangup/></Response>"}
    assert (asked.account, asked.password) == (ACCOUNT, TOKEN)


async def test_a_call_is_ended_and_one_that_is_over_stays_so(api: FakeTwilioApi, telephone: TwilioTelephone) -> None:
    await telephone.end(CALL)
    await telephone.end("CA" + "d" * 32)

    assert [asked.form for asked in api.asked] == [{"Status": "completed"}] * 2


async def test_a_call_that_is_over_is_not_updated(telephone: TwilioTelephone) -> None:
    assert not await telephone.update("CA" + "d" * 32, "<Response/>")
    assert await telephone.status("CA" + "d" * 32) is None


@pytest.mark.parametrize("trouble", [500, 401, 429, "drop"])
async def test_a_write_that_is_refused_is_not_repeated(
    api: FakeTwilioApi, telephone: TwilioTelephone, trouble: Trouble
) -> None:
    api.trouble = [trouble, None]

    with pytest.raises(ServiceDown):
        await telephone.end(CALL)

    assert len(api.asked) == 1


@pytest.mark.parametrize("trouble", [500, "drop", "hang"])
async def test_a_read_is_repeated_once(api: FakeTwilioApi, telephone: TwilioTelephone, trouble: Trouble) -> None:
    api.trouble = [trouble, None]

    assert await telephone.status(CALL) == "in-progress"
    assert [asked.method for asked in api.asked] == ["GET", "GET"]


async def test_a_read_that_fails_twice_is_given_up(api: FakeTwilioApi, telephone: TwilioTelephone) -> None:
    api.trouble = [500, 500, None]

    with pytest.raises(ServiceDown):
        await telephone.status(CALL)

    assert len(api.asked) == 2


@pytest.mark.parametrize("trouble", ["hang", "slow"])
async def test_an_answer_that_does_not_come_is_not_waited_for(
    api: FakeTwilioApi, telephone: TwilioTelephone, trouble: Trouble
) -> None:
    api.trouble = [trouble]

    with pytest.raises(ServiceTimeout):
        await telephone.update(CALL, "<Response/>")


async def test_nobody_listening_is_a_failure_of_the_service() -> None:
    telephone = TwilioTelephone(ACCOUNT, TOKEN, api_url="http://127.0.0.1:9", seconds=1.5)

    with pytest.raises(ServiceDown):
        await telephone.end(CALL)

    telephone.close()


async def test_the_account_and_its_token_are_tried(api: FakeTwilioApi, telephone: TwilioTelephone) -> None:
    stranger = TwilioTelephone(ACCOUNT, "an old token", api_url=api.url, seconds=1.5)

    assert await telephone.account() == "active"
    with pytest.raises(ServiceDown, match="401"):
        await stranger.account()

    stranger.close()


async def test_other_calls_go_on_while_twilio_is_silent(api: FakeTwilioApi, telephone: TwilioTelephone) -> None:
    api.trouble = ["hang"]
    asking = asyncio.create_task(telephone.update(CALL, "<Response/>"))
    beats = 0

    while not asking.done():
        await asyncio.sleep(0.01)
        beats += 1

    assert isinstance(asking.exception(), ServiceTimeout)
    assert beats > 20, "the loop stood still"


async def test_what_was_said_to_callers_is_in_no_log(
    api: FakeTwilioApi, telephone: TwilioTelephone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    api.trouble = [None, 500]

    await telephone.update(CALL, "<Response><Say>a sentence</Say></Response>")
    with pytest.raises(ServiceDown) as refused:
        await telephone.update(CALL, "<Response><Say>a sentence</Say></Response>")

    assert "a sentence" not in caplog.text
    assert TOKEN not in caplog.text + str(refused.value)
