"""Two wishes in one sentence, about two visits: the first is done, then the other is taken up by itself."""

from datetime import date
from typing import Any

import pytest

from agent.dialogue.understanding.later_wish import split
from agent.ehr.rows import PatientRow
from tests.talking import ANA, visit

SOON = visit("A-1", "P-7", "2026-03-05T10:00:00-05:00")
LATER = visit("A-2", "P-7", "2026-03-19T10:00:00-04:00", visit_type="physical")
NAME = "Ana Ruiz, May 17th 1984"


async def test_one_visit_is_cancelled_then_the_other_moved(desk: Any) -> None:
    line = await desk(appointments=(SOON, LATER))
    call = await line.call()
    await call.say_all("Please cancel the one on the 5th and move the one on the 19th to the week after", NAME)
    read_back = call.reply.text.reveal()

    offered = await call.say("yes")
    await call.say_all("the first one", "yes")

    rows = {row["id"]: row for row in await line.rows()}
    assert "Thursday, March 5" in read_back
    assert "March 19" not in read_back
    assert "cancelled" in offered
    assert call.reply.asks == "anything_else"
    assert rows["A-1"]["status"] == "cancelled"
    assert "2026-03-23" <= str(rows["A-2"]["start"])[:10] <= "2026-03-29"


async def test_in_spanish_too(desk: Any) -> None:
    line = await desk(appointments=(SOON, LATER))
    call = await line.call(lang="es")
    await call.say_all("Quiero cancelar la cita del 5 y cambiar la del 19 al 26", "Ana Ruiz, 17 de mayo de 1984")

    offered = await call.say("sí")
    await call.say_all("la primera", "sí")

    rows = {row["id"]: row for row in await line.rows()}
    assert "jueves 26 de marzo" in offered
    assert rows["A-1"]["status"] == "cancelled"
    assert str(rows["A-2"]["start"])[:10] == "2026-03-26"


async def test_a_visit_is_cancelled_then_another_kind_booked(desk: Any) -> None:
    line = await desk(appointments=(SOON, LATER))
    call = await line.call("phone")
    await call.say_all("cancel my visit on Thursday and also book a flu shot", NAME)
    await call.hear()

    after = await call.say("yes")

    assert "cancelled" in after
    assert call.reply.asks in ("new_or_established", "when", "provider", "choose_slot")


async def test_a_day_to_move_from_tells_which_visit(desk: Any) -> None:
    line = await desk(appointments=(SOON, LATER))
    call = await line.call()

    offered = await call.say_all("I need to move my appointment from the 19th to the 23rd", NAME)

    assert call.reply.asks == "choose_slot"
    assert "March 23" in offered


async def test_the_daughter_is_not_the_son(desk: Any) -> None:
    ruth = {"first": "Ruth", "last": "Holm", "phone": "+12125550133"}
    leo = PatientRow(id="P-1", first="Leo", last="Holm", born=date(2018, 4, 2), guardians=[ruth])
    mia = PatientRow(id="P-2", first="Mia", last="Holm", born=date(2020, 9, 14), guardians=[ruth])
    his = visit("A-3", "P-1", "2026-03-09T10:00:00-04:00", "ramirez")
    hers = visit("A-4", "P-2", "2026-03-16T10:00:00-04:00", "ramirez")
    line = await desk(patients=(ANA, leo, mia), appointments=(his, hers))
    call = await line.call()
    await call.say_all("I have to cancel my son's appointment and cancel my daughter's appointment", "Leo Holm")
    await call.say_all("April 2nd 2018", "Ruth Holm", "212 555 0133")

    await call.say("yes")

    assert call.reply.asks == "name"
    assert [row["id"] for row in await line.booked()] == ["A-4"]


async def test_both_visits_are_cancelled_one_after_the_other(desk: Any) -> None:
    line = await desk(appointments=(SOON, LATER))
    call = await line.call()
    await call.say_all("I want to cancel my appointments", NAME, "both of them")

    await call.say("yes")
    asked = call.reply.asks
    await call.say("yes")

    assert asked == "confirm"
    assert await line.booked() == []


async def test_another_day_instead_of_a_yes_to_a_cancellation_moves_the_visit(desk: Any) -> None:
    line = await desk(appointments=(SOON,))
    call = await line.call()
    await call.say_all("I need to cancel my appointment", NAME)

    offered = await call.say("or could I come on Monday the 9th instead")

    assert "Monday, March 9" in offered
    assert [row["id"] for row in await line.booked()] == ["A-1"]


@pytest.mark.parametrize(
    ("lang", "words", "name"),
    [
        ("en", "I can't make it to my appointment on Thursday", NAME),
        ("es", "Tengo cita la próxima semana y no voy a poder ir", "Ana Ruiz, 17 de mayo de 1984"),
    ],
)
async def test_who_cannot_come_is_asked_for_another_day(desk: Any, lang: str, words: str, name: str) -> None:
    line = await desk(appointments=(SOON,))
    call = await line.call(lang=lang)

    await call.say_all(words, name)

    assert call.reply.asks in ("when", "choose_slot", "confirm")


async def test_an_order_put_right_in_one_breath_is_the_second_one(desk: Any) -> None:
    line = await desk(appointments=(SOON,))
    call = await line.call()

    await call.say_all("I need to uh cancel, I mean move my visit", NAME)

    assert call.reply.asks == "when"


@pytest.mark.parametrize(
    "words",
    [
        "I need to cancel and reschedule my appointment",
        "cancel my visit on the 5th and book Friday instead",
        "cancel the 5th and move it to the 6th",
        "can you see whether I could move the 5th?",
        "I need to make an appointment, I get headaches",
    ],
)
def test_one_wish_in_two_verbs_stays_one(words: str) -> None:
    orders = split(words)

    assert len(orders) != 2 or orders[1][1] == "reschedule my appointment"
