"""Days on which something was are about somebody; days that are wished for, kept or moved stay readable."""

from datetime import date

import pytest

from agent.phi.redactor import Redactor
from agent.phi.utterance import Utterance
from agent.practice_folder import demo_folder, read_practice

READER = Redactor(read_practice(demo_folder()))


def found(text: str, lang: str = "en") -> list[str]:
    """Return what is masked of something said on 2 March."""
    return [text[one.start : one.end] for one in READER.find(Utterance(text, lang=lang, today=date(2026, 3, 2)))]


@pytest.mark.parametrize(
    ("text", "lang", "day"),
    [
        ("the cast came off january 20", "en", "january 20"),
        ("my son had strep on january 9", "en", "january 9"),
        ("I poked myself in the eye on February nineteenth", "en", "February nineteenth"),
        ("the scar is from feb 12", "en", "feb 12"),
        ("my mom had hernias repaired dec 2", "en", "dec 2"),
        ("I got a letter from you on the 14th of January", "en", "the 14th of January"),
        ("he scraped it outside St. Agnes on 1/19", "en", "1/19"),
        ("me vacunaron el 8 de enero", "es", "8 de enero"),
        ("tengo fiebre desde el 24 de febrero", "es", "24 de febrero"),
    ],
)
def test_a_day_of_the_past_months_on_which_something_was_is_masked(text: str, lang: str, day: str) -> None:
    assert day in found(text, lang)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("my appointment was on feb 27", "en"),
        ("you moved me to january 12", "en"),
        ("I was hoping for march 9", "en"),
        ("he was told february 20", "en"),
        ("we went with march 20 in the end", "en"),
        ("mi cita era el 27 de febrero", "es"),
    ],
)
def test_a_day_of_a_visit_and_a_day_to_come_stay_readable(text: str, lang: str) -> None:
    assert found(text, lang) == []


def test_the_day_somebody_will_be_an_age_is_a_birthday() -> None:
    assert found("she'll be eighty on the ninth of July") == ["the ninth of July"]
    assert found("there will be two of us on the ninth of July") == []


def test_the_first_of_two_days_goes_with_the_second() -> None:
    assert found("she was in from the third to the eleventh of January") == ["the third to the eleventh of January"]


def test_month_day_and_year_after_a_name_are_a_birth_date() -> None:
    assert found("the other one is Keiko Yamashiro, four eleven fifty one") == [
        "Keiko Yamashiro",
        "four eleven fifty one",
    ]
