"""Names are compared by one written form, taken apart, and split as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.language.likeness import SLIP, name_cost, real_name
from agent.language.names import bare, is_nickname, parts_of, plain, split_name


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Seán", "sean"),
        ("O'Connor", "oconnor"),
        ("O’Neill-Peña", "oneill pena"),
        ("MÜLLER", "muller"),
        ("Søren", "soren"),
    ],
)
def test_accents_apostrophes_and_case_do_not_count(written: str, compared: str) -> None:
    assert plain(written) == compared


def test_particles_and_suffixes_stand_aside() -> None:
    name = parts_of("van der Berg Jr.")

    assert name.whole == "berg"
    assert name.full == "vanderberg"
    assert name.suffix == "jr"


def test_a_double_name_has_both_its_parts() -> None:
    assert parts_of("Garcia-Lopez").parts == ("garcia", "lopez")


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("Ana Ruiz", "ana", "ruiz"),
        ("Ruiz, Ana", "ana", "ruiz"),
        ("my name is Ana Ruiz", "ana", "ruiz"),
        ("first name Ana last name Ruiz", "ana", "ruiz"),
        ("my first name is Ana and my last name is Ruiz", "ana", "ruiz"),
        ("last name Ruiz, first name Ana", "ana", "ruiz"),
        ("me llamo Ana Ruiz", "ana", "ruiz"),
        ("mi nombre es Ana y mi apellido es Ruiz", "ana", "ruiz"),
        ("Dr. Ana Ruiz", "ana", "ruiz"),
        ("this is mrs ruiz", "", "ruiz"),
        ("uh it's ana ruiz", "ana", "ruiz"),
        ("Robert Smith Jr", "robert", "smith jr"),
        ("Robert Smith, Jr.", "robert", "smith jr"),
    ],
)
def test_a_full_name_is_split_as_it_was_said(said: str, first: str, last: str) -> None:
    assert split_name(said)[0] == (first, last)


def test_every_place_to_split_a_long_name_is_offered() -> None:
    assert ("maria jose", "garcia lopez") in split_name("Maria Jose Garcia Lopez")


@pytest.mark.parametrize(
    ("short", "full"),
    [("bob", "robert"), ("liz", "elizabeth"), ("pepe", "jose"), ("lupe", "guadalupe"), ("paco", "francisco")],
)
def test_short_forms_stand_for_the_full_name_in_english_and_spanish(short: str, full: str) -> None:
    assert is_nickname(short, full)
    assert name_cost(short, full) <= SLIP


def test_two_full_names_that_share_a_short_form_stay_two_people() -> None:
    assert not is_nickname("alexander", "alexandra")
    assert name_cost("alexander", "alexandra") > 1


@pytest.mark.parametrize(
    ("typed", "known"), [("okonkow", "okonkwo"), ("smyth", "smith"), ("gonzales", "gonzalez"), ("margret", "margaret")]
)
def test_a_slip_of_the_finger_and_another_spelling_are_the_same_name(typed: str, known: str) -> None:
    assert name_cost(typed, known) <= SLIP


@pytest.mark.parametrize(
    ("typed", "known"),
    [("maria", "mario"), ("joan", "john"), ("daniel", "daniela"), ("nina", "tina"), ("eva", "ana"), ("karen", "karin")],
)
def test_names_one_letter_apart_that_people_bear_are_two_names(typed: str, known: str) -> None:
    assert name_cost(typed, known) > 1


def test_what_sounds_alike_is_near_when_heard() -> None:
    assert name_cost("brown", "braun", spoken=True) < 1
    assert name_cost("olivia", "kenneth", spoken=True) > 2


def test_everyday_words_are_no_names_but_unknown_words_are() -> None:
    assert not real_name("window")
    assert real_name("oluwaseun")
    assert real_name("grace")


@given(st.text(max_size=120))
def test_any_text_splits_without_an_error(text: str) -> None:
    assert all(first or last for first, last in split_name(text))
    assert bare(text) == bare(bare(text)) or len(bare(bare(text))) <= len(bare(text))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14))
def test_a_name_is_never_far_from_itself(name: str) -> None:
    assert name_cost(name, name) == 0
