"""Simulated callers read a reply's words right: what it asks, which times it offers, what it reads back."""

from datetime import date, time
from pathlib import Path

import pytest
import yaml

from evals.http_callers.hands import hand_of, ordinals
from evals.http_callers.offered import births_in, offers_in
from evals.http_callers.reading import read_reply

PROMPTS = Path(__file__).parents[1] / "prompts"
TODAY = date(2026, 10, 6)
ASKED = {
    "ask_own_name": "name", "ask_patient_name_again": "name", "identity_again_spelled": "name",
    "ask_next_name": "next_name", "ask_next_born": "next_born", "ask_own_name_as_caller": "own_name",
    "ask_own_phone_as_caller": "own_phone", "ask_own_born": "born", "ask_patient_born_again": "born",
    "ask_phone": "phone", "ask_phone_again": "phone", "ask_callback_number": "callback_number",
    "ask_new_or_established": "new_or_established", "ask_next_new_or_established": "next_new_or_established",
    "ask_visit_type": "visit_type", "ask_visit_type_choices": "visit_type", "ask_provider": "provider",
    "ask_when": "when", "ask_when_again": "when", "ask_when_unclear_am_pm": "half", "offer_one": "choose_slot",
    "offer_slots": "choose_slot", "offer_instead": "choose_slot", "offer_instead_one": "choose_slot",
    "read_back_book": "confirm", "read_back_book_all": "confirm", "read_back_move": "confirm",
    "read_back_cancel": "confirm", "read_back_cancel_late": "confirm", "what_to_change": "change",
    "which_visit_to_cancel": "choose_visit", "which_visit_to_move": "choose_visit", "clarify": "clarify",
    "offer_person": "offer_person", "ask_words_refill_request": "message", "anything_else": "anything_else",
    "opening": "anything_else",
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("act", ASKED)
def test_what_every_question_wants_is_read_in_its_words(lang: str, act: str) -> None:
    text = yaml.safe_load((PROMPTS / lang / "sentences.yaml").read_text("utf-8"))["texts"][act]
    sentence = text if isinstance(text, str) else text["chat"]

    read = read_reply(sentence, lang)  # type: ignore[arg-type]

    assert read.kind == ASKED[act]


def test_a_question_nobody_foresaw_is_one_about_safety() -> None:
    assert read_reply("Before we go on: is anyone badly hurt right now?", "en").kind == "safety"


def test_a_receipt_is_told_from_a_promise() -> None:
    assert read_reply("You're all set: the visit on Monday is booked. Anything else?", "en").receipt
    assert not read_reply("Shall I book it?", "en").receipt


def test_times_that_share_a_day_are_all_read() -> None:
    reply = (
        "I have Tuesday, October 13 at 8:00 AM, 9:30 AM or 3:00 PM with Dr. Mei-Ling Tsao at Pecan Plaza. Which one?"
    )

    offers = offers_in(reply, "en", TODAY)

    assert [offer.at for offer in offers] == [time(8), time(9, 30), time(15)]
    assert {offer.day for offer in offers} == {date(2026, 10, 13)}
    assert {offer.who for offer in offers} == {"Dr. Mei-Ling Tsao"}


def test_each_offer_keeps_its_own_day_and_doctor() -> None:
    reply = (
        "I have Monday, January 4 at 12:00 PM with Dr. Luis Ferreira at A or Wednesday, January 6 at 4:15 PM with"
        " Dr. Aaliyah Boateng at B. Which one would you like?"
    )

    offers = offers_in(reply, "en", TODAY)

    assert [(one.day, one.at, one.who) for one in offers] == [
        (date(2027, 1, 4), time(12), "Dr. Luis Ferreira"),
        (date(2027, 1, 6), time(16, 15), "Dr. Aaliyah Boateng"),
    ]


def test_spanish_times_are_read() -> None:
    reply = "Tengo el martes 13 de octubre a las 12:00 p. m. o 3:30 p. m. con Joaquín Quintana, PT en Mission. ¿Cuál prefiere?"

    offers = offers_in(reply, "es", TODAY)

    assert [offer.at for offer in offers] == [time(12), time(15, 30)]
    assert offers[0].who == "Joaquín Quintana"


def test_a_birth_date_read_back_is_no_offer() -> None:
    reply = "Let me read that back: a visit for Bo Nilsen, born January 31, 1959, with Dr. X on Monday, October 19 at 8:00 AM."

    assert [offer.day for offer in offers_in(reply, "en", TODAY)] == [date(2026, 10, 19)]
    assert births_in(reply, "en") == [date(1959, 1, 31)]


@pytest.mark.parametrize("name", ["plain", "curt", "chatty", "elderly", "texting", "formal", "angry"])
def test_every_hand_has_words_for_all_that_may_be_asked(name: str) -> None:
    hand = hand_of(name, "en")

    assert set(hand) >= set(hand_of("plain", "en"))
    assert all(hand.values())


def test_spanish_callers_speak_spanish_whatever_their_temper() -> None:
    assert "sí" in hand_of("angry", "es")["confirm"]
    assert len(ordinals("es")) == len(ordinals("en"))
