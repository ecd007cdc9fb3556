"""The same conversation by voice: keys, silence, cut-off calls, people on the line, and what is said back."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from agent.domain.text import ClearText
from tests.talking import visit

NIGHT = datetime.fromisoformat("2026-03-02T21:00:00-05:00")
HOLIDAY = datetime.fromisoformat("2026-07-03T10:00:00-04:00")
NUMBER = "+12125550142"
NEXT_WEEK = visit("A-1", "P-7", "2026-03-10T10:00:00-04:00")


async def _asked_to_confirm(desk: Any) -> Any:
    call = await desk.call("phone")
    await call.say_all(
        "I need a follow-up with Doctor Kim on Thursday morning", "Ana Ruiz", "May seventeenth nineteen eighty-four"
    )
    await call.say("the first one")
    assert call.reply.asks == "confirm"
    return call


async def _dropped(desk: Any, call: Any, sid: str, *, number: str = NUMBER) -> None:
    """Keep the row a telephone call has in storage, and let it end."""
    calls = desk.house.storage.calls
    row = await calls.redeem(await calls.ring(sid, "twilio", ClearText(number)), sid)
    await calls.live(row, call.id)
    await call.notice("hang_up")
    await calls.ended(sid, desk.clock.now())


async def test_an_interrupted_read_back_was_not_read_back(desk: Any) -> None:
    line = await desk()
    call = await _asked_to_confirm(line)

    await call.hear(share=0.6)
    await call.say("yes")

    assert await line.booked() == []
    assert call.reply.asks == "confirm"


async def test_a_read_back_heard_to_its_end_and_a_yes_book(desk: Any) -> None:
    line = await desk()
    call = await _asked_to_confirm(line)

    await call.hear()
    await call.say("yes please")

    assert [row["patient"] for row in await line.booked()] == ["P-7"]


async def test_hearing_an_older_reply_to_its_end_does_not_count_for_the_read_back(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone")
    await call.say_all("I need a follow-up with Doctor Kim on Thursday morning", "Ana Ruiz", "May 17 1984")
    older = call.reply
    await call.say("the first one")

    await line.house.front_desk.spoken(call.id, older.id, 9_999)
    await call.say("yes")

    assert await line.booked() == []


async def test_a_name_and_a_birth_date_are_said_back_and_a_no_takes_them_back(desk: Any) -> None:
    line = await desk(appointments=(NEXT_WEEK,))
    call = await line.call("phone")

    await call.say("I want to cancel my visit")
    said_name = await call.say("Anna Louise")
    asked_again = await call.say("no")
    corrected = await call.say("Ana Ruiz")
    said_born = await call.say("May seventeenth nineteen eighty-four")

    assert "Anna Louise" in said_name
    assert call.reply.asks == "confirm"
    assert "name" in asked_again
    assert "R, U, I, Z" in corrected or "Ana Ruiz" in corrected
    assert "May seventeenth, nineteen eighty-four" in said_born


async def test_the_keypad_is_offered_after_a_second_failure_and_understood_at_any_time(desk: Any) -> None:
    line = await desk(appointments=(NEXT_WEEK,))
    call = await line.call("phone")
    await call.say_all("I want to cancel my visit", "Ana Ruiz")

    first = await call.say("hm well")
    second = await call.say("uh well let me think")
    keyed = await call.key("05171984")

    assert "keypad" not in first
    assert "keypad" in second
    assert "May seventeenth, nineteen eighty-four" in keyed
    assert call.reply.asks == "confirm"


async def test_keyed_digits_reach_no_state_in_the_clear(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone")
    await call.say_all("I want to cancel my visit", "Ana Ruiz")

    await call.key("05171984")
    await call.key("123456789")

    graph = line.house.front_desk._parts.graph
    state = (await graph.aget_state({"configurable": {"thread_id": call.id}})).values
    assert "0517" not in str(state)
    assert "123456789" not in str(state)


@pytest.mark.parametrize("how", ["key", "words"])
async def test_zero_or_a_person_is_a_person_at_any_time(desk: Any, how: str) -> None:
    line = await desk()
    call = await line.call("phone")
    await call.say("I need a refill")

    await (call.key("0") if how == "key" else call.say("let me talk to a person"))

    assert call.reply.connect == "front_desk"
    assert [row["kind"] for row in await line.rows("handoffs")] == ["human_request"]


async def test_at_night_a_person_is_a_message_with_a_number_that_was_said_back(desk: Any) -> None:
    line = await desk(clock=NIGHT)
    call = await line.call("phone", number=NUMBER)

    await call.key("0")
    asked = await call.say("yes")
    await call.say_all("Ana Ruiz", "May seventeenth nineteen eighty-four", "I have a question about my last letter")

    assert call.reply.connect is None
    assert "name" in asked
    (ticket,) = await line.rows("callbacks")
    assert ticket["details"]["callback_number"].replace("-", "").endswith("2125550142")


async def test_a_call_nobody_answered_comes_back_once_and_becomes_a_message(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone")
    await call.key("0")

    back = await call.notice("nobody_answered")
    await call.say("I want a person")

    assert "could not reach" in back
    assert call.reply.connect is None
    assert call.reply.state == "open"


async def test_silence_is_met_with_a_prompt_a_second_and_then_a_message(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone", number=NUMBER)
    question = await call.say("I would like to make an appointment")

    first = await call.notice("silence")
    second = await call.notice("silence")
    third = await call.notice("silence")

    assert first.endswith(question)
    assert "zero" in second
    assert first not in second
    assert call.reply.state == "ended"
    assert "note" in third
    (ticket,) = await line.rows("messages")
    assert ticket["rule"] == "caller_silent"
    assert ticket["details"]["called_from"].replace("-", "").endswith("2125550142")


async def test_words_between_silences_begin_the_count_anew(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone")
    await call.say("I would like to make an appointment")

    for _ in range(2):
        await call.notice("silence")
        await call.notice("silence")
        await call.say("sorry, I am here")

    assert call.reply.state == "open"


async def test_hanging_up_in_the_middle_of_something_leaves_a_ticket_with_what_was_known(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone", number=NUMBER)
    await call.say_all("I need a follow-up with Doctor Kim on Thursday morning", "Ana Ruiz")

    await call.notice("hang_up")

    (ticket,) = await line.rows("messages")
    assert ticket["details"]["name"] == "Ana Ruiz"
    assert ticket["details"]["wanted_provider"] == "kim"
    assert ticket["details"]["called_from"].replace("-", "").endswith("2125550142")
    assert await line.booked() == []


async def test_hanging_up_when_all_is_done_leaves_nothing(desk: Any) -> None:
    line = await desk()
    call = await _asked_to_confirm(line)
    await call.hear()
    await call.say("yes please")

    await call.notice("hang_up")

    assert await line.rows("messages") == []
    assert call.reply.state == "ended"


async def test_hanging_up_on_a_safety_question_is_urgent(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone", number=NUMBER)
    await call.say("my head feels weird since this morning")
    assert call.reply.asks == "safety"

    await call.notice("hang_up")

    (ticket,) = await line.rows("handoffs")
    assert ticket["kind"] == "urgent"
    assert ticket["details"]["called_from"].replace("-", "").endswith("2125550142")


async def test_a_dropped_call_goes_on_without_saying_anything_private(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone", number=NUMBER)
    await call.say_all("I need a follow-up with Doctor Kim on Thursday morning", "Ana Ruiz", "May 17 1984")
    await _dropped(line, call, "CA1")

    again = await line.call("phone", number=NUMBER)
    greeting = again.reply.text.reveal()
    asked = await again.say("yes")

    assert again.id == call.id
    for private in ("Ana", "Ruiz", "Kim", "follow", "Thursday"):
        assert private not in greeting + asked
    assert again.reply.asks == "visit_type"


async def test_who_calls_back_is_nobody_before_they_say_so(desk: Any) -> None:
    line = await desk(appointments=(NEXT_WEEK,))
    call = await line.call("phone", number=NUMBER)
    await call.say_all("I want to cancel my visit", "Ana Ruiz", "May seventeenth nineteen eighty-four")
    await _dropped(line, call, "CA1")

    again = await line.call("phone", number=NUMBER)
    await again.say("yes")
    await again.hear()
    await again.say("yes")

    assert [row["status"] for row in await line.rows()] == ["booked"]


async def test_a_dropped_call_is_forgotten_after_minutes_and_for_other_numbers(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone", number=NUMBER)
    await call.say("I need a follow-up")
    await _dropped(line, call, "CA1")

    other = await line.call("phone", number="+12125550143")
    line.clock.set(line.clock.now() + timedelta(minutes=6))
    late = await line.call("phone", number=NUMBER)

    assert len({call.id, other.id, late.id}) == 3


@pytest.mark.parametrize(("moment", "word"), [(NIGHT, "closed right now"), (HOLIDAY, "Independence Day")])
async def test_the_greeting_says_when_the_practice_is_closed(desk: Any, moment: datetime, word: str) -> None:
    line = await desk(clock=moment)

    call = await line.call("phone")

    assert "automated assistant" in call.reply.text.reveal()
    assert word in call.reply.text.reveal()


async def test_an_alarm_that_only_the_second_reading_raises_is_asked_about(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone")

    await call.say("I took the hole bottle off pills", alternatives=(ClearText("I took the whole bottle of pills"),))

    assert call.reply.asks == "safety" or await line.rows("handoffs")


async def test_what_was_not_heard_is_not_what_the_answer_answers(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone")
    await call.say("I need a refill")

    await call.hear(share=0.1)

    graph = line.house.front_desk._parts.graph
    state = (await graph.aget_state({"configurable": {"thread_id": call.id}})).values
    assert state["reply"] == ""


async def test_whoever_was_handed_back_and_asks_again_is_a_new_request(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say("let me talk to a person please")
    await call.say("hello? I want a person")
    kept, now = line.house.storage.conversations, line.clock.now()
    before = len(await line.rows("handoffs"))
    await kept.claim(call.id, staff="dana", at=now)
    await kept.release(call.id, staff="dana", at=now)

    await call.say("let me talk to a person please")

    assert before == 1
    assert len(await line.rows("handoffs")) == 2


async def test_a_safety_question_left_unanswered_in_a_chat_is_told_to_staff_once(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say("my head feels weird since this morning")
    asked = call.reply.asks

    line.clock.set(line.clock.now() + timedelta(minutes=6))
    await line.house.front_desk.settle_doubts()
    await line.house.front_desk.settle_doubts()
    tickets = await line.rows("handoffs")
    late = await call.say("yes, I am in danger")

    assert asked == "safety"
    assert [ticket["kind"] for ticket in tickets] == ["urgent"]
    assert "911" in late


async def test_a_no_to_going_on_after_a_dropped_call_drops_it(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone", number=NUMBER)
    await call.say("I need a refill")
    await _dropped(line, call, "CA1")

    again = await line.call("phone", number=NUMBER)
    await again.say("no")
    answer = await again.say("what are your hours on Tuesday?")

    assert "medicine" not in answer
    assert again.reply.asks == "anything_else"


async def test_a_call_that_dropped_while_staff_had_it_begins_anew(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone", number=NUMBER)
    await call.say("I need a refill")
    await line.house.storage.conversations.claim(call.id, staff="dana", at=line.clock.now())
    await _dropped(line, call, "CA1")

    again = await line.call("phone", number=NUMBER)

    assert again.id != call.id
    assert "automated assistant" in again.reply.text.reveal()


async def test_a_yes_after_staff_spoke_on_the_call_books_nothing(desk: Any) -> None:
    line = await desk()
    call = await _asked_to_confirm(line)
    await call.hear()
    kept, now = line.house.storage.conversations, line.clock.now()
    await kept.claim(call.id, staff="dana", at=now)
    await kept.staff_line(call.id, name="Dana", text=ClearText("One moment, I will check that."), at=now)
    await kept.release(call.id, staff="dana", at=now)

    await call.say("okay yes thank you")

    assert await line.booked() == []


async def test_a_yes_after_a_turn_that_failed_books_nothing(desk: Any) -> None:
    line = await desk()
    call = await _asked_to_confirm(line)
    await call.hear()
    boundary = line.house.front_desk._parts.boundary
    working, boundary._masking = boundary._masking, None  # the boundary is broken for one turn
    failed = await call.say("wait, make it Friday")
    boundary._masking = working
    await call.hear()

    await call.say("okay yes")

    assert "went wrong" in failed
    assert await line.booked() == []


async def test_speech_without_words_is_asked_again_and_then_offered_a_person(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone")
    question = await call.say("I would like to make an appointment")

    first = await call.notice("unclear")
    await call.notice("unclear")
    third = await call.notice("unclear")
    await call.say("yes")

    assert first.endswith(question)
    assert "person" in third
    assert call.reply.connect == "front_desk"


async def test_a_number_with_a_figure_missing_is_asked_for_again(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone")
    await call.say_all(
        "I need a refill", "Ana Ruiz", "May seventeenth nineteen eighty-four", "lisinopril, at Main Street"
    )

    short = await call.say("212 555 117")
    whole = await call.say("212 555 0117")

    assert "right?" not in short
    assert call.reply.asks == "callback_number"
    assert "zero one one seven" in whole


async def test_a_misheard_name_that_sounds_like_an_emergency_is_asked_about(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone")
    await call.say("I want to cancel my visit")

    await call.say("and the light.")

    assert call.reply.asks in ("safety", "name", "born")
    assert await line.rows("handoffs") == []


async def test_chest_pain_where_a_name_was_asked_is_an_emergency(desk: Any) -> None:
    line = await desk()
    call = await line.call("phone")
    await call.say("I want to cancel my visit")

    heard = await call.say("I have chest pain")

    assert "911" in heard
