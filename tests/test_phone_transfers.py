"""A call is sent to a person: it ends with them, or comes back to the agent once, and never runs in circles."""

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.domain.errors import ServiceDown, ServiceError, ServiceTimeout
from agent.domain.text import ClearText
from tests.fake_twilio import FakeCall
from tests.phone_exchange import PRACTICE, Exchange, exchange, talking, until

FRONT_DESK, NURSE, ON_CALL = PRACTICE.phones.front_desk, PRACTICE.phones.nurse, PRACTICE.phones.on_call


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Exchange]:
    async with exchange(tmp_path) as opened:
        yield opened


async def a_call(house: Exchange) -> tuple[FakeCall, str]:
    call = await house.twilio.place()
    await talking(call)
    return call, await house.conversation_of(call.sid)


async def test_a_person_answers_and_the_conversation_ends_with_them(house: Exchange) -> None:
    house.twilio.people[FRONT_DESK] = "completed"
    call, conversation = await a_call(house)

    assert await house.transfers.send(conversation, "front_desk")
    await asyncio.wait_for(call.with_person.wait(), 5)
    during = (await house.kept(call.sid)).status
    call.person_hangs_up()
    await asyncio.wait_for(call.ended.wait(), 5)

    assert during == "with_person"
    assert call.rung == [FRONT_DESK]
    assert (await house.kept(call.sid)).status == "ended"
    assert await house.storage.conversations.state_of(conversation) == "ended"
    assert house.desk.events == []
    assert (call.said, call.streams) == ([], 1)


@pytest.mark.parametrize("outcome", ["no-answer", "busy", "failed"])
async def test_nobody_answers_and_the_caller_comes_back_to_the_same_conversation(house: Exchange, outcome: str) -> None:
    house.twilio.people[NURSE] = outcome
    call, conversation = await a_call(house)

    assert await house.transfers.send(conversation, "nurse")
    await until(lambda: call.streams == 2)
    await talking(call)

    came_back = house.lines.begun[1]
    assert (came_back.returned, came_back.conversation, came_back.call_sid) == (True, conversation, call.sid)
    now = await house.kept(call.sid)
    assert (now.status, now.returned, now.transfers) == ("live", False, 1)


async def test_a_call_that_came_back_is_not_sent_again_except_by_staff(house: Exchange) -> None:
    call, conversation = await a_call(house)
    await house.transfers.send(conversation, "front_desk")
    await until(lambda: call.streams == 2)
    await talking(call)

    again = [await house.transfers.send(conversation, to) for to in ("front_desk", "nurse", "on_call")]
    rung_by_agent = list(call.rung)
    by_staff = await house.by_staff.send(conversation, "nurse")
    await until(lambda: call.streams == 3)
    await talking(call)

    assert again == [False, False, False]
    assert rung_by_agent == [FRONT_DESK]
    assert by_staff
    assert call.rung == [FRONT_DESK, NURSE]
    assert (await house.kept(call.sid)).transfers == 2


async def test_those_on_call_are_rung_one_after_another(house: Exchange) -> None:
    house.twilio.people[ON_CALL[1]] = "completed"
    call, conversation = await a_call(house)

    await house.transfers.send(conversation, "on_call")
    await asyncio.wait_for(call.with_person.wait(), 5)
    call.person_hangs_up()
    await asyncio.wait_for(call.ended.wait(), 5)

    assert call.rung == list(ON_CALL[:2])
    assert await house.storage.conversations.state_of(conversation) == "ended"


async def test_when_nobody_on_call_answers_each_was_rung_once(house: Exchange) -> None:
    call, conversation = await a_call(house)

    await house.transfers.send(conversation, "on_call")
    await until(lambda: call.streams == 2)

    assert call.rung == list(ON_CALL)


async def test_the_caller_hangs_up_while_it_rings_and_the_conversation_hears_of_it(house: Exchange) -> None:
    house.twilio.people[FRONT_DESK] = "rings"
    call, conversation = await a_call(house)
    await house.transfers.send(conversation, "front_desk")
    await asyncio.wait_for(call.with_person.wait(), 5)

    await call.hang_up()
    late = await house.twilio.post(
        action_of(house, transfer=1), call.form("completed", DialCallStatus="canceled", DialCallSid="CA" + "9" * 32)
    )

    assert house.desk.heard == [(conversation, "hang_up")]
    assert "<Hangup" in late.text
    assert (await house.kept(call.sid)).status == "ended"


async def test_a_line_that_forwards_back_to_us_counts_as_nobody_answering(house: Exchange) -> None:
    house.twilio.people[FRONT_DESK] = "forwarded"
    call, conversation = await a_call(house)

    await house.transfers.send(conversation, "front_desk")
    await until(lambda: call.streams == 2)
    await talking(call)

    assert house.lines.begun[1].returned
    assert [one.conversation for one in await house.storage.calls.live_calls()] == [conversation]


async def test_a_caller_whom_the_front_desks_line_forwards_to_us_is_taken(house: Exchange) -> None:
    call = house.twilio.new_call()

    answer = await house.twilio.post("/twilio/voice", call.form("ringing", ForwardedFrom=FRONT_DESK))

    assert "<Stream" in answer.text


async def test_the_outcome_of_a_transfer_counts_once(house: Exchange) -> None:
    call, conversation = await a_call(house)
    await house.transfers.send(conversation, "nurse")
    await until(lambda: call.streams == 2)
    await talking(call)
    old = call.form(DialCallStatus="no-answer", DialCallSid="CA" + "9" * 32)

    replayed = await house.twilio.post(action_of(house, "nurse", transfer=1), old)
    house.twilio.people[NURSE] = "rings"
    call.with_person.clear()
    await house.by_staff.send(conversation, "nurse")
    await asyncio.wait_for(call.with_person.wait(), 5)
    stale = await house.twilio.post(action_of(house, "nurse", transfer=1), old)

    assert [replayed.status_code, stale.status_code] == [403, 403]
    assert "token" not in replayed.text + stale.text
    assert (await house.kept(call.sid)).status == "with_person"


async def test_a_transfer_signed_by_nobody_brings_nobody_back(house: Exchange) -> None:
    house.twilio.people[NURSE] = "rings"
    call, conversation = await a_call(house)
    await house.transfers.send(conversation, "nurse")
    form = call.form(DialCallStatus="no-answer")

    answer = await house.twilio.post(action_of(house, "nurse", transfer=1), form, signature="x")

    assert answer.status_code == 403


@pytest.mark.parametrize("trouble", [500, 401, 429, "drop", "hang"])
async def test_when_twilio_refuses_the_caller_stays_with_the_agent(house: Exchange, trouble: int | str) -> None:
    call, conversation = await a_call(house)
    house.twilio.api.trouble = [trouble]  # type: ignore[list-item]

    with pytest.raises(ServiceError) as failed:
        await house.transfers.send(conversation, "front_desk")

    assert isinstance(failed.value, ServiceTimeout if trouble == "hang" else ServiceDown)
    assert len(house.twilio.api.asked) == 1, "a write is not repeated"
    assert (await house.kept(call.sid)).status == "live"
    await call.say()
    await until(lambda: house.lines.heard == 1)


async def test_a_transfer_that_happened_although_no_answer_came_still_brings_the_caller_back(house: Exchange) -> None:
    call, conversation = await a_call(house)
    house.twilio.api.trouble = ["drop"]
    with pytest.raises(ServiceError):
        await house.transfers.send(conversation, "nurse")

    await call.redirect(house.twilio.api.asked[0].form["Twiml"])
    await until(lambda: call.streams == 2)
    await talking(call)

    assert house.lines.begun[1].conversation == conversation
    assert house.lines.begun[1].returned
    assert (await house.kept(call.sid)).status == "live"


async def test_a_call_that_is_over_at_twilio_is_not_sent_on(house: Exchange) -> None:
    call, conversation = await a_call(house)
    call.over = True

    assert not await house.transfers.send(conversation, "nurse")
    assert (await house.kept(call.sid)).status == "live"


async def test_a_browsers_call_a_chat_and_an_ended_call_have_no_telephone(house: Exchange) -> None:
    calls, conversations = house.storage.calls, house.storage.conversations
    chat = await conversations.create(channel="chat", lang="en", at=house.clock.now())
    browser = await conversations.create(channel="phone", lang="en", at=house.clock.now())
    token = await calls.ring("browser-1", "browser")
    kept = await calls.redeem(token or "", "whatever the page says")
    assert kept is not None
    await calls.live(kept, browser)
    call, ended = await a_call(house)
    await call.hang_up()

    sent = [await house.transfers.send(one, "front_desk") for one in (chat, browser, ended)]

    assert sent == [False, False, False]
    assert house.twilio.api.asked == []


async def test_whoever_asked_may_be_cancelled_and_the_call_is_sent_all_the_same(house: Exchange) -> None:
    house.twilio.people[FRONT_DESK] = "completed"
    call, conversation = await a_call(house)

    asking = asyncio.create_task(house.transfers.send(conversation, "front_desk"))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait_for(call.with_person.wait(), 5)

    assert (await house.kept(call.sid)).status == "with_person"


async def test_what_twilio_is_told_of_a_transfer_names_no_patient(house: Exchange) -> None:
    _, conversation = await a_call(house)

    await house.transfers.send(conversation, "nurse")

    dial = ET.fromstring(house.twilio.api.asked[0].form["Twiml"]).find("Dial")
    assert dial is not None
    assert dict(dial.attrib) == {
        "timeout": "20", "method": "POST", "action": "https://clinic.example/twilio/voice?dialed=1&to=nurse&transfer=1",
    }  # fmt: skip
    assert [number.text for number in dial] == [NURSE]
    assert conversation not in house.twilio.api.asked[0].form["Twiml"]


async def test_a_call_dropped_by_the_other_side_is_found_by_its_number_for_a_while(house: Exchange) -> None:
    call, conversation = await a_call(house)
    await call.hang_up()
    await house.status_becomes(call.sid, "ended")
    number, now = ClearText(call.number), house.clock.now()

    assert await house.storage.calls.dropped_from(number, now - timedelta(minutes=5)) == conversation
    assert await house.storage.calls.dropped_from(number, now + timedelta(minutes=1)) is None


def action_of(house: Exchange, to: str = "front_desk", *, transfer: int) -> str:
    return f"{house.twilio.public_url}/twilio/voice?dialed=1&to={to}&transfer={transfer}"
