"""What the agent does while, and after, a person has a conversation: the whole Careline, no pages."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from agent.app import Adapters
from agent.domain.text import ClearText
from agent.settings import shipped
from agent.staff.takeover import TakeOver
from agent.staff.words import TakeoverWords, load_takeover_texts
from tests.talking import MONDAY, Desk, Talk

OpenDesk = Callable[..., Awaitable[Desk]]
BOOKING = "I'm Ana Ruiz, born May 17, 1984, and need a follow-up with Dr. Kim on Tuesday morning"


class Slow:
    """The understanding of words, held back until a test lets it go on."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()

    async def understand(self, utterance: Any) -> Any:
        self.asked.set()
        await self.go_on.wait()
        return await self.real.understand(utterance)


class SlowTickets:
    """The staff queue; a ticket is written once a test lets it."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()

    async def open(self, draft: Any, **more: Any) -> Any:
        self.asked.set()
        await self.go_on.wait()
        return await self.real.open(draft, **more)


def staff_of(desk: Desk) -> TakeOver:
    kept = desk.house.storage
    texts = load_takeover_texts(shipped("prompts"), ("en", "es"))
    return TakeOver(
        clock=desk.clock, conversations=kept.conversations, tickets=kept.tickets, users=kept.users, audit=kept.audit,
        words=TakeoverWords(practice="Lakeside Family Practice", texts=texts),
    )  # fmt: skip


async def transcript(desk: Desk, call: Talk) -> Any:
    return await desk.house.storage.conversations.transcript(call.id)


async def said_by(desk: Desk, call: Talk, who: str) -> list[str]:
    return [line.text.reveal() for line in (await transcript(desk, call)).lines if line.who == who]


async def test_a_reply_still_being_made_when_a_person_takes_over_reaches_nobody_but_staff(
    stage: Any, desk: OpenDesk
) -> None:
    slow = Slow(stage.models.understanding)
    line = await desk(adapters=lambda *_: Adapters(understanding=slow))
    call = await line.call()
    turn = asyncio.create_task(call.say("what are your opening hours"))
    await slow.asked.wait()

    await staff_of(line).claim(await transcript(line, call), staff="dana")
    slow.go_on.set()
    answer = await turn

    withheld = await line.house.storage.conversations.withheld(call.id)
    assert answer == ""
    assert call.reply.state == "with_staff"
    assert len(await said_by(line, call, "agent")) == 1  # the greeting
    assert len(withheld) == 1
    assert "open" in str(withheld[0].body["text"])


async def test_an_alarm_still_being_answered_when_a_person_takes_over_is_said(desk: OpenDesk) -> None:
    held: list[SlowTickets] = []

    def slow(storage: Any, _: Any) -> Adapters:
        held.append(SlowTickets(storage.tickets))
        return Adapters(tickets=held[0])

    line = await desk(adapters=slow)
    call = await line.call()
    turn = asyncio.create_task(call.say("I have crushing chest pain and my left arm is numb"))
    await held[0].asked.wait()

    await staff_of(line).claim(await transcript(line, call), staff="dana")
    held[0].go_on.set()

    assert "911" in await turn
    assert "911" in (await said_by(line, call, "agent"))[-1]
    assert (await transcript(line, call)).state == "with_staff"


async def test_an_alarm_told_to_a_person_is_answered_by_the_agent_too(desk: OpenDesk) -> None:
    line = await desk()
    call = await line.call()
    await staff_of(line).claim(await transcript(line, call), staff="dana")

    answer = await call.say("I have crushing chest pain and my left arm is numb")

    assert "911" in answer
    assert "911" in (await said_by(line, call, "agent"))[-1]
    assert (await transcript(line, call)).state == "with_staff"


async def test_a_message_to_a_person_that_is_sent_twice_is_kept_once(desk: OpenDesk) -> None:
    line = await desk()
    call = await line.call()
    await staff_of(line).claim(await transcript(line, call), staff="dana")

    for _ in range(2):
        await call.say("is there parking for a van", client_id="m1")

    assert await said_by(line, call, "caller") == ["is there parking for a van"]


async def test_the_agent_goes_on_with_the_booking_it_was_in_when_it_is_back(desk: OpenDesk) -> None:
    line = await desk()
    call = await line.call()
    await call.say(BOOKING)
    staff = staff_of(line)
    await staff.claim(await transcript(line, call), staff="dana")
    await staff.write(call.id, ClearText("Dr. Kim is in on Tuesday, yes."), staff="dana")
    await call.say("thank you")

    await staff.leave(await transcript(line, call), holder="dana", by="dana", ending="handed_back")
    await call.say("the first one")
    await call.say("yes please")

    assert [row["start"] for row in await line.booked()] == ["2026-03-03T08:00:00-05:00"]


async def test_a_yes_said_to_a_person_books_nothing(desk: OpenDesk) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(BOOKING, "the first one")
    staff = staff_of(line)
    await staff.claim(await transcript(line, call), staff="dana")
    await staff.write(call.id, ClearText("Do you have your insurance card with you?"), staff="dana")

    await call.say("yes please")

    assert await line.booked() == []


async def test_who_was_handed_back_and_asks_for_a_person_again_is_in_the_queue_again(desk: OpenDesk) -> None:
    line = await desk()
    call = await line.call()
    await call.say("can I talk to a person please")
    staff = staff_of(line)
    await staff.claim(await transcript(line, call), staff="dana")
    await staff.leave(await transcript(line, call), holder="dana", by="dana", ending="handed_back")

    await call.say("sorry, can I talk to a person again")

    waiting = await line.house.storage.tickets.list(status="open", kinds=("human_request",), conversation=call.id)
    assert len(waiting) == 1
    assert waiting[0].opened == MONDAY
    assert (await transcript(line, call)).state == "waiting_for_staff"


async def test_a_booking_interrupted_by_the_wish_for_a_person_goes_on_when_the_agent_is_back(desk: OpenDesk) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(BOOKING, "can I talk to a person first")
    staff = staff_of(line)
    await staff.claim(await transcript(line, call), staff="dana")
    await staff.leave(await transcript(line, call), holder="dana", by="dana", ending="handed_back")

    offered = await call.say_all("yes please", "the first one")
    await call.say("yes please")

    assert "Shall I book it?" in offered
    assert [row["start"] for row in await line.booked()] == ["2026-03-03T08:00:00-05:00"]


async def test_a_hang_up_while_a_person_has_the_call_ends_the_conversation_and_gives_it_back(desk: OpenDesk) -> None:
    line = await desk()
    call = await line.call("phone", lang="en")
    await staff_of(line).claim(await transcript(line, call), staff="dana")

    answer = await call.notice("hang_up")

    assert answer == ""
    assert (await transcript(line, call)).state == "ended"
    assert await line.house.storage.conversations.claimed_by(call.id) is None
