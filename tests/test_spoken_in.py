"""Whoever writes in another language than the page's is answered in theirs."""

from typing import Any

import pytest

from agent.language.spoken_in import spoken_in
from tests.talking import ANA


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("Hola, necesito una cita con la doctora para el lunes", "es"),
        ("buenas tardes, quisiera saber si tienen estacionamiento para la clinica", "es"),
        ("¿dónde dejo el carro?", "es"),
        ("quiero cancelar mi cita", "es"),
        ("Hi, I need an appointment with the doctor on Monday", "en"),
        ("Ana de los Santos y de la Vega", None),
        ("La Jolla office, el Camino Real", None),
        ("my name is Juan de la Cruz and I need a visit", None),
        ("si", None),
        ("follow-up with Dr. Kim", None),
        ("mi mamá needs an appointment para el lunes por la tarde", None),
    ],
)
def test_a_language_is_told_by_its_small_words_or_not_at_all(words: str, lang: str | None) -> None:
    assert spoken_in(words) == lang


async def test_spanish_written_on_the_english_page_is_answered_in_spanish(desk: Any) -> None:
    call = await (await desk(patients=(ANA,))).call(lang="en")

    first = await call.say("Hola, necesito una cita de control con la doctora Kim para el jueves por la mañana")
    then = await call.say("Ana Ruiz")

    assert "nombre" in first
    assert "nacimiento" in then


async def test_a_phone_call_stays_in_the_language_it_is_heard_in(desk: Any) -> None:
    call = await (await desk(patients=(ANA,))).call("phone", lang="en")

    answer = await call.say("hola necesito una cita con la doctora para el jueves por la mañana")

    assert "nombre" not in answer
