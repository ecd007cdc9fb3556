"""What the field owes its patients: no wrong booking, no lost visit, no yes that means something else."""

import asyncio
from datetime import date
from typing import Any

import pytest

from agent.app import Adapters
from agent.ehr.rows import PatientRow
from evals.faults import Failing
from evals.schema import Fault
from tests.talking import ANA, visit

TO_READ_BACK = (
    "I need a follow-up with Dr. Kim on Tuesday March 3rd at 9:40 am",
    "Ana Ruiz",
    "May 17th 1984",
)


async def test_a_patient_books_a_visit_from_the_first_word_to_the_receipt(desk: Any) -> None:
    line = await desk()
    call = await line.call()

    read_back = await call.say_all(*TO_READ_BACK)
    receipt = await call.say("yes please")

    assert "Ana Ruiz" in read_back
    assert "Tuesday, March 3 at 9:40 AM" in read_back
    assert "booked" in receipt
    (row,) = await line.booked()
    assert (row["patient"], row["provider"], row["visit_type"]) == ("P-7", "kim", "follow_up")
    assert row["start"] == "2026-03-03T09:40:00-05:00"


async def test_a_yes_to_an_older_offer_books_nothing(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(*TO_READ_BACK)

    heard = await call.say("actually make it Thursday")
    after_yes = await call.say("yes")

    assert "Thursday" in heard
    assert all(row["start"].startswith("2026-03-05") for row in await line.booked())
    assert "March 3" not in after_yes


async def test_a_yes_after_a_digression_counts_only_for_the_repeated_read_back(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(*TO_READ_BACK)

    heard = await call.say("where can I park?")

    assert await line.booked() == []
    assert "Tuesday, March 3 at 9:40 AM" in heard
    assert call.reply.asks == "confirm"


async def test_a_yes_that_brings_a_change_books_nothing(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(*TO_READ_BACK)

    await call.say("yes but make it Thursday")

    assert await line.booked() == []


async def test_a_wrong_date_of_birth_never_reaches_anything_about_the_patient(desk: Any) -> None:
    line = await desk(appointments=(visit("A-1", "P-7", "2026-03-09T10:00:00-04:00"),))
    call = await line.call()

    words = await call.say_all(
        "when is my next appointment?",
        "Ana Ruiz",
        "May 18th 1984",
        "Ana Ruiz",
        "May 18 1985",
        "Ana Ruiz",
        "1984 June 17",
    )

    told = [
        entry.text.reveal() for entry in (await line.house.front_desk.transcript(call.id)).lines if entry.who == "agent"
    ]
    assert not any("March 9" in text or "Kim" in text for text in told)
    assert words


async def test_the_same_words_are_said_whether_or_not_a_chart_exists(desk: Any) -> None:
    line = await desk()
    known, unknown = await line.call(), await line.call()

    for call, name in ((known, "Ana Ruiz"), (unknown, "Zelda Quimby")):
        await call.say_all("I want to cancel my appointment", name)
    answers = [await call.say("June 1st 1970") for call in (known, unknown)]

    assert answers[0] == answers[1]


async def test_moving_a_visit_never_leaves_the_patient_with_none(desk: Any) -> None:
    line = await desk(appointments=(visit("A-1", "P-7", "2026-03-09T10:00:00-04:00"),))
    call = await line.call()

    for words in ("I need to move my appointment", "Ana Ruiz", "May 17 1984", "Tuesday March 10 at 9 am", "yes"):
        await call.say(words)
        assert len([row for row in await line.booked() if row["patient"] == "P-7"]) == 1

    (row,) = await line.booked()
    assert row["start"] == "2026-03-10T09:00:00-04:00"


async def test_a_retried_request_books_once(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(*TO_READ_BACK)

    first = await call.say("yes", client_id="m-1")
    second = await call.say("yes", client_id="m-1")

    assert first == second
    assert len(await line.booked()) == 1


async def test_two_chats_for_one_slot_one_gets_it_and_the_other_hears_the_next_best(desk: Any) -> None:
    line = await desk()
    ana, tunde = await line.call(), await line.call()
    await ana.say_all(*TO_READ_BACK)

    heard = await tunde.say_all(TO_READ_BACK[0], "Tunde Adeyemi", "November 3rd 1979")
    await ana.say("yes")
    await tunde.say("yes")

    rows = await line.booked()
    assert [row["patient"] for row in rows if row["start"] == "2026-03-03T09:40:00-05:00"] == ["P-7"]
    assert "9:40" not in heard or "9:20" in heard or "10:00" in heard


async def test_a_hang_up_in_the_middle_of_a_write_leaves_all_or_nothing(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(*TO_READ_BACK)

    speaking = asyncio.create_task(call.say("yes", client_id="m-9"))
    await asyncio.sleep(0.01)
    speaking.cancel()
    await asyncio.gather(speaking, return_exceptions=True)
    again = await call.say("yes", client_id="m-9")

    assert "booked" in again
    assert len(await line.booked()) == 1


async def test_a_restart_between_read_back_and_yes_goes_on_where_it_was(desk: Any, stage: Any, tmp_path: Any) -> None:
    from agent.domain.conversation import Heard
    from agent.domain.text import ClearText
    from tests.talking import open_desk

    line = await desk()
    call = await line.call()
    await call.say_all(*TO_READ_BACK)
    await line.close()

    again = await open_desk(stage, line.folder)
    reply = await again.house.front_desk.turn(call.id, Heard(best=ClearText("yes")))
    rows = await again.booked()
    await again.close()
    line.house = again.house

    assert "booked" in reply.text.reveal()
    assert len(rows) == 1


async def test_when_the_schedule_is_down_no_time_is_invented_and_a_message_is_taken(desk: Any) -> None:
    def down(storage: Any, records: Any) -> Adapters:
        fault = Fault(service="schedule")
        return Adapters(schedule=Failing(records.schedule, "schedule", [fault], lambda: 1))

    line = await desk(adapters=down)
    call = await line.call()

    heard = await call.say_all(*TO_READ_BACK)
    await call.say_all("please call me about a follow-up on Tuesday", "212 555 0117")
    tickets = await line.rows("callbacks")

    assert "AM" not in heard and "PM" not in heard
    assert [ticket["kind"] for ticket in tickets] == ["callback"]
    assert await line.booked() == []


@pytest.mark.parametrize("words", ["yes, at 3", "yes, 11:40 PM", "yes, Thursday", "yes, March 9 at 10"])
async def test_a_yes_that_names_another_time_books_nothing(desk: Any, words: str) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(*TO_READ_BACK)

    await call.say(words)

    assert await line.booked() == []


async def test_a_yes_that_repeats_the_time_books_it(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(*TO_READ_BACK)

    await call.say("yes, Tuesday at 9:40")

    assert [row["start"] for row in await line.booked()] == ["2026-03-03T09:40:00-05:00"]


async def test_messages_are_answered_in_the_order_they_arrive(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(*TO_READ_BACK)

    slow = asyncio.create_task(
        call.say("hold on, I have to think about it a little, please make it Thursday morning instead of that day")
    )
    await asyncio.sleep(0)
    quick = asyncio.create_task(call.say("yes"))
    await asyncio.gather(slow, quick)

    assert not any(row["start"].startswith("2026-03-03") for row in await line.booked())


async def test_a_holder_hears_the_held_time_as_free(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(*TO_READ_BACK)

    heard = await call.say("so Tuesday at 9:40 am?")

    assert "9:40" in heard
    assert "don't have that time" not in heard


async def test_somebody_elses_friend_hears_the_same_whether_or_not_a_chart_exists(desk: Any) -> None:
    line = await desk(appointments=(visit("A-1", "P-7", "2026-03-09T10:00:00-04:00"),))
    known, unknown = await line.call(), await line.call()

    heard: list[list[str]] = []
    for call, name in ((known, "Ana Ruiz"), (unknown, "Zelda Quimby")):
        said = [await call.say("I need to cancel an appointment for my friend")]
        for words in (name, "May 17 1984", "Greg Stone", "646 555 0100"):
            said.append(await call.say(words))
        heard.append(said)

    assert heard[0] == heard[1]
    assert (await line.booked())[0]["id"] == "A-1"


async def test_a_listed_guardian_cancels_for_a_child(desk: Any) -> None:
    leo = PatientRow(id="P-20", first="Leo", last="Ruiz", born=date(2020, 6, 1), guardians=["P-7"])
    line = await desk(patients=(ANA, leo), appointments=(visit("A-5", "P-20", "2026-03-09T10:00:00-04:00", "ramirez"),))
    call = await line.call()

    for words in (
        "I have to cancel my son's appointment",
        "Leo Ruiz",
        "June 1st 2020",
        "Ana Ruiz",
        "212 555 0117",
        "yes",
    ):
        await call.say(words)

    assert await line.booked() == []


async def test_a_no_that_corrects_the_name_keeps_the_time(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all(
        "I need a follow-up with Doctor Kim on Thursday at nine", "Anna Luiz", "May 17 1984",
        "Ana Ruiz", "May 17 1984",
    )  # fmt: skip
    assert call.reply.asks == "confirm"

    corrected = await call.say("No, my name is Ana Ruiz")

    assert "9:00" in corrected
    assert call.reply.asks == "confirm"


async def test_a_time_that_was_refused_is_had_by_naming_it(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all("I need a follow-up with Doctor Kim on Thursday at nine", "Ana Ruiz", "May 17 1984")
    assert call.reply.asks == "confirm"

    await call.say("no")
    named = await call.say("Thursday at nine")

    assert "9:00" in named
    assert call.reply.asks == "confirm"
