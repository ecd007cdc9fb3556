"""Who asks for a time earlier than a visit they have wants that visit moved."""

from typing import Any

import pytest

from agent.dialogue.understanding.wanting import sooner_than_theirs
from tests.talking import visit

THURSDAY = visit("A-1", "P-7", "2026-03-12T10:00:00-04:00", "osei")
LATER = visit("A-2", "P-7", "2026-03-19T10:00:00-04:00", visit_type="physical")
NAME = "Ana Ruiz, May 17th 1984"


@pytest.mark.parametrize(
    ("lang", "words", "name"),
    [
        ("en", "do you have anything earlier than my Thursday appointment with Dr. Osei?", NAME),
        ("es", "¿Tienen algo antes de mi cita del jueves con el doctor Osei?", "Ana Ruiz, 17 de mayo de 1984"),
    ],
)
async def test_something_earlier_than_a_visit_moves_it(desk: Any, lang: str, words: str, name: str) -> None:
    line = await desk(appointments=(THURSDAY, LATER))
    call = await line.call(lang=lang)
    await call.say_all(words, name)

    assert call.reply.asks == "choose_slot"
    await call.say_all("the first one" if lang == "en" else "la primera", "yes" if lang == "en" else "sí")

    rows = {row["id"]: row for row in await line.booked()}
    assert str(rows["A-1"]["start"])[:10] < "2026-03-12"
    assert len(rows) == 2


@pytest.mark.parametrize(
    "words",
    [
        "is there anything I should do before my appointment?",
        "can I eat anything before my visit?",
        "¿tengo que hacer algo especial antes de mi cita?",
        "I have an appointment before my vacation",
    ],
)
def test_what_to_do_before_a_visit_asks_for_no_other_time(words: str) -> None:
    assert not sooner_than_theirs(words)
