"""Answers amid talk: what was asked guides what is listened for; slips of the finger and relatives in passing."""

from datetime import datetime
from typing import Literal

import pytest

from agent.dialogue.understanding.tools import (
    Choose,
    Express,
    GiveIdentity,
    GiveInsurance,
    GiveProvider,
    GiveVisitType,
    GiveWhen,
    GiveWho,
)
from agent.domain.conversation import Asks
from agent.domain.scheduling import Slot
from tests.phi_world import World
from tests.understanding_desk import READ_BACK, the_desk


def offers() -> tuple[Slot, ...]:
    """Return the 2nd at 11:20, the 3rd at 13:00 and the 4th at 10:00."""
    starts = ("2026-03-02T11:20:00-05:00", "2026-03-03T13:00:00-05:00", "2026-03-04T10:00:00-05:00")
    return tuple(
        Slot(start=datetime.fromisoformat(start), minutes=20, provider="kim", location="main", visit_type="follow_up")
        for start in starts
    )


@pytest.mark.parametrize(
    ("words", "position"),
    [
        ("third one", 3),
        ("i suppose the last of those", -1),
        ("let's go for number two, that leaves me time for lunch", 2),
        ("b", 2),
        ("wednesday, because tuesday is my sewing day", 3),
        ("the third one works", 3),
        ("the 3rd", 2),
        ("the second, if it's no trouble, you must have a lot to do", 2),
        ("my neighbor says hello, anyway, first one", 1),
        ("10 AM, if that isn't too much to ask", 3),
        ("second one, sorry, the baby is crying, hold on", 2),
        ("first one, i think, yeah, pretty sure", 1),
        ("where did i put my glasses, i'll take the one at 1 pm", 2),
    ],
)
def test_a_choice_is_heard_amid_talk(words: str, position: int) -> None:
    heard = the_desk().hears(words, asked="choose_slot", offered=offers())

    assert Choose(position=position) in heard.calls


@pytest.mark.parametrize(
    "words",
    [
        "first one, no, another day",
        "the first one won't work, what else",
        "the second one, or do you have friday?",
        "the first, unless kim has more",
    ],
)
def test_talk_that_takes_a_choice_back_leaves_none(words: str) -> None:
    heard = the_desk().hears(words, asked="choose_slot", offered=offers())

    assert not any(isinstance(call, Choose) for call in heard.calls)


def test_as_soon_as_possible_keeps_its_end() -> None:
    heard = the_desk().hears("as soon as possible please", asked="choose_slot", offered=offers())

    assert any(isinstance(call, GiveWhen) for call in heard.calls)


@pytest.mark.parametrize(
    ("words", "asked", "kind"),
    [
        ("my daughter is due for a checkup", None, "well_child"),
        ("time for a checkup for my son with Dr. Ramirez again", None, "well_child"),
        ("a checkup", "visit_type", "physical"),
        ("anual phsyical please", None, "physical"),
        ("a vacination on friday", None, "vaccination"),
        ("my wife waits outside, i need a follow-up", None, "follow_up"),
    ],
)
def test_a_kind_of_visit_is_heard_by_whom_it_is_for_and_through_slips(
    words: str, asked: Asks | None, kind: str
) -> None:
    assert GiveVisitType(visit_type=kind) in the_desk().hears(words, asked=asked).calls


@pytest.mark.parametrize("words", ["<BORN_1> sorry", "no sorry <BORN_1>"])
def test_sorry_beside_a_birth_date_is_no_sore_throat(words: str) -> None:
    calls = the_desk().hears(words, asked="born").calls

    assert not any(isinstance(call, GiveVisitType) for call in calls)
    assert any(isinstance(call, GiveIdentity) for call in calls)


@pytest.mark.parametrize(
    "words", ["no. i want an appointment", "no im fine i just wanna book", "nope i need an appointment"]
)
def test_a_no_to_nothing_that_was_asked_hides_no_wish(words: str) -> None:
    assert the_desk().hears(words).intent == "book"


def test_a_complaint_beside_a_wish_for_a_time_is_a_booking() -> None:
    calls = the_desk().hears("i have eczema, is there anything next week?").calls

    assert Express(intent="book") in calls
    assert not any(isinstance(call, Express) and call.intent == "clinical_question" for call in calls)


def test_advice_asked_for_stays_a_question() -> None:
    calls = the_desk().hears("what should i do about my eczema until next week?").calls

    assert any(isinstance(call, Express) and call.intent == "clinical_question" for call in calls)


def test_a_relation_with_a_slip_of_the_finger_is_understood() -> None:
    assert any(isinstance(call, GiveWho) and call.who == "child" for call in the_desk().hears("for my daugther").calls)


def test_a_word_that_sounds_like_an_insurer_is_none_unless_insurance_is_spoken_of() -> None:
    calls = the_desk().hears("anything on friday for a skin problem?").calls

    assert not any(isinstance(call, GiveInsurance) for call in calls)


@pytest.mark.parametrize("wish", ["i want to mkae an apointment", "kiero una cita", "a phsyical for my daugther"])
async def test_a_slip_of_the_finger_is_nobodys_name(wish: str) -> None:
    assert await World().hear(wish) == wish


@pytest.mark.parametrize("wish", ["a shot with Luis on friday", "una cita con Luis por favor"])
async def test_a_providers_first_name_alone_may_be_whom_to_see(wish: str) -> None:
    assert await World().hear(wish) == wish


@pytest.mark.parametrize(
    "words", ["yes, that sounds <PERSON_1>, thank you so much", "yes please <PERSON_1>", "sure <PERSON_1>"]
)
def test_a_word_masked_beside_a_yes_gives_no_other_name(words: str) -> None:
    calls = the_desk().hears(words, asked="confirm", prev=READ_BACK).calls

    assert not any(isinstance(call, GiveIdentity) for call in calls)


@pytest.mark.parametrize(
    "words", ["yes, but the name is <PERSON_1>", "no, it's <PERSON_1>", "that's wrong, <PERSON_1>"]
)
def test_a_name_that_is_introduced_at_a_read_back_is_given(words: str) -> None:
    calls = the_desk().hears(words, asked="confirm", prev=READ_BACK).calls

    assert any(isinstance(call, GiveIdentity) for call in calls)


def test_the_patients_name_is_an_answer_and_no_third_party() -> None:
    calls = the_desk().hears("the patient's name is <PERSON_1>.", asked="name").calls

    assert not any(isinstance(call, Express) for call in calls)


@pytest.mark.parametrize(
    "words",
    [
        "i wish to arrange a routine visit with dr kim preferably the 16th not before 3 pm",
        "can't do mornings, i work till one, i need a checkup with dr kim",
    ],
)
def test_when_somebody_can_come_moves_no_visit(words: str) -> None:
    calls = the_desk().hears(words).calls

    assert Express(intent="book") in calls
    assert Express(intent="reschedule") not in calls


@pytest.mark.parametrize("words", ["my follow-up on monday, can it be thursday", "i need my visit moved to friday"])
def test_a_visit_that_is_there_is_moved(words: str) -> None:
    assert Express(intent="reschedule") in the_desk().hears(words).calls


@pytest.mark.parametrize(("words", "lang"), [("vaccination", "en"), ("flu shot please", "en"), ("vacuna", "es")])
def test_the_name_of_a_visit_alone_is_a_wish_for_it(words: str, lang: Literal["en", "es"]) -> None:
    calls = the_desk().hears(words, lang=lang).calls

    assert Express(intent="book") in calls
    assert GiveVisitType(visit_type="vaccination") in calls


@pytest.mark.parametrize(
    "words",
    [
        "a physical on friday the 20th please. hm, no, hold on, that's my granddaughter's recital, make it wednesday the 18th.",
        "flu shot friday the 20th please. wait, no, that's my wife's birthday, make it the 18th",
    ],
)
def test_a_day_changed_within_the_first_wish_moves_no_visit(words: str) -> None:
    calls = the_desk().hears(words).calls

    assert Express(intent="book") in calls
    assert Express(intent="reschedule") not in calls
    assert any(isinstance(call, GiveVisitType) for call in calls)


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("me pueden pasar la cita del martes 10 para el jueves 12", "es"),
        ("la visita del lunes, póngala al jueves", "es"),
        ("can you put my appointment of Tuesday the 10th to Thursday the 12th", "en"),
    ],
)
def test_a_visit_from_one_day_to_another_is_moved_whatever_the_verb(words: str, lang: Literal["en", "es"]) -> None:
    calls = the_desk().hears(words, lang=lang).calls

    assert Express(intent="reschedule") in calls
    assert Express(intent="book") not in calls


def test_a_doctor_named_beside_a_refill_is_not_to_be_seen() -> None:
    calls = the_desk().hears("need more lisinopril, the pharmacy on 5th, dr kim knows").calls

    assert Express(intent="refill") in calls
    assert not any(isinstance(call, GiveProvider | GiveWhen) for call in calls)


@pytest.mark.parametrize(
    "words",
    ["she won't make it on friday, please take her physical off the calendar", "take mom off the books for tuesday"],
)
def test_a_visit_taken_off_the_books_is_cancelled(words: str) -> None:
    calls = the_desk().hears(words).calls

    assert Express(intent="cancel") in calls
    assert Express(intent="book") not in calls


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("can i still get booked tho", "en"),
        ("Dr. Kim wants me back for the pressure", "en"),
        ("me volvió la alergia, ¿hay algo el jueves?", "es"),
    ],
)
def test_wishes_in_other_clothes_are_bookings(words: str, lang: Literal["en", "es"]) -> None:
    assert the_desk().hears(words, lang=lang).intent == "book"


@pytest.mark.parametrize("wish", ["New patient. Patel. March 20.", "book a follow-up, Patel, the 12th of March"])
async def test_a_surname_alone_between_stops_is_whom_to_see(wish: str) -> None:
    assert await World().hear(wish) == wish


@pytest.mark.parametrize("words", ["follow-up, Patel, born 3/12/1980", "Asmita Patel, Friday"])
async def test_a_surname_with_a_birth_date_or_a_first_name_is_a_patients(words: str) -> None:
    assert "Patel" not in await World().hear(words)


async def test_whom_to_see_may_be_called_as_the_patient_is() -> None:
    world = World()
    await world.hear("Asmita Patel", asked="name")

    assert await world.hear("Patel", asked="provider") == "Patel"


@pytest.mark.parametrize("words", ["make it March 20", "friday", "rather the twentieth of march"])
def test_a_day_that_nobody_asks_about_is_a_wish_at_the_read_back(words: str) -> None:
    heard = the_desk().hears(words, asked="confirm", prev=READ_BACK)

    assert any(isinstance(call, GiveWhen) for call in heard.calls)


def test_a_day_that_is_asked_about_is_none() -> None:
    heard = the_desk().hears("what's the weather on friday", asked="confirm", prev=READ_BACK)

    assert not any(isinstance(call, GiveWhen) for call in heard.calls)
