"""Numbers in words: read as they are said, said as they are read."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.language.digits import digits_of, spoken_digits
from agent.language.numbers import read_numbers
from agent.language.say import say_date, say_digits, say_number, say_ordinal, say_time, say_year

LANGS = st.sampled_from(["en", "es"])


@given(st.integers(0, 9_999), LANGS)
def test_a_number_said_is_read_back_as_the_same_number(value: int, lang: str) -> None:
    read = read_numbers(say_number(value, lang), lang)

    assert [number.value for number in read] == [value]


@given(st.integers(1, 99))
def test_an_ordinal_said_is_read_back_as_an_ordinal(value: int) -> None:
    (read,) = read_numbers(say_ordinal(value))

    assert (read.value, read.ordinal) == (value, True)


@given(st.text("0123456789", min_size=1, max_size=12), LANGS)
def test_digits_said_are_read_back_digit_by_digit(digits: str, lang: str) -> None:
    assert digits_of(say_digits(digits, lang), lang) == digits


@given(st.text(max_size=200), LANGS)
def test_no_text_breaks_the_readers_and_every_place_lies_in_the_text(text: str, lang: str) -> None:
    places = [*read_numbers(text, lang), *spoken_digits(text, lang, least=1)]

    assert all(0 <= place.start < place.end <= len(text) for place in places)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("oh four twelve eighty two", "041282"),
        ("double five", "55"),
        ("triple zero seven", "0007"),
        ("five five five oh one one seven", "5550117"),
        ("it's two one two, five five five, zero one four no five", "212555015"),
        ("eight hundred five five five twelve thirty four", "8005551234"),
        ("(212) 555-0117", "2125550117"),
        ("seven uh seven two i mean three one", "7731"),
        ("nineteen eighty two", "1982"),
    ],
)
def test_dictated_digits_are_collected(text: str, digits: str) -> None:
    assert digits_of(text) == digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("cinco cinco cinco cero uno uno siete", "5550117"),
        ("doble cinco treinta y cuatro doce", "553412"),
        ("seis doce no trece cuarenta", "61340"),
        ("triple cero siete", "0007"),
    ],
)
def test_dictated_digits_are_collected_in_spanish(text: str, digits: str) -> None:
    assert digits_of(text, "es") == digits


def test_the_place_of_a_dictated_number_covers_its_words_only() -> None:
    text = "My number is five five five, oh one one seven, thanks"

    (run,) = spoken_digits(text)

    assert text[run.start : run.end] == "five five five, oh one one seven"


@pytest.mark.parametrize(
    "text", ["i have two kids and one dog", "oh no", "o'clock", "for one person", "double trouble"]
)
def test_everyday_words_are_not_a_dictated_number(text: str) -> None:
    assert spoken_digits(text) == []


def test_times_dates_and_years_are_said_as_people_say_them() -> None:
    said = [
        say_time(time(9, 5)),
        say_time(time(12, 0)),
        say_time(time(15, 30), "es"),
        say_date(date(2026, 3, 5)),
        say_date(date(2026, 3, 5), "en-GB", weekday=False),
        say_date(date(2026, 3, 1), "es", year=True),
        say_year(1905),
        say_year(2005),
    ]

    assert said == [
        "nine oh five a.m.",
        "noon",
        "tres y media de la tarde",
        "Thursday, March fifth",
        "the fifth of March",
        "domingo primero de marzo de dos mil veintiséis",
        "nineteen oh five",
        "two thousand five",
    ]
