"""Nothing is asked, offered or read back in circles: each refusal changes the approach, and a wish is heard anywhere."""

from typing import Any

import pytest

from agent.app import Adapters
from tests.talking import ANA, open_desk, visit

KNOWN = ("Ana Ruiz", "May 17 1984")


@pytest.fixture
async def desk(stage: Any, tmp_path: Any) -> Any:
    opened = []

    async def open_one(**more: Any) -> Any:
        opened.append(await open_desk(stage, tmp_path / f"data-{len(opened)}", **more))
        return opened[-1]

    yield open_one
    for one in opened:
        await one.close()


async def test_a_second_refusal_of_offers_asks_what_would_suit_better(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Kim next Tuesday", *KNOWN, "none of those")

    words = await call.say("those don't work either")

    assert call.reply.asks == "when"
    assert "suit you better" in words


async def test_who_has_no_better_time_is_offered_other_days_and_nothing_refused_again(desk: Any) -> None:
    call = await (await desk()).call()
    first = await call.say_all("a follow-up with Dr. Kim next Tuesday", *KNOWN)
    await call.say_all("none of those", "no")

    words = await call.say("I don't know")

    assert call.reply.asks == "choose_slot"
    assert "March 10" in first
    assert "March 10" not in words


async def test_refusing_on_and_on_leads_to_a_person(desk: Any) -> None:
    call = await (await desk()).call()

    words = await call.say_all("a follow-up with Dr. Kim next Tuesday", *KNOWN, "no", "no", "no", "no", "no")

    assert "person" in words


async def test_what_is_wrong_is_asked_at_the_second_no_and_a_person_offered_at_the_third(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Kim next Tuesday at ten", *KNOWN)

    first = await call.say("no")
    await call.say("another time")
    await call.say("Tuesday at eleven")
    second = await call.say("no")
    await call.say("another time")
    await call.say("Tuesday at one")
    third = await call.say("no")

    assert "the kind of visit" in first
    assert "who it is for" in second
    assert "person" in third


async def test_the_kind_of_visit_can_be_what_is_wrong_and_the_time_stays(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all("a follow-up with Dr. Kim next Tuesday at ten", *KNOWN, "no")

    asked = await call.say("the kind of visit")
    words = await call.say("an annual physical")
    await call.say("yes")

    booked = (await line.booked())[0]
    assert "visit for" in asked
    assert "annual physical" in words
    assert (booked["visit_type"], booked["start"][:16]) == ("physical", "2026-03-10T10:00")


async def test_a_no_that_names_the_kind_of_visit_changes_it_and_keeps_the_time(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Kim next Thursday afternoon", *KNOWN, "the second one")

    words = await call.say("no, I need an annual physical")

    assert call.reply.asks == "confirm"
    assert "annual physical" in words
    assert "2:00 PM" in words


async def test_who_it_is_for_can_be_what_is_wrong(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Kim next Tuesday at ten", *KNOWN, "no", "the name")

    words = await call.say_all("Tunde Adeyemi", "November 3, 1979")

    assert call.reply.asks == "confirm"
    assert "Tunde Adeyemi" in words
    assert "10:00 AM" in words


async def test_the_same_read_back_never_comes_back_unchanged_three_times(desk: Any) -> None:
    call = await (await desk()).call()
    first = await call.say_all("a follow-up with Dr. Kim next Tuesday at ten", *KNOWN)

    second = await call.say("hm")
    third = await call.say("well, I just want an appointment")
    fourth = await call.say("hm")

    assert first == second
    assert "What would you like to change" in third
    assert "person" in fourth


async def test_another_of_the_offers_is_taken_at_the_read_back(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Kim next Thursday afternoon", *KNOWN, "the first one")

    words = await call.say("no, the second one")

    assert call.reply.asks == "confirm"
    assert "2:00 PM" in words


async def test_a_refused_time_is_not_read_back_because_its_words_come_again(desk: Any) -> None:
    line = await desk(appointments=(visit("A-1", ANA.id, "2026-03-09T10:00:00-04:00"),))
    call = await line.call()
    await call.say_all("I need to move my appointment", *KNOWN, "to next Thursday at noon")
    before = call.reply.text.reveal()

    words = await call.say("no, in the afternoon")

    assert words != before
    assert "12:00 PM" not in words


async def test_in_the_afternoon_is_not_the_noon_hour_while_a_later_time_is_free(desk: Any) -> None:
    call = await (await desk()).call()

    words = await call.say_all("a follow-up with Dr. Osei next Monday afternoon", *KNOWN)

    assert "12:" not in words
    assert "2:00 PM" in words


async def test_anyone_else_keeps_the_day_and_drops_the_provider(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Kim this Friday", *KNOWN)

    words = await call.say("Is anyone else free on Friday?")

    assert "Friday, March 6" in words
    assert "Osei" in words


async def test_insisting_on_a_day_the_provider_is_away_brings_somebody_else_then(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Kim this Friday", *KNOWN)

    words = await call.say("no, it has to be Friday")

    assert "somebody else" in words
    assert "Friday, March 6" in words


async def test_another_place_is_offered_when_the_one_named_has_nothing_that_day(desk: Any) -> None:
    call = await (await desk()).call()

    words = await call.say_all("a follow-up with Dr. Kim at Lakeside North next Tuesday", *KNOWN)

    assert "Tuesday, March 10" in words
    assert "Lakeside Main Street" in words


async def test_a_day_asked_for_by_itself_is_ruled_out_no_longer(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Kim next week but not on Tuesday", *KNOWN)

    words = await call.say("hm, Tuesday would do after all")

    assert "Tuesday, March 10" in words


async def test_one_question_is_not_asked_a_third_time_in_a_row(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Kim next Tuesday", "Ana Ruiz")

    await call.say("hm")
    words = await call.say("well, hm")

    assert "person" in words


TWO = (visit("A-1", ANA.id, "2026-03-09T10:00:00-04:00"), visit("A-2", ANA.id, "2026-03-10T10:00:00-04:00", "osei", "physical"))  # fmt: skip


async def test_which_visit_is_asked_with_its_kind_and_answered_by_it(desk: Any) -> None:
    line = await desk(appointments=TWO)
    call = await line.call()
    asked = await call.say_all("I need to cancel an appointment", *KNOWN)

    words = await call.say("the physical")
    await call.say("yes")

    assert "annual physical on Tuesday, March 10" in asked
    assert "annual physical" in words
    assert [row["id"] for row in await line.booked()] == ["A-1"]


async def test_cancel_the_appointment_in_the_middle_of_a_booking_asks_which_is_meant(desk: Any) -> None:
    line = await desk(appointments=TWO[:1])
    call = await line.call()
    await call.say_all("a follow-up with Dr. Kim next Tuesday at ten", *KNOWN)

    asked = await call.say("cancel the appointment")
    await call.say("no")

    assert call.reply.asks == "anything_else"
    assert "visit you already have" in asked
    assert len(await line.booked()) == 1


async def test_the_task_goes_on_beside_an_urgent_notice(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say("I need an appointment")

    words = await call.say("I have a fever and my leg is red, hot and swollen since yesterday")

    assert "nurse" in words
    assert call.reply.asks is not None


async def test_the_answer_that_raised_a_false_question_counts_once_that_is_settled(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Kim next Thursday afternoon", *KNOWN)
    await call.say("the second one. my head feels weird")
    assert call.reply.asks == "safety"

    words = await call.say("no")

    assert call.reply.asks == "confirm"
    assert "2:00 PM" in words


async def test_a_child_is_offered_no_visits_of_grown_ups(desk: Any) -> None:
    call = await (await desk()).call()

    await call.say("I need an appointment for my daughter")

    assert call.reply.asks == "visit_type"
    offered = {choice.reveal() for choice in call.reply.quick_replies}
    assert "well-child visit" in offered
    assert not {"annual physical", "women's health visit"} & offered


async def test_the_afternoon_said_to_offers_until_noon_is_a_wish_and_not_the_one_at_noon(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Osei next Monday between ten and half past twelve", *KNOWN)
    assert "12:00 PM" in call.reply.text.reveal()

    words = await call.say("Monday in the afternoon, please")

    assert call.reply.asks == "choose_slot"
    assert "2:00 PM" in words


async def test_the_whole_wish_said_anew_is_read_back_and_no_dead_end(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Kim next Tuesday at ten", *KNOWN, "hm", "well, I just want an appointment")

    await call.say("a follow-up with Dr. Kim next Tuesday at ten")

    assert call.reply.asks == "confirm"


@pytest.mark.parametrize("before", [("no",), ("hm", "well, I just want an appointment")])
async def test_a_wish_said_anew_is_taken_whole_with_whom_to_see(desk: Any, before: tuple[str, ...]) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Kim next Tuesday at ten", *KNOWN, *before)
    assert call.reply.asks == "clarify"

    words = await call.say("a follow-up with Dr. Osei next Monday at eleven")

    assert call.reply.asks == "confirm"
    assert "Osei" in words
    assert "March 9 at 11:00 AM" in words


async def test_why_it_is_asked_is_said_before_it_is_asked_again(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Kim next Tuesday at ten", "Ana Ruiz")

    words = await call.say("why do you need that?")

    assert "right chart" in words
    assert call.reply.asks == "born"


class AnswerLost:
    """A schedule whose first commit is written, and its answer lost."""

    def __init__(self, schedule: Any) -> None:
        self._schedule, self.lost = schedule, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._schedule, name)

    async def commit(self, *args: Any, **kwargs: Any) -> Any:
        receipts = await self._schedule.commit(*args, **kwargs)
        if not self.lost:
            self.lost = True
            raise ValueError("the answer is lost")
        return receipts


async def test_a_yes_whose_answer_was_lost_books_nothing_a_second_time(desk: Any) -> None:
    line = await desk(adapters=lambda storage, records: Adapters(schedule=AnswerLost(records.schedule)))
    call = await line.call()
    await call.say_all("a follow-up with Dr. Kim next Tuesday at ten", *KNOWN)
    await call.say("yes")

    words = await call.say("no. I want an appointment")

    assert "reach the schedule" in words
    assert len(await line.booked()) == 1


async def test_a_bare_name_that_nobody_asked_for_replaces_no_verified_one(desk: Any) -> None:
    call = await (await desk()).call()
    await call.say_all("a follow-up with Dr. Kim next Thursday afternoon", *KNOWN, "Finn Marlowe")

    words = await call.say("the first one")

    assert "Ana Ruiz" in words
    assert "Finn" not in words
