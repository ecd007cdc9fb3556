"""Where a task must end or give way: one child named twice, an identity nobody has, the waiting list."""

from datetime import date
from typing import Any

import pytest

from agent.ehr.rows import PatientRow

GRACE = PatientRow(id="P-1", first="Grace", last="Miller", born=date(1986, 2, 2), phone="+12125550171")
LEO = PatientRow(id="P-2", first="Leo", last="Miller", born=date(2017, 6, 1), guardians=("P-1",))
FIRST_CHILD = (
    "I need well-child visits for my two kids, back to back after school next week", "yes he has been there",
    "Leo Miller", "June first twenty seventeen", "Grace Miller", "212 555 0171",
)  # fmt: skip


async def test_two_visits_of_one_booking_are_of_different_people(desk: Any) -> None:
    line = await desk(patients=(GRACE, LEO))
    call = await line.call()
    await call.say_all(*FIRST_CHILD, "yes", "Leo Miller", "June first twenty seventeen")
    asked, words = call.reply.asks, call.reply.text.reveal()

    await call.say_all("Mia Miller", "March third twenty nineteen", "the first one", "yes please")

    assert asked == "name"
    assert "already" in words
    assert len({row["patient"] for row in await line.booked()}) == 2


async def test_an_identity_that_nobody_has_ends_in_a_message(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(
        "I want to cancel my appointment", "Zora Quill", "May 5th 1990", "Zora Quill", "May 5th 1990",
        "Zora Quill", "May 5th 1990",
    )  # fmt: skip
    after_the_last = call.reply.asks

    await call.say_all("please cancel my visit on Friday", "212 555 0133", "yes")

    assert after_the_last == "message"
    assert [row["kind"] for row in await line.rows("messages")] == ["message"]
    assert call.reply.asks == "anything_else"


async def test_once_staff_has_the_message_no_name_is_asked_again(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(
        "I want to cancel my appointment", "Zora Quill", "May 5th 1990", "Zora Quill", "May 5th 1990",
        "Zora Quill", "May 5th 1990", "please cancel my visit on Friday", "212 555 0133",
    )  # fmt: skip

    for _ in range(2):
        await call.say("Zora Quill")
        assert call.reply.asks != "name"

    assert len(await line.rows("messages")) == 1


@pytest.mark.parametrize(
    ("lang", "hello", "words"),
    [("en", "hi", "just looking around"), ("es", "hola", "solo estoy mirando")],
)
async def test_who_only_looks_around_is_offered_help(desk: Any, lang: str, hello: str, words: str) -> None:
    call = await (await desk()).call(lang=lang)
    await call.say(hello)

    reply = await call.say(words)

    assert call.reply.state == "open"
    assert call.reply.asks == "anything_else"
    assert "?" in reply


async def test_a_goodbye_after_hello_is_still_one(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say("hi")

    await call.say("bye")

    assert call.reply.state == "ended"
