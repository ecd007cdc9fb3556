"""A yes that was written although nobody was told: the next turn says that it stands, and makes no second visit."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from agent.app import Adapters
from agent.domain.errors import ServiceDown, ServiceTimeout
from tests.talking import Desk, Talk, open_desk, visit

TO_THE_READ_BACK = (
    "I need a follow-up with Dr. Kim on Tuesday March 3rd at 9:40 am",
    "Ana Ruiz",
    "May 17th 1984",
)
ANOTHER_TIME = "Actually, can I come on Thursday March 5th at 10 am instead?"
AT_0940 = "2026-03-03T09:40:00-05:00"
ODD = RuntimeError("odd")
Opens = Callable[..., Awaitable[Desk]]


class Losing:
    """A schedule whose answer to a write is lost once: after it was written, or before."""

    def __init__(self, real: Any, lost: str | None, failure: BaseException) -> None:
        self._real, self._lost, self._failure = real, lost, failure
        self.away = False

    def __getattr__(self, name: str) -> Any:
        if self.away:
            raise ServiceDown("schedule")
        return getattr(self._real, name)

    async def commit(self, *args: Any, **kwargs: Any) -> Any:
        """Write, unless the request is what is lost; then fail."""
        lost, self._lost = self._lost, None
        if lost != "the request":
            receipts = await self._real.commit(*args, **kwargs)
        if lost is None:
            return receipts
        raise self._failure


class Killed(BaseException):
    """Nothing of ours handles it, as nothing handles the end of a process."""


@pytest.fixture
async def opens(stage: Any, tmp_path: Path, database_url: str | None) -> AsyncIterator[Opens]:
    """Open a Careline that loses the answer to its first write."""
    opened: list[Desk] = []

    async def one(failure: BaseException = ODD, *, lost: str | None = "the answer", **more: Any) -> Desk:
        def adapters(_: Any, records: Any) -> Adapters:
            return Adapters(schedule=Losing(records.schedule, lost, failure))

        opened.append(await open_desk(stage, tmp_path / "data", adapters=adapters, url=database_url, **more))
        return opened[-1]

    yield one
    for desk in opened:
        await desk.close()


def schedule_of(desk: Desk) -> Any:
    return desk.house.boundary._schedule


@pytest.mark.parametrize("failure", [ODD, ServiceTimeout("schedule")])
async def test_another_time_after_a_yes_whose_answer_was_lost_makes_no_second_visit(
    opens: Opens, failure: Exception
) -> None:
    desk = await opens(failure)
    call = await desk.call()
    await call.say_all(*TO_THE_READ_BACK, "yes please")

    told = await call.say(ANOTHER_TIME)

    assert "did reach" in told
    assert "is booked" in told
    assert "we can move it" in told
    assert [row["start"] for row in await desk.booked()] == [AT_0940]


async def test_the_visit_that_stands_is_moved_when_that_is_wanted(opens: Opens) -> None:
    desk = await opens()
    call = await desk.call()
    await call.say_all(*TO_THE_READ_BACK, "yes please", ANOTHER_TIME)

    await call.say_all("Please move it to Thursday March 5th at 10 am", "yes please")

    assert [row["start"] for row in await desk.booked()] == ["2026-03-05T10:00:00-05:00"]


async def test_a_yes_that_was_not_written_is_asked_for_again(opens: Opens) -> None:
    desk = await opens(lost="the request")
    call = await desk.call()
    await call.say_all(*TO_THE_READ_BACK, "yes please")

    told = await call.say(ANOTHER_TIME)

    assert "did reach" not in told
    assert await desk.booked() == []


async def test_who_gives_up_after_a_lost_answer_hears_that_the_visit_stands(opens: Opens) -> None:
    desk = await opens()
    call = await desk.call()
    await call.say_all(*TO_THE_READ_BACK, "yes please")

    told = await call.say("never mind, forget it")

    assert "is booked" in told
    assert len(await desk.booked()) == 1


async def test_who_asks_for_a_person_then_hears_both(opens: Opens) -> None:
    desk = await opens()
    call = await desk.call()
    await call.say_all(*TO_THE_READ_BACK, "yes please")

    told = await call.say("let me talk to a person")

    assert "is booked" in told
    assert call.reply.state == "waiting_for_staff"


async def test_another_worker_knows_of_a_yes_whose_worker_died(opens: Opens) -> None:
    first = await opens(Killed())
    call = await first.call()
    await call.say_all(*TO_THE_READ_BACK)
    with pytest.raises(Killed):
        await call.say("yes please")
    second = await opens(lost=None)
    there = Talk(desk=second, id=call.id, reply=call.reply)

    told = await there.say(ANOTHER_TIME)

    assert "is booked" in told
    assert [row["start"] for row in await second.booked()] == [AT_0940]


@pytest.mark.parametrize("failure", [ODD, Killed()])
async def test_a_yes_whose_answer_was_made_and_kept_nowhere_is_told_at_the_next_turn(
    opens: Opens, failure: BaseException
) -> None:
    desk = await opens(lost=None)
    call = await desk.call()
    await call.say_all(*TO_THE_READ_BACK)
    kept = desk.house.storage.conversations
    record, failing = kept.record, [failure]

    async def once_failing(*args: Any, **kwargs: Any) -> bool:
        if failing:
            raise failing.pop()
        return await record(*args, **kwargs)

    kept.record = once_failing  # type: ignore[method-assign]
    if failure is ODD:
        await call.say("yes please")
    else:
        with pytest.raises(Killed):
            await call.say("yes please")

    told = await call.say("yes please")

    assert "is booked" in told
    assert [row["start"] for row in await desk.booked()] == [AT_0940]
    assert "reach the schedule" not in await call.say("What are your hours on Friday?")


async def test_whoever_calls_again_hears_that_it_was_done_and_nothing_of_what(opens: Opens) -> None:
    first = await opens(Killed())
    call = await first.call("phone", number="+12125550117")
    for line in TO_THE_READ_BACK:
        await call.say(line)
        await call.hear()
    assert call.reply.asks == "confirm"
    with pytest.raises(Killed):
        await call.say("yes please")
    second = await opens(lost=None)
    there = Talk(desk=second, id=call.id, reply=call.reply)
    await there.notice("resumed")

    told = await there.say("Yes, please.")

    assert "visit is booked" in told
    assert not any(word in told for word in ("Kim", "March", "Tuesday", "Ana"))
    assert len(await second.booked()) == 1


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("I'd like to cancel my visit", "is cancelled"),
        ("Please move my visit to Tuesday March 10th at 9:40 am", "is moved"),
    ],
)
async def test_a_cancellation_and_a_move_that_were_written_are_told_too(opens: Opens, wish: str, told: str) -> None:
    desk = await opens(appointments=(visit("A-1", "P-7", "2026-03-12T09:00:00-04:00"),))
    call = await desk.call()
    await call.say_all(wish, "Ana Ruiz", "May 17th 1984")
    assert call.reply.asks == "confirm"
    await call.say("yes please")

    assert told in await call.say("no wait, never mind")


async def test_nothing_more_is_written_while_it_is_not_known_what_was(opens: Opens) -> None:
    desk = await opens()
    call = await desk.call()
    await call.say_all(*TO_THE_READ_BACK, "yes please")

    schedule_of(desk).away = True
    await call.say(ANOTHER_TIME)
    schedule_of(desk).away = False
    told = await call.say("So what about Thursday March 5th at 10 am?")

    assert "is booked" in told
    assert [row["start"] for row in await desk.booked()] == [AT_0940]


async def test_what_was_cancelled_can_be_booked_again_in_one_conversation(opens: Opens) -> None:
    desk = await opens(lost=None)
    call = await desk.call()
    await call.say_all(*TO_THE_READ_BACK, "yes please")
    await call.say_all("Please cancel that visit", "yes please")
    assert await desk.booked() == []

    told = await call.say_all(TO_THE_READ_BACK[0], "yes please")

    assert "is booked" in told
    assert [row["start"] for row in await desk.booked()] == [AT_0940]
