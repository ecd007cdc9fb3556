"""What a caller says beside the answer is kept, and what is refused is not offered again in another shape."""

from datetime import datetime
from typing import Any

import pytest

from agent.ehr.rows import PatientRow
from tests.talking import ANA


@pytest.mark.parametrize("channel", ["chat", "phone"])
async def test_a_weekday_said_with_the_name_is_the_wish(desk: Any, channel: Any) -> None:
    line = await desk()
    call = await line.call(channel)
    await call.say("I need a follow-up with Dr. Kim")

    await call.say("Ana Ruiz, Thursday would be good")
    offered = await call.say("May 17th 1984")

    assert call.reply.asks == "choose_slot"
    assert "Thursday, March" in offered


async def test_a_weekday_said_with_the_name_is_the_wish_in_spanish(desk: Any) -> None:
    line = await desk()
    call = await line.call(lang="es")
    await call.say("Quiero reservar una consulta de seguimiento con la doctora Kim")

    await call.say("Ana Ruiz, el jueves estaría bien")
    offered = await call.say("17 de mayo de 1984")

    assert "jueves 5 de marzo" in offered


async def test_a_name_that_is_a_month_wishes_for_nothing(desk: Any) -> None:
    may = PatientRow(id="P-5", first="April", last="May", born=datetime(1984, 5, 17).date())  # noqa: DTZ001
    line = await desk(patients=(ANA, may))
    call = await line.call()
    await call.say_all("I need a follow-up with Dr. Kim", "April May", "May 17th 1984")

    assert call.reply.asks == "when"


async def test_later_when_nothing_is_later_that_day_is_the_next_afternoon(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all("I need a follow-up with Dr. Osei on Friday at 3:40 pm", "Ana Ruiz", "May 17th 1984")

    offered = await call.say("no, later please")

    assert "Friday, March 6" not in offered
    assert "PM" in offered
    assert "AM" not in offered


@pytest.mark.parametrize("words", ["no, that's all", "no, nothing else, thanks", "no, that's it, thank you"])
async def test_that_is_all_in_the_middle_of_a_task_ends_it(desk: Any, words: str) -> None:
    line = await desk()
    call = await line.call()
    await call.say("I need a follow-up with Dr. Kim")

    await call.say(words)
    asked = call.reply.asks
    await call.say("no, that's all")

    assert asked == "anything_else"
    assert call.reply.state == "ended"


async def test_no_to_the_offer_of_a_person_is_heard(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say("I need a follow-up with Dr. Kim")
    while call.reply.asks == "name":
        await call.say("well, hmm")
    offered = call.reply.asks

    await call.say("no")
    asked = call.reply.asks
    await call.say("no, that's all, thanks")

    assert offered == "clarify"
    assert asked == "anything_else"
    assert call.reply.state == "ended"
