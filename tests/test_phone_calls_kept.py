"""What is kept of a call: a token for one socket, a number nobody can read, who is live, which transfer failed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.domain.text import ClearText
from agent.storage.calls import Call, Calls
from agent.storage.open import Storage
from tests.practice_of_two import HandClock, Office, every_byte_in, office

SID, OTHER = "CA" + "1" * 32, "CA" + "2" * 32
ANA = ClearText("+12125550117")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as opened:
        yield opened


@pytest.fixture
def timer() -> HandClock:
    return HandClock()


@pytest.fixture
def calls(desk: Office, timer: HandClock) -> Calls:
    return Calls(desk.storage.database, desk.storage.sealer, desk.clock, timer)


async def ringing(calls: Calls, sid: str = SID, caller: ClearText | None = ANA) -> str:
    token = await calls.ring(sid, "twilio", caller)
    assert token is not None
    return token


async def talking(calls: Calls, storage: Storage, sid: str = SID, caller: ClearText | None = ANA) -> tuple[Call, str]:
    call = await calls.redeem(await ringing(calls, sid, caller), sid)
    assert call is not None
    conversation = await storage.conversations.create(channel="phone", lang="en", at=storage.clock.now())
    await calls.live(call, conversation)
    return call, conversation


async def test_a_token_opens_the_call_it_was_made_for_once(calls: Calls) -> None:
    token = await ringing(calls)

    wrong = await calls.redeem(token, OTHER)
    first = await calls.redeem(token, SID)
    second = await calls.redeem(token, SID)

    assert (wrong, second) == (None, None)
    assert first is not None
    assert (first.call_sid, first.caller, first.returned, first.status) == (SID, ANA, False, "ringing")


async def test_of_twenty_sockets_with_one_token_one_wins(calls: Calls) -> None:
    token = await ringing(calls)

    won = await asyncio.gather(*(calls.redeem(token, SID) for _ in range(20)))

    assert sum(call is not None for call in won) == 1


async def test_a_token_is_worth_nothing_after_a_minute(calls: Calls, timer: HandClock) -> None:
    early, late = await ringing(calls), await ringing(calls, OTHER)

    timer.forward(seconds=59)
    in_time = await calls.redeem(early, SID)
    timer.forward(seconds=1)

    assert in_time is not None
    assert await calls.redeem(late, OTHER) is None


async def test_the_practices_clock_may_stand_still_and_tokens_grow_old_all_the_same(
    calls: Calls, desk: Office, timer: HandClock
) -> None:
    before, token = desk.clock.now(), await ringing(calls)

    timer.forward(minutes=2)

    assert desk.clock.now() == before
    assert await calls.redeem(token, SID) is None


async def test_a_call_that_rings_again_gets_a_token_until_one_was_used(calls: Calls, timer: HandClock) -> None:
    first = await ringing(calls)
    timer.forward(minutes=2)
    second = await ringing(calls)

    used = [await calls.redeem(first, SID), await calls.redeem(second, SID)]

    assert used[0] is None
    assert used[1] is not None
    assert await calls.ring(SID, "twilio", ANA) is None


async def test_twenty_webhooks_of_one_call_make_one_call_and_one_good_token(calls: Calls) -> None:
    tokens = await asyncio.gather(*(calls.ring(SID, "twilio", ANA) for _ in range(20)))

    used = [await calls.redeem(token, SID) for token in tokens if token]

    assert sum(call is not None for call in used) == 1


async def test_an_ended_call_rings_no_more_and_its_token_is_dead(calls: Calls, desk: Office) -> None:
    token = await ringing(calls)

    assert await calls.ended(SID, desk.clock.now())

    assert await calls.redeem(token, SID) is None
    assert await calls.ring(SID, "twilio", ANA) is None


async def test_a_token_of_one_kind_is_left_alone_by_the_other(calls: Calls) -> None:
    twilio, browser = await ringing(calls), await calls.ring("browser-1", "browser")

    wrong = [await calls.redeem(twilio, SID, kind="browser"), await calls.redeem(browser or "", "x", kind="twilio")]
    right = [await calls.redeem(twilio, SID, kind="twilio"), await calls.redeem(browser or "", "x", kind="browser")]

    assert wrong == [None, None]
    assert [call.call_sid for call in right if call] == [SID, "browser-1"]


async def test_one_of_many_who_say_that_a_call_is_over_is_first(calls: Calls, desk: Office) -> None:
    await talking(calls, desk.storage)

    said = await asyncio.gather(*(calls.ended(SID, desk.clock.now()) for _ in range(10)))

    assert sorted(said) == [False] * 9 + [True]
    assert await calls.ended("CA" + "f" * 32, desk.clock.now()) is False


async def test_a_call_that_ended_before_the_agent_spoke_stays_ended(calls: Calls, desk: Office) -> None:
    call = await calls.redeem(await ringing(calls), SID)
    assert call is not None
    await calls.ended(SID, desk.clock.now())
    conversation = await desk.storage.conversations.create(channel="phone", lang="en", at=desk.clock.now())

    await calls.live(call, conversation)

    kept = await calls.of_conversation(conversation)
    assert kept is not None
    assert kept.status == "ended"


async def test_a_callers_number_and_token_are_in_no_file(calls: Calls, tmp_path: Path) -> None:
    token = await ringing(calls)

    kept = every_byte_in(tmp_path)

    assert ANA.reveal().encode() not in kept
    assert ANA.reveal()[-7:].encode() not in kept
    assert token.encode() not in kept


async def test_a_dropped_call_is_found_by_its_number_and_only_while_it_is_fresh_and_open(
    calls: Calls, desk: Office
) -> None:
    _, conversation = await talking(calls, desk.storage)
    now = desk.clock.now()

    live = await calls.dropped_from(ANA, now - timedelta(minutes=5))
    await calls.ended(SID, now)
    dropped = await calls.dropped_from(ANA, now - timedelta(minutes=5))
    long_ago = await calls.dropped_from(ANA, now + timedelta(seconds=1))
    stranger = await calls.dropped_from(ClearText("+12125550118"), now - timedelta(minutes=5))
    await ringing(calls, OTHER)  # the new call, which asks
    while_it_rings = await calls.dropped_from(ANA, now - timedelta(minutes=5))
    await desk.storage.conversations.set_state(conversation, "ended", at=now)
    over = await calls.dropped_from(ANA, now - timedelta(minutes=5))

    assert (live, long_ago, stranger, over) == (None, None, None, None)
    assert (dropped, while_it_rings) == (conversation, conversation)


async def test_hidden_numbers_are_not_each_others_dropped_calls(calls: Calls, desk: Office) -> None:
    await talking(calls, desk.storage, caller=None)
    await calls.ended(SID, desk.clock.now())

    assert await calls.dropped_from(ClearText(""), desk.clock.now() - timedelta(minutes=5)) is None


async def test_the_console_sees_the_calls_that_go_on_and_those_with_a_person(calls: Calls, desk: Office) -> None:
    await talking(calls, desk.storage)
    desk.clock.forward(seconds=1)
    _, second = await talking(calls, desk.storage, OTHER)
    await ringing(calls, "CA" + "3" * 32)
    await calls.hand_over(OTHER)

    going = await calls.live_calls()
    await calls.ended(SID, desk.clock.now())
    left = await calls.live_calls()

    assert [(call.call_sid, call.status) for call in going] == [(SID, "live"), (OTHER, "with_person")]
    assert [call.conversation for call in left] == [second]


async def test_browsers_that_never_called_are_forgotten_and_telephones_never(
    calls: Calls, desk: Office, timer: HandClock
) -> None:
    await calls.ring("browser-1", "browser")
    await ringing(calls)

    timer.forward(hours=2)
    await calls.ring("browser-2", "browser")

    assert await calls.of_sid("browser-1") is None
    assert await calls.of_sid("browser-2") is not None
    assert await calls.of_sid(SID) is not None


async def test_a_transfer_is_counted_and_comes_back_once(calls: Calls, desk: Office) -> None:
    _, conversation = await talking(calls, desk.storage)

    assert await calls.back(SID, transfer=1) is None
    assert await calls.hand_over(SID) == 1
    assert await calls.hand_over(SID) is None, "it is not with us"
    token = await calls.back(SID, transfer=1)
    other_transfer = await calls.back(SID, transfer=2)
    call = await calls.redeem(token or "", SID)
    again = await calls.back(SID, transfer=1)

    assert (other_transfer, again) == (None, None)
    assert call is not None
    assert (call.returned, call.conversation) == (True, conversation)


async def test_a_conversation_resumed_by_another_call_names_the_later_one(calls: Calls, desk: Office) -> None:
    _, conversation = await talking(calls, desk.storage)
    await calls.ended(SID, desk.clock.now())
    desk.clock.forward(minutes=1)
    call = await calls.redeem(await ringing(calls, OTHER), OTHER)
    assert call is not None
    await calls.live(call, conversation)

    latest = await calls.of_conversation(conversation)

    assert latest is not None
    assert latest.call_sid == OTHER
    assert await calls.of_conversation("no such conversation") is None
