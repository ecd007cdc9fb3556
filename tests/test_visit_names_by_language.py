"""What the practice calls its kinds of visits in another language is what callers of that language hear and may say."""

from pathlib import Path
from typing import Any

import pytest

from agent.practice_folder import read_practice
from tests.talking import visit

KIM = visit("A-1", "P-7", "2026-03-09T10:00:00-04:00")


def test_a_kind_without_other_names_is_called_by_its_own() -> None:
    kind = read_practice(Path("knowledge")).visit_type("follow_up")

    own = kind.model_copy(update={"says": {}})

    assert kind.named("es") != kind.name
    assert own.named("es") == own.name
    assert own.prepared("es") == own.prepare
    assert own.called == (own.name, *own.spoken)


def test_every_kind_of_the_demo_practice_has_a_spanish_name_that_callers_use() -> None:
    for kind in read_practice(Path("knowledge")).visit_types:
        assert kind.named("es") in kind.spoken, kind.id
        assert (kind.prepare is None) == (kind.prepared("es") is None), kind.id
        assert kind.prepare is None or kind.prepared("es") != kind.prepare, kind.id


async def test_a_spanish_read_back_has_no_english_name_in_it(desk: Any) -> None:
    line = await desk(appointments=(KIM,))
    call = await line.call(lang="es")

    read_back = await call.say_all("Quiero cancelar mi cita", "Ana Ruiz", "17 de mayo de 1984")
    done = await call.say("sí")

    assert "consulta de seguimiento" in read_back
    assert "follow-up" not in read_back + done


async def test_a_spanish_booking_is_told_what_to_bring_in_spanish(desk: Any) -> None:
    line = await desk()
    call = await line.call(lang="es")
    await call.say_all("Necesito una consulta de seguimiento con la doctora Kim el jueves a las 9:40 de la mañana")

    done = await call.say_all("Ana Ruiz", "17 de mayo de 1984", "sí")

    assert "la lista de los medicamentos" in done
    assert "follow-up" not in done


async def test_choices_of_visits_are_named_and_understood_in_spanish(desk: Any) -> None:
    line = await desk()
    call = await line.call(lang="es")
    await call.say_all("Quiero sacar una cita para mí", "no sé")
    names = [reply.reveal() for reply in call.reply.quick_replies]

    await call.say(names[-1])

    assert call.reply.asks != "visit_type"
    assert not any("visit" in name for name in names)


@pytest.mark.parametrize(
    "words",
    [
        "Necesito una consulta de seguimiento con la doctora Kim",
        "necesito una consulta ginecológica con la doctora Kim",
    ],
)
async def test_a_kind_of_visit_that_is_needed_is_booked_and_not_looked_up(desk: Any, words: str) -> None:
    call = await (await desk()).call(lang="es")

    await call.say(words)

    assert call.reply.asks in ("name", "new_or_established")
