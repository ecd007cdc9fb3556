"""What the conversation needs stays readable."""

import pytest

from tests.phi_world import World


@pytest.mark.parametrize(
    "wish",
    [
        "can I come on Tuesday at 3",
        "tuesday at three thirty would be great",
        "do you have anything on March 5th at 10:30",
        "next week wednesday or the 14th in the afternoon",
        "I need a follow-up with Dr. Kim on Friday morning",
        "is doctor ramirez in on thursday",
        "somewhere between nine and eleven thirty",
        "it's for my daughter, she is 5 years old",
        "my mother is 89",
        "do you take Aetna or Blue Cross Blue Shield",
        "I need a refill of lisinopril 10 mg",
        "is the office on Main Street open at noon",
        "I have had a fever of 102 for 3 days",
        "do you have anything on december 12th 2026",
        "my copay was 50 dollars last time",
        "I'd like to see a woman, any day but monday",
        "what's your number, is it 212-555-0100?",
        "I will be 15 minutes late",
    ],
)
async def test_booking_facts_stay_readable(wish: str) -> None:
    assert await World().hear(wish) == wish


async def test_a_provider_named_when_one_was_asked_stays_readable() -> None:
    assert await World().hear("kim", asked="provider", prev="Which doctor would you like to see?") == "kim"


async def test_the_same_surname_as_a_patients_answer_is_masked() -> None:
    assert await World().hear("Patel", asked="name", prev="What is your last name?") == "<PERSON_1>"


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("I had surgery on March 5th", "I had surgery on <DATE_1>"),
        ("dob 04/12/1982", "dob <BORN_1>"),
        ("nací el 17 de mayo de 1984", "nací el <BORN_1>"),
        ("she is 93 years old", "she is <AGE_1>"),
        ("write to ana dot ruiz at gmail dot com", "write to <EMAIL_1>"),
        ("me llamo Xiomara Tzoc", "me llamo <PERSON_1>"),
        ("my social is 123-45-6789", "my social is <SSN_1>"),
        ("the last four of my social are 6789", "the last four of my social are <SSN_1>"),
        ("my MRN is 00482913", "my MRN is <MRN_1>"),
        ("member id XHP449200211", "member id <MEMBER_1>"),
        ("I live at 1420 North Elm Street", "I live at <ADDRESS_1>"),
    ],
)
async def test_identities_are_masked_by_kind(said: str, masked: str) -> None:
    lang = "es" if "nac" in said or "llamo" in said else "en"

    assert await World().hear(said, lang=lang) == masked
