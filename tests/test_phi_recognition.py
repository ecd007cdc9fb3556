"""What identifies is found however it is said, and talk beside it stays: one case for each cause once mended."""

from datetime import date

import pytest

from agent.phi.redactor import Redactor
from agent.phi.sought import sought
from agent.phi.utterance import Utterance
from agent.practice_folder import demo_folder, read_practice
from tests.phi_world import World

READER = Redactor(read_practice(demo_folder()))


def found(text: str, *, asked: str = "", lang: str = "en") -> list[str]:
    """Return the stretches that are masked."""
    wanted = sought(None, asked or None)
    said = Utterance(text, lang=lang, sought=wanted.kinds, part=wanted.part, today=date(2026, 3, 2))
    return [text[one.start : one.end] for one in READER.find(said)]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Halloween, seventy one", ["Halloween, seventy one"]),
        ("leap day two thousand", ["leap day two thousand"]),
        ("born in May, no, April eleventh, ninety two", ["May, no, April eleventh, ninety two"]),
    ],
)
def test_a_birth_date_is_one_value_with_its_holiday_and_the_month_taken_back(text: str, masked: list[str]) -> None:
    assert found(text, asked="What is your date of birth?") == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("my grandson was born february 3 last year", ["february 3 last year"]),
        ("he had the operation in june of last year", ["june of last year"]),
    ],
)
def test_a_year_told_as_last_year_belongs_to_its_date(text: str, masked: list[str]) -> None:
    assert found(text) == masked


def test_a_wished_day_beside_a_named_number_stays_readable() -> None:
    masked = found("is April 9th 2026 free, my member number is QT-118204")

    assert masked == ["QT-118204"]


def test_letters_and_figures_said_in_turn_are_one_id() -> None:
    assert found("the medicare number is two T C nine, A A four, R Y zero eight")[0].endswith("zero eight")
    assert found("we came at 5 p m with a kid of 2") == []


@pytest.mark.parametrize(
    ("text", "lang", "masked"),
    [
        ("vivo en la calle Olmo, número trescientos siete", "es", ["calle Olmo, número trescientos siete"]),
        ("send it to nine west harbor drive suite four hundred", "en", ["nine west harbor drive suite four hundred"]),
        ("we came here from Boise in June", "en", ["Boise"]),
        ("we are living in El Centro", "en", ["El Centro"]),
    ],
)
def test_an_address_takes_its_numbers_and_leaves_its_month(text: str, lang: str, masked: list[str]) -> None:
    assert found(text, lang=lang) == masked


@pytest.mark.parametrize("text", ["Mr. B. was here with a cough", "a letter from Dr. O. about her knee"])
def test_a_letter_after_a_title_is_somebody(text: str) -> None:
    assert len(found(text)) == 1


@pytest.mark.parametrize("text", ["pt w/ DM and CKD", "hx of CAD & PE", "Mgmt of gout in CKD", "I take it w/ food"])
def test_short_forms_of_clinicians_are_nobody(text: str) -> None:
    assert found(text) == []


def test_where_somebody_was_treated_is_masked_without_a_word_for_a_clinic() -> None:
    assert found("he was treated at Beaumont last spring") == ["Beaumont"]
    assert found("referred from Tufts and Children's Hospital today")[0].endswith("Children's Hospital")


@pytest.mark.parametrize(
    "text", ["tell Misty that I am running late", "the form was for Hunter, not for me", "please call Rusty about it"]
)
def test_a_capital_amid_small_letters_makes_a_name_of_an_everyday_word(text: str) -> None:
    assert len(found(text)) == 1


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("great thanks bud", "en"), ("yes please bestie", "en"), ("sounds right, boss", "en"),
        ("sí, joven, está bien", "es"), ("claro, corazón", "es"), ("sí señorita", "es"),
        ("mándenme un recordatorio", "es"), ("quiero cancelarla", "es"), ("no, díganle que voy tarde", "es"),
        ("book the 9th pleese", "en"), ("the 3rd works thakns", "en"),
    ],
)  # fmt: skip
def test_forms_of_address_and_verbs_are_nobodys_name(text: str, lang: str) -> None:
    assert found(text, lang=lang) == []


def test_what_a_name_is_likened_to_stays_and_the_name_goes() -> None:
    asked = "Could you spell your last name?"

    assert found("Like the river, Rhine", asked=asked) == ["Rhine"]
    assert found("Under my wife's, Odell Farrow", asked="What name is it under?") == ["Odell Farrow"]


@pytest.mark.parametrize(
    "text",
    ["her oxygen is at ninety three on room air", "BP 128/74 at 0730", "your fav patient says hi lol"],
)  # fmt: skip
def test_readings_hours_and_slang_are_nobody(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "lang", "masked"),
    [
        ("name oriel last pomeroy", "en", ["oriel", "pomeroy"]),
        ("my supervisor noel needs it", "en", ["noel"]),
        ("she got hurt at larkin cold storage", "en", ["larkin cold storage"]),
        ("group number two two seven d as in dog", "en", ["two two seven d as in dog"]),
        ("the plate is four, W X Y, nine nine", "en", ["four, W X Y, nine nine"]),
        ("My birthday? The third of the ninth, fifty one.", "en", ["third of the ninth, fifty one"]),
        ("está en la avenida Robles, edificio dos, apartamento seis", "es", ["avenida Robles, edificio dos, apartamento seis"]),
    ],
)  # fmt: skip
def test_identities_are_whole_where_callers_go_on(text: str, lang: str, masked: list[str]) -> None:
    assert found(text, lang=lang) == masked


def test_a_name_before_last_week_is_all_of_the_name() -> None:
    assert found("my name is Ilse last week I called") == ["Ilse"]


def test_questions_in_other_words_ask_for_the_same() -> None:
    assert found("Clover", asked="Whom am I texting with?") == ["Clover"]
    assert found("Box 9, Taos NM", asked="Where should we send it?") == ["Box 9, Taos NM"]


def test_a_possessive_names_a_number_too() -> None:
    assert found("Dad's Medicaid's three P K six, T T four")[-1].endswith("T T four")


def test_a_bare_question_for_a_name_asks_for_one() -> None:
    assert found("Tansu", asked="Name?") == ["Tansu"]
    assert found("just asking", asked="Name?") == []


def test_a_firm_keeps_the_everyday_word_in_its_name() -> None:
    assert found("employer odell gear works") == ["odell gear works"]


@pytest.mark.parametrize(
    "number",
    ["617-555-0109 ext. 41", "617-555-0109, extension 212", "617-555-0109 x 304", "six one seven five five five oh one oh nine extension nine oh two"],
)  # fmt: skip
async def test_an_extension_belongs_to_its_number_and_is_not_dialled(number: str) -> None:
    world = World()

    masked = await world.hear(f"my desk is {number} after lunch", asked="callback_number")

    assert masked == "my desk is <PHONE_1> after lunch"
    assert await world.say("<PHONE_1|grouped>") == "617-555-0109"


@pytest.mark.parametrize(
    ("text", "lang", "masked"),
    [
        ("my ears ring since the second of february", "en", ["the second of february"]),
        ("a bill dated January twelfth", "en", ["January twelfth"]),
        ("it happened on the third of February around nine at night", "en", ["the third of February"]),
        ("she slipped on 2/9 in the yard", "en", ["2/9"]),
        ("se cayó el 3 de febrero en el patio", "es", ["3 de febrero"]),
    ],
)
def test_a_day_on_which_something_happened_is_found(text: str, lang: str, masked: list[str]) -> None:
    assert [one.removeprefix("the ") for one in found(text, lang=lang)] == [one.removeprefix("the ") for one in masked]


def test_a_hundred_is_an_age_with_its_article() -> None:
    assert found("she's a hundred and one") == ["a hundred and one"]


@pytest.mark.parametrize("text", ["I owe a balance of $94.20", "it hurts at 30. Dr. Kim knows"])
def test_an_amount_and_the_end_of_a_sentence_identify_nobody(text: str) -> None:
    assert found(text) == []


def test_a_thing_named_beside_a_name_stays_readable() -> None:
    assert found("Nadia Ferraro, the bill goes to me", asked="What is your name?") == ["Nadia Ferraro"]
