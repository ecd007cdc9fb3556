"""Relatives of one kind, or of one name, are told apart; who a patient is may be given where it was asked if they are new."""

from datetime import date
from typing import Any

from agent.dialogue.understanding.relatives import another, named
from agent.ehr.rows import PatientRow
from tests.talking import ANA

RUTH = {"first": "Ruth", "last": "Holm", "phone": "+12125550133"}
SAM = PatientRow(id="P-1", first="Sam", last="Holm", born=date(2018, 4, 2), guardians=[RUTH])
SAM_TOO = PatientRow(id="P-2", first="Sam", last="Holm", born=date(2020, 9, 14), guardians=[RUTH])


async def test_two_children_of_one_name_are_told_apart_by_their_birth_dates(desk: Any) -> None:
    line = await desk(patients=(ANA, SAM, SAM_TOO))
    call = await line.call()
    await call.say_all("well-child visits for my two kids, they've both been there", "Sam Holm, April 2nd 2018")
    await call.say_all("Ruth Holm", "212 555 0133", "Sam Holm", "September 14th 2020")

    await call.say_all("Monday March 9th in the morning", "the first one", "yes")

    assert sorted(str(row["patient"]) for row in await line.booked()) == ["P-1", "P-2"]


async def test_children_who_are_named_come_together(desk: Any) -> None:
    line = await desk(patients=(ANA, SAM, SAM_TOO))
    call = await line.call()
    await call.say_all("Well-child visits for my kids Ana Holm and Sam Holm", "they've been there", "March 1st 2017")
    await call.say("Ruth Holm")

    await call.say("212 555 0133")

    assert call.reply.asks in ("born", "name", "new_or_established")


async def test_a_bare_name_where_a_number_was_asked_is_not_the_patients(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all("my dad needs his yearly physical, he's new", "Joseph Haddad, March 3rd 1955", "Omar Haddad")

    read_back = await call.say_all("212 555 0170", "Dr. Osei on Monday March 9th at nine")

    assert "Joseph Haddad" in read_back


async def test_which_of_several_is_asked_about_is_said_by_name(desk: Any) -> None:
    line = await desk(patients=(ANA, SAM, SAM_TOO))
    call = await line.call()

    asked = await call.say("I need well-child visits for my two kids, the first one is Sam Holm")

    assert call.reply.asks == "new_or_established"
    assert "Sam Holm" in asked


async def test_who_it_is_may_be_given_where_it_was_asked_whether_they_are_new(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say("I want to book a flu shot")
    asked = call.reply.asks

    await call.say("Ana Ruiz, May 17th 1984")

    assert asked == "new_or_established"
    assert call.reply.asks in ("provider", "when", "choose_slot")


async def test_no_chart_for_who_was_given_asks_whether_they_are_new(desk: Any) -> None:
    line = await desk()
    call = await line.call()
    await call.say_all("I want to book a flu shot", "Omar Haddad, January 5th 1988")
    asked = call.reply.asks

    await call.say("it's my first time")

    assert asked == "new_or_established"
    assert call.reply.asks == "phone"


def test_a_daughter_is_no_son_and_a_child_may_be_either() -> None:
    assert named("and cancel my daughter's appointment", "child") == "daughter"
    assert named("para mi hijo", "child") == "son"
    assert named("for my kid", "child") is None
    assert another("one for my other son", "child")
    assert not another("one for my son", "child")
