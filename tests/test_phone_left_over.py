"""Calls that ended while nobody listened are closed when Careline is back, and their conversations hear of it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.channels.phone.left_over import close_left_over, keep_closing
from tests.phone_exchange import Exchange, exchange, talking, until


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Exchange]:
    async with exchange(tmp_path) as opened:
        yield opened


async def browser_call(house: Exchange) -> str:
    calls = house.storage.calls
    call = await calls.redeem(await calls.ring("browser-1", "browser") or "", "")
    assert call is not None
    conversation = await house.storage.conversations.create(channel="phone", lang="en", at=house.clock.now())
    await calls.live(call, conversation)
    return conversation


async def test_a_call_whose_end_twilio_told_to_nobody_is_closed(house: Exchange) -> None:
    going, gone = await house.twilio.place("+12125550118"), await house.twilio.place()
    await asyncio.gather(talking(going), talking(gone))
    conversation = await house.conversation_of(gone.sid)
    gone.over = True  # and no status callback

    closed = await close_left_over(house.reception, house.telephone, fresh=True)

    assert closed == 1
    assert house.desk.heard == [(conversation, "hang_up")]
    assert [call.call_sid for call in await house.storage.calls.live_calls()] == [going.sid]


async def test_a_browsers_call_is_over_when_the_only_process_begins_anew_and_not_later(house: Exchange) -> None:
    conversation = await browser_call(house)

    later = await close_left_over(house.reception, None, fresh=False)
    at_first = await close_left_over(house.reception, None, fresh=True)

    assert (later, at_first) == (0, 1)
    assert house.desk.heard == [(conversation, "hang_up")]


async def test_nothing_is_closed_while_twilio_does_not_answer(house: Exchange) -> None:
    call = await house.twilio.place()
    await talking(call)
    house.twilio.api.trouble = [500, 500]

    closed = await close_left_over(house.reception, house.telephone, fresh=True)

    assert closed == 0
    assert (await house.kept(call.sid)).status == "live"


async def test_a_call_that_cannot_be_looked_up_does_not_keep_another_from_its_end(house: Exchange) -> None:
    calls = await house.twilio.place("+12125550118"), await house.twilio.place()
    await asyncio.gather(*map(talking, calls))
    for call in calls:
        call.over = True
    house.twilio.api.trouble = [500, 500]  # one request and its second try

    closed = await close_left_over(house.reception, house.telephone, fresh=True)

    assert closed == 1
    assert sorted([(await house.kept(call.sid)).status for call in calls]) == ["ended", "live"]


async def test_it_is_looked_for_again_after_a_failure(house: Exchange) -> None:
    call = await house.twilio.place()
    await talking(call)
    call.over = True
    house.twilio.api.trouble = [500, 500]

    looking = asyncio.create_task(keep_closing(house.reception, house.telephone, alone=True, every=0.01))
    await until(lambda: house.desk.events == ["hang_up"])
    looking.cancel()

    assert (await house.kept(call.sid)).status == "ended"
