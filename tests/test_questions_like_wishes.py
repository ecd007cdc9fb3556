"""Questions that sound like the wish to be seen are answered as questions; wishes put as questions stay wishes."""

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("lang", "question", "told"),
    [
        ("es", "¿Hay que estar en ayunas para el análisis?", "ayunas"),
        ("es", "¿Me hace falta una referencia?", "referidos"),
        ("en", "Must I have a referral to see the dermatologist?", "referral"),
        ("en", "How many minutes early should I show up for a first visit?", "ten minutes"),
        ("en", "What do you charge me if I miss my visit?", "24 hours"),
        ("es", "¿Cuánto cuesta si falto a la cita?", "24 horas"),
        ("es", "¿Dónde puedo dejar el coche?", "Estacionamiento"),
    ],
)
async def test_a_question_is_answered_and_begins_no_booking(desk: Any, lang: str, question: str, told: str) -> None:
    call = await (await desk()).call(lang=lang)

    answer = await call.say(question)

    assert told in answer
    assert call.reply.asks in ("anything_else", "clarify")


@pytest.mark.parametrize(
    ("lang", "question"),
    [
        ("en", "may my brother come in with me"),
        ("en", "is it all right if my daughter sits in with me during the visit"),
        ("es", "¿puede pasar mi esposo conmigo a la consulta?"),
    ],
)
async def test_who_may_come_along_is_no_visit_of_theirs(desk: Any, lang: str, question: str) -> None:
    call = await (await desk()).call(lang=lang)

    await call.say(question)

    assert call.reply.asks in ("anything_else", "clarify")


@pytest.mark.parametrize(
    ("lang", "wish"),
    [
        ("en", "can I get an appointment tomorrow?"),
        ("en", "could somebody look at my knee?"),
        ("en", "could Dr. Kim see me one of these days?"),
        ("es", "¿puedo sacar una cita?"),
        ("es", "¿me puede dar una cita?"),
    ],
)
async def test_a_wish_put_as_a_question_begins_a_booking(desk: Any, lang: str, wish: str) -> None:
    call = await (await desk()).call(lang=lang)

    await call.say(wish)

    assert call.reply.asks in ("visit_type", "name", "new_or_established", "reason")


@pytest.mark.parametrize(
    ("asked", "day", "also"),
    [
        ("Are you open on Memorial Day, and do you have flu shots?", "Memorial Day", "flu"),
        ("are you open on Saturday and where do I park?", "Saturday", "Mill Lane"),
    ],
)
async def test_when_it_is_open_is_told_with_what_was_asked_beside_it(
    desk: Any, asked: str, day: str, also: str
) -> None:
    call = await (await desk()).call()

    answer = await call.say(asked)

    assert day in answer
    assert also in answer
