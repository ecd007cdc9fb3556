"""Odd but ordinary callers: what stands beside a wish, and answers given another way, lose nothing of the wish."""

from datetime import date
from typing import Any

import pytest

from agent.dialogue.understanding.choices import read_place
from agent.dialogue.understanding.spoken_for import without_their_language
from agent.ehr.rows import PatientRow
from tests.talking import ANA, TUNDE, visit

ROSA = PatientRow(id="P-4", first="Rosa", last="Villanueva", born=date(1951, 8, 20), phone="+12125550144")


async def test_who_talks_for_somebody_of_another_language_is_answered_in_their_own(desk: Any) -> None:
    call = await (await desk(patients=(ANA, ROSA))).call()

    answer = await call.say(
        "My mother needs a follow-up with Dr. Kim next Tuesday, she only speaks Spanish so I can talk for her"
    )

    assert call.reply.asks == "name"
    assert "first and last name" in answer


async def test_a_safety_question_answered_no_keeps_the_wish_of_who_translates(desk: Any) -> None:
    call = await (await desk(patients=(ANA, ROSA))).call()

    await call.say(
        "My dad wants a follow-up with Dr. Kim on Thursday, he doesn't speak English, I'll translate for him"
    )
    if call.reply.asks == "safety":
        await call.say("no, nothing like that")

    assert call.reply.asks == "name"
    await call.say_all("Rosa Villanueva", "August 20, 1951", "Ana Ruiz")
    answer = await call.say("212 555 0117") if call.reply.asks == "phone" else call.reply.text.reveal()
    assert "Thursday, March 5" in answer


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("my aunt needs a physical on Monday but she doesn't speak English very well", "my aunt needs a physical on Monday"),
        ("Mi abuela necesita una cita el lunes, ella no habla inglés y yo hablo por ella", "Mi abuela necesita una cita el lunes"),
        ("I need a doctor who speaks Spanish", "I need a doctor who speaks Spanish"),
        ("I only speak Spanish, I need an appointment", "I only speak Spanish, I need an appointment"),
        ("she only speaks Spanish", "she only speaks Spanish"),
    ],
)  # fmt: skip
def test_the_language_of_somebody_else_is_left_out_of_a_wish_that_stands_by_itself(said: str, left: str) -> None:
    assert without_their_language(said) == left


async def test_a_number_given_with_everything_else_asks_for_none(desk: Any) -> None:
    call = await (await desk(patients=(TUNDE,))).call()

    answer = await call.say(
        "Hi there, Tunde Adeyemi, born November 3 1979, phone 212 555 0199, "
        "I need a follow up with Dr. Kim this Thursday afternoon at 2 if you have it"
    )

    assert call.reply.asks == "confirm"
    assert "555-0100" not in answer


async def test_a_provider_is_taken_by_the_place_in_the_list(desk: Any) -> None:
    call = await (await desk(patients=(TUNDE,))).call()

    await call.say("I'm Tunde Adeyemi, born November 3, 1979, and I need a follow-up")
    assert call.reply.asks == "provider"
    answer = await call.say_all("first one", "Thursday morning")

    assert "Dr. Hana Kim" in answer
    assert "Osei" not in answer


@pytest.mark.parametrize(
    ("said", "place"),
    [("the last one please", -1), ("la segunda", 2), ("the first one who is free", None), ("anyone", None)],
)
def test_a_place_in_a_list_is_read_when_nothing_else_is_said(said: str, place: int | None) -> None:
    assert read_place(said) == place


async def test_a_move_said_after_a_refused_read_back_moves_the_visit_that_is_there(desk: Any) -> None:
    there = visit("V-1", "P-9", "2026-03-12T10:00:00-04:00")
    opened = await desk(patients=(TUNDE,), appointments=(there,))
    call = await opened.call()

    await call.say("I need a follow up with Dr. Kim, Tunde Adeyemi, November 3 1979, Thursday at 2")
    await call.say("no")
    await call.say_all("I wanted to move the one I have", "Tuesday at 2", "yes")

    assert [row["start"][10:16] for row in await opened.booked()] == ["T14:00"]
