"""Letters said one by one are read as letters, however a recogniser writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.language.spelled_corrections import corrected
from agent.language.spelled_runs import spelled_run
from agent.language.spelling import code_readings, is_spelled, spellings


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("r u i z", "ruiz"),
        ("R-U-I-Z", "ruiz"),
        ("R. U. I. Z.", "ruiz"),
        ("R as in Robert, U, I, Z as in zebra", "ruiz"),
        ("r for romeo u for uniform i z", "ruiz"),
        ("romeo uniform india zulu", "ruiz"),
        ("ar you eye zed", "ruiz"),
        ("erre u i zeta", "ruiz"),
        ("b de burro a doble erre i o s", "barrios"),
        ("capital O apostrophe B R I E N", "obrien"),
        ("k e double l y", "kelly"),
        ("double u i double l", "will"),
        ("doble u a l t e r", "walter"),
        ("o k o n k w o", "okonkwo"),
    ],
)
def test_spelled_names_are_read(said: str, meant: str) -> None:
    assert meant in [spelling.text for spelling in spellings(said)][:3]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("s w one a one a a", "sw1a1aa"),
        ("SW1A 1AA", "sw1a1aa"),
        ("e h 4 to j k", "eh42jk"),
        ("m for mike four four b for bravo", "m44b"),
        ("w double one two zero", "w1120"),
        ("nine oh two one zero", "90210"),
    ],
)
def test_codes_of_letters_and_digits_are_read(said: str, meant: str) -> None:
    assert meant in [code for code, _ in code_readings(said)]


def test_chunks_of_letters_keep_their_letters() -> None:
    readings = [spelling.text for spelling in spellings("B er NA r d")]

    assert "bernard" in readings


def test_a_letter_and_its_word_that_disagree_leave_both_open_with_the_word_first() -> None:
    readings = [spelling.text for spelling in spellings("d as in boy o b")]

    assert readings[0] == "bob"
    assert "dob" in readings


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("r u i s, no, with a z", "ruiz"),
        ("Ruis with a z", "ruiz"),
        ("Brian with a y", "bryan"),
        ("gonzales with a z not an s", "gonzalez"),
        ("Ruis con zeta", "ruiz"),
    ],
)
def test_a_letter_taken_back_is_replaced(said: str, meant: str) -> None:
    assert corrected(said)[0].text == meant


def test_words_without_a_correction_have_none() -> None:
    assert corrected("Ana Ruiz") == []


def test_a_spelled_stretch_among_words_names_once_what_is_said_twice() -> None:
    run = spelled_run("it's Ana, A-N-A, Ruiz")

    assert run is not None
    assert run.names[0] == ("ana", "ruiz")


def test_a_name_without_letters_is_not_spelled() -> None:
    assert not is_spelled("Ana Ruiz")
    assert spelled_run("Ana Ruiz") is None


@given(st.text(max_size=80))
def test_any_text_has_spellings_without_an_error_and_cheapest_first(text: str) -> None:
    found = spellings(text)

    assert len(found) <= 8
    assert found == sorted(found)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=12))
def test_single_letters_always_spell_themselves(word: str) -> None:
    assert word in [spelling.text for spelling in spellings(" ".join(word))]
