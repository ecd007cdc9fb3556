"""Which visit is meant by "that visit" right after a receipt: the one just written."""

from typing import Any

import pytest

from tests.talking import visit

THURSDAY = visit("A-1", "P-7", "2026-03-12T10:00:00-04:00", "osei")
LATER = visit("A-2", "P-7", "2026-03-19T10:00:00-04:00", visit_type="physical")
NAME = "Ana Ruiz, May 17th 1984"


@pytest.mark.parametrize("words", ["I need to move that visit to next week", "can you move it to next week"])
async def test_that_visit_is_the_one_just_booked(desk: Any, words: str) -> None:
    line = await desk(appointments=(THURSDAY, LATER))
    call = await line.call()
    await call.say_all("I'd like a flu shot", "yes, I've been there", NAME, "tomorrow", "the first one", "yes")
    booked = {row["id"] for row in await line.booked()} - {"A-1", "A-2"}

    await call.say_all(words, "the first one", "yes")

    rows = {row["id"]: row for row in await line.booked()}
    new = rows.keys() - {"A-1", "A-2"}
    assert len(booked) == len(new) == 1
    assert "2026-03-09" <= str(rows[new.pop()]["start"])[:10] <= "2026-03-15"
    assert str(rows["A-1"]["start"])[:10] == "2026-03-12"


async def test_in_spanish_that_visit_is_the_one_just_booked(desk: Any) -> None:
    line = await desk(appointments=(THURSDAY, LATER))
    call = await line.call(lang="es")
    await call.say_all(
        "Quiero una vacuna", "sí, ya he venido", "Ana Ruiz, 17 de mayo de 1984", "mañana", "la primera", "sí"
    )

    await call.say_all("quiero cambiar esa cita para la próxima semana", "la primera", "sí")

    rows = {row["id"]: row for row in await line.booked()}
    new = rows.keys() - {"A-1", "A-2"}
    assert "2026-03-09" <= str(rows[new.pop()]["start"])[:10] <= "2026-03-15"
    assert str(rows["A-1"]["start"])[:10] == "2026-03-12"


async def test_another_visit_that_is_named_is_not_the_one_just_booked(desk: Any) -> None:
    line = await desk(appointments=(THURSDAY,))
    call = await line.call()
    await call.say_all("I'd like a flu shot", "yes, I've been there", NAME, "tomorrow", "the first one", "yes")

    read_back = await call.say("cancel that appointment with Dr. Osei")

    assert "Osei" in read_back
    assert call.reply.asks == "confirm"
