"""A hold keeps a time from others, for its holder, for a while."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.domain.errors import SlotTaken
from agent.domain.scheduling import Slot
from tests.practice_of_two import NOW, Office, office, query_for, slot

TEN = slot(NOW + timedelta(hours=2))
ELEVEN = slot(NOW + timedelta(hours=3))


@pytest.fixture
async def desk(tmp_path: Path, database_url: str | None) -> AsyncIterator[Office]:
    async with office(tmp_path, url=database_url) as opened:
        yield opened


async def hold(desk: Office, *slots: Slot, holder: str) -> None:
    await desk.records.schedule.hold(slots, holder=holder, until=desk.clock.now() + timedelta(minutes=10))


async def test_a_held_time_is_open_to_its_holder_only(desk: Office) -> None:
    await hold(desk, TEN, holder="call-1")

    theirs = await desk.records.schedule.open_slots(query_for(desk.clock.now(), days=0.2), holder="call-2")
    mine = await desk.records.schedule.open_slots(query_for(desk.clock.now(), days=0.2), holder="call-1")

    assert TEN not in theirs
    assert TEN in mine


async def test_nobody_else_books_a_held_time(desk: Office) -> None:
    await hold(desk, TEN, holder="call-1")

    with pytest.raises(SlotTaken):
        await desk.book("P-2", TEN, holder="call-2")
    with pytest.raises(SlotTaken):
        await hold(desk, TEN, holder="call-2")

    assert await desk.book("P-1", TEN, holder="call-1")


async def test_an_expired_hold_is_nobodys(desk: Office) -> None:
    await hold(desk, TEN, holder="call-1")

    desk.clock.forward(minutes=10)

    assert TEN in await desk.open(days=0.2)
    await hold(desk, TEN, holder="call-2")
    assert await desk.book("P-2", TEN, holder="call-2")


async def test_a_new_hold_replaces_the_earlier_ones(desk: Office) -> None:
    await hold(desk, TEN, holder="call-1")

    await hold(desk, ELEVEN, holder="call-1")

    assert await desk.book("P-2", TEN)
    with pytest.raises(SlotTaken):
        await desk.book("P-2", ELEVEN)


async def test_a_hold_that_fails_keeps_the_earlier_one(desk: Office) -> None:
    await hold(desk, TEN, holder="call-1")
    await desk.book("P-2", ELEVEN)

    with pytest.raises(SlotTaken):
        await hold(desk, ELEVEN, holder="call-1")

    with pytest.raises(SlotTaken):
        await desk.book("P-3", TEN)


async def test_holding_nothing_releases(desk: Office) -> None:
    await hold(desk, TEN, ELEVEN, holder="call-1")

    await hold(desk, holder="call-1")

    assert await desk.book("P-2", TEN)


async def test_booking_one_of_the_held_times_releases_the_others(desk: Office) -> None:
    await hold(desk, TEN, ELEVEN, holder="call-1")

    await desk.book("P-1", TEN, holder="call-1")

    assert await desk.book("P-2", ELEVEN)
