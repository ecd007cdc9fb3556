"""After a no: what was wanted instead is heard, and nothing is read back in circles."""

from typing import Any

from tests.talking import visit

TO_READ_BACK = ("I need a follow-up with Dr. Kim on Tuesday March 3rd at 9:40 am", "Ana Ruiz", "May 17th 1984")
KIM = visit("A-1", "P-7", "2026-03-09T10:00:00-05:00")
TO_MOVE = ("I need to move my appointment to Thursday at 9:40", "Ana Ruiz", "May 17th 1984")


async def test_the_time_as_an_answer_to_what_to_change_asks_when(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(*TO_READ_BACK, "no")

    await call.say("the time")
    asked = call.reply.asks
    read_back = await call.say("Thursday at 10:20")

    assert asked == "when"
    assert "Thursday, March 5 at 10:20 AM" in read_back


async def test_another_provider_as_an_answer_to_what_to_change_asks_with_whom(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(*TO_READ_BACK, "no")

    await call.say("the doctor")

    assert call.reply.asks == "provider"


async def test_the_time_of_a_move_can_be_changed_after_a_no(desk: Any) -> None:
    line = await desk(appointments=(KIM,))
    call = await line.call()
    await call.say_all(*TO_MOVE, "no")

    await call.say("the time")

    assert call.reply.asks == "when"
    assert [row["id"] for row in await line.booked()] == ["A-1"]


async def test_a_move_nobody_wanted_becomes_a_new_visit(desk: Any) -> None:
    line = await desk(appointments=(KIM,))
    call = await line.call()
    await call.say_all(*TO_MOVE, "no, that's not what I meant")

    heard = await call.say("I'd like to book a new appointment")

    assert "moves" not in heard
    assert call.reply.asks in ("visit_type", "new_or_established", "provider", "when", "choose_slot")


async def test_a_second_no_to_a_move_asks_whether_a_new_visit_is_wanted(desk: Any) -> None:
    line = await desk(appointments=(KIM,))
    call = await line.call()
    await call.say_all(*TO_MOVE, "no")
    await call.say_all("the time", "Thursday at 10:20")

    heard = await call.say("no")

    assert "new visit" in heard
    assert call.reply.quick_replies


async def test_no_just_cancel_it_turns_a_move_into_a_cancellation(desk: Any) -> None:
    line = await desk(appointments=(KIM,))
    call = await line.call()
    await call.say_all("I need to move my appointment", "Ana Ruiz", "May 17th 1984")

    read_back = await call.say("no new date, just cancel it")
    await call.say("yes")

    assert "cancel" in read_back
    assert await line.booked() == []


async def test_cancelling_in_the_middle_of_a_booking_asks_what_is_meant(desk: Any) -> None:
    line = await desk(appointments=(KIM,))
    call = await line.call()
    await call.say_all("I need a follow-up with Dr. Kim", "Ana Ruiz", "May 17th 1984")

    heard = await call.say("no, just cancel it please")
    await call.say("yes")
    read_back = await call.say("yes")

    assert "already have" in heard
    assert await line.booked() == [] and "cancelled" in read_back


async def test_a_no_with_a_wish_at_the_end_is_the_wish(desk: Any) -> None:
    line = await desk(appointments=(KIM,))
    call = await line.call()
    await call.say("where can I park?")

    await call.say("no. move my appointment to Thursday")

    assert call.reply.state == "open" and call.reply.asks == "name"


async def test_a_weekday_after_a_read_back_counts_from_its_week_however_the_hour_is_written(desk: Any) -> None:
    heard = []
    for words in (
        "No, wait, Thursday is better. Thursday at nine forty.",
        "No, wait, Thursday is better, Thursday at 9:40.",
    ):
        line = await desk()
        call = await line.call()
        await call.say_all(
            "I need a follow-up with Dr. Kim on Tuesday March 10th at 9:40 am", "Ana Ruiz", "May 17th 1984"
        )
        heard.append(await call.say(words))

    assert all("Thursday, March 12 at 9:40 AM" in one for one in heard)


async def test_a_question_for_times_of_a_day_keeps_the_day(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all("I need a follow-up with Dr. Kim", "Ana Ruiz", "May 17th 1984")

    await call.say("what times do they have on Thursday?")
    read_back = await call.say("then 10:20")

    assert "Thursday, March 5 at 10:20 AM" in read_back
