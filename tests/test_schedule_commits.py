"""The schedule keeps its promises: nobody shares a time, nobody loses a visit, nothing happens twice."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.domain.errors import OutsideRules, SlotTaken
from agent.domain.scheduling import Book, Cancel, Move, Slot
from agent.ehr.loading import state_block
from agent.ehr.rows import BlockRow
from tests.practice_of_two import NOW, Office, office, slot

TEN = NOW + timedelta(hours=2)
TOMORROW = TEN + timedelta(days=1)


@pytest.fixture
async def desk(tmp_path: Path, database_url: str | None) -> AsyncIterator[Office]:
    async with office(tmp_path, url=database_url) as opened:
        yield opened


async def starts_of(desk: Office, patient: str) -> list[datetime]:
    return [visit.start for visit in await desk.records.schedule.visits(patient, after=NOW)]


async def test_of_two_bookers_of_one_time_one_gets_it(desk: Office) -> None:
    tries = [desk.book(f"P-{n}", slot(TEN)) for n in range(8)]

    done = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(isinstance(one, SlotTaken) for one in done) == 7
    assert sum(not isinstance(one, BaseException) for one in done) == 1


async def test_visits_that_only_overlap_in_part_are_refused_too(desk: Office) -> None:
    await desk.book("P-1", slot(TEN))

    with pytest.raises(SlotTaken):
        await desk.book("P-2", slot(TEN + timedelta(minutes=15)))
    with pytest.raises(SlotTaken):
        await desk.book("P-2", slot(TEN - timedelta(minutes=15)))

    assert await desk.book("P-2", slot(TEN + timedelta(minutes=20)))


async def test_a_repeated_once_key_books_once_and_returns_the_first_receipt(desk: Office) -> None:
    first = await desk.book("P-1", slot(TEN), once="call-1:proposal")

    again = await asyncio.gather(*(desk.book("P-1", slot(TEN), once="call-1:proposal") for _ in range(5)))

    assert all(receipt == first for receipt in again)
    assert await starts_of(desk, "P-1") == [TEN]


async def test_a_patient_is_never_in_two_places_at_once(desk: Office) -> None:
    monday = slot(TEN)
    await desk.book("P-1", monday)

    with pytest.raises(OutsideRules, match="patient_busy"):
        await desk.book("P-1", replace(monday, provider="osei"))


async def test_moving_takes_the_new_time_and_frees_the_old(desk: Office) -> None:
    visit = (await desk.book("P-1", slot(TEN))).visit

    moved = await desk.records.schedule.commit([Move(patient="P-1", visit=visit.id, slot=slot(TOMORROW))], once="m")

    assert moved[0].visit.id == visit.id
    assert await starts_of(desk, "P-1") == [TOMORROW]
    assert await desk.book("P-2", slot(TEN))


async def test_a_move_to_a_taken_time_leaves_the_patient_with_the_old_visit(desk: Office) -> None:
    visit = (await desk.book("P-1", slot(TEN))).visit
    await desk.book("P-2", slot(TOMORROW))

    with pytest.raises(SlotTaken):
        await desk.records.schedule.commit([Move(patient="P-1", visit=visit.id, slot=slot(TOMORROW))], once="m")

    assert await starts_of(desk, "P-1") == [TEN]
    with pytest.raises(SlotTaken):
        await desk.book("P-3", slot(TEN))


async def test_a_visit_can_move_by_less_than_its_length(desk: Office) -> None:
    visit = (await desk.book("P-1", slot(TEN))).visit
    later = TEN + timedelta(minutes=10)

    await desk.records.schedule.commit([Move(patient="P-1", visit=visit.id, slot=slot(later))], once="m")

    assert await starts_of(desk, "P-1") == [later]
    assert await desk.book("P-2", slot(TEN - timedelta(minutes=10)))
    with pytest.raises(SlotTaken):
        await desk.book("P-3", slot(TEN + timedelta(minutes=15)))


async def test_two_visits_can_swap_their_times_in_one_proposal(desk: Office) -> None:
    one = (await desk.book("P-1", slot(TEN))).visit
    other = (await desk.book("P-2", slot(TOMORROW))).visit

    swap = [
        Move(patient="P-1", visit=one.id, slot=slot(TOMORROW)),
        Move(patient="P-2", visit=other.id, slot=slot(TEN)),
    ]
    await desk.records.schedule.commit(swap, once="swap")

    assert await starts_of(desk, "P-1") == [TOMORROW]
    assert await starts_of(desk, "P-2") == [TEN]


async def test_a_proposal_of_two_is_booked_all_or_none(desk: Office) -> None:
    await desk.book("P-9", slot(TOMORROW))
    family = [Book(patient="P-1", slot=slot(TEN)), Book(patient="P-2", slot=slot(TOMORROW))]

    with pytest.raises(SlotTaken):
        await desk.records.schedule.commit(family, once="family")

    assert await starts_of(desk, "P-1") == []
    assert await desk.book("P-3", slot(TEN))


async def test_cancelling_frees_the_time_and_happens_once(desk: Office) -> None:
    visit = (await desk.book("P-1", slot(TEN))).visit

    receipt = (await desk.records.schedule.commit([Cancel(patient="P-1", visit=visit.id)], once="c"))[0]

    assert (receipt.kind, receipt.visit.status) == ("cancel", "cancelled")
    assert await starts_of(desk, "P-1") == []
    assert await desk.book("P-1", slot(TEN))
    with pytest.raises(OutsideRules, match="not_booked"):
        await desk.records.schedule.commit([Cancel(patient="P-1", visit=visit.id)], once="c2")


async def test_nobody_touches_a_visit_of_somebody_else(desk: Office) -> None:
    visit = (await desk.book("P-1", slot(TEN))).visit
    schedule = desk.records.schedule

    for write in (Cancel(patient="P-2", visit=visit.id), Move(patient="P-2", visit=visit.id, slot=slot(TOMORROW))):
        with pytest.raises(OutsideRules, match="not_the_patients_visit"):
            await schedule.commit([write], once=f"theft-{write.kind}")

    assert await starts_of(desk, "P-1") == [TEN]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (slot(NOW - timedelta(minutes=20)), "past"),
        (slot(TEN + timedelta(minutes=2)), "not_whole"),
        (slot(NOW.replace(hour=16, minute=50)), "not_working"),  # runs into the lunch break
        (slot(NOW + timedelta(days=5, hours=2)), "not_working"),  # a Saturday
        (slot(TEN, location="north"), "not_working"),
        (slot(TEN, provider="nobody"), "not_working"),
        (slot(TEN, provider="osei", visit_type="physical", minutes=45), "not_working"),
        (slot(datetime.fromisoformat("2026-07-03T10:00:00-04:00")), "not_working"),
        (slot(datetime.fromisoformat("2026-04-07T10:00:00-04:00")), "not_working"),
    ],
)
async def test_what_the_provider_does_not_work_cannot_be_booked(desk: Office, wrong: Slot, reason: str) -> None:
    with pytest.raises(OutsideRules, match=reason):
        await desk.book("P-1", wrong)


async def test_a_block_stops_new_bookings_and_leaves_visits_alone(desk: Office) -> None:
    await desk.book("P-1", slot(TEN))
    block = BlockRow(provider="kim", start=TEN - timedelta(hours=1), end=TEN + timedelta(hours=1))
    await desk.storage.database.write(lambda connection: state_block(connection, block))

    with pytest.raises(OutsideRules, match="blocked"):
        await desk.book("P-2", slot(TEN + timedelta(minutes=20)))

    assert await starts_of(desk, "P-1") == [TEN]
    free = [found.start for found in await desk.open(providers=("kim",), days=0.2)]
    minutes = [(start - NOW) // timedelta(minutes=1) for start in free]
    assert minutes == [0, 20, 40, 180, 200, 220]


async def test_what_is_open_can_be_booked_until_nothing_is_open(desk: Office) -> None:
    for number, free in enumerate(await desk.open(days=0.5, providers=("kim",))):
        await desk.book(f"P-{number}", free)

    assert await desk.open(days=0.5, providers=("kim",)) == []
    assert await desk.open(days=0.5, providers=("osei",)) != []


async def test_a_hang_up_in_the_middle_of_a_booking_does_not_undo_it(desk: Office) -> None:
    call = asyncio.ensure_future(desk.book("P-1", slot(TEN), once="k"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    call.cancel()
    await asyncio.gather(call, return_exceptions=True)

    assert (await desk.book("P-1", slot(TEN), once="k")).visit.start == TEN
    assert await starts_of(desk, "P-1") == [TEN]
