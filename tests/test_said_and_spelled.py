"""Names said and spelled in one breath, as recognisers write them down."""

from datetime import UTC, date, datetime

import pytest

from agent.domain.patients import Given, Patient
from agent.ehr.matching import Matcher
from agent.language.spelled_groups import spelled_groups

NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)
BORN = date(1969, 10, 4)
PATIENTS = [
    Patient(id="P-1", first="Manuel", last="Okafor", born=BORN),
    Patient(id="P-2", first="Miguel", last="Ferreira", born=BORN),
    Patient(id="P-3", first="Manuel", last="Okonkwo", born=date(1971, 2, 9)),
]


@pytest.mark.parametrize(
    ("said", "groups"),
    [
        ("Manuel Okafor, M-A-N-U-E-L, O-K-A-F-O-R.", ("manuel", "okafor")),
        ("Manuel Okafor M-A-N-U-E-L, okay A-F-O-R", ("manuel", "okafor")),
        ("It's M A N U E L, O K A F O R", ("manuel", "okafor")),
        ("O, K, A, F, O, R", ("okafor",)),
        ("Okay, O-K-A-F-O-R, okay?", ("okafor",)),
    ],
)
def test_letters_are_read_in_the_groups_they_were_said_in(said: str, groups: tuple[str, ...]) -> None:
    read = spelled_groups(said)

    assert read is not None
    assert read.groups == groups


@pytest.mark.parametrize("said", ["Manuel Okafor", "okay, that's fine", "a B 12"])
def test_words_are_not_letters(said: str) -> None:
    assert spelled_groups(said) is None


@pytest.mark.parametrize(
    "readings",
    [
        ("Daniel Akafa, M-A-N-U-E-L, okay A-F-O-R.",),
        ("Manuel Akafa, N-A-N-U-E-L-O-K-A-F-O-R.", "Manuel Acafa, N-A-N-U-E-L-O-K-A-F-O-R."),
        ("Manuel Ocafoi", "Manuel Okafo", "Manuel Okafoi"),
    ],
)
def test_a_patient_is_known_by_letters_or_by_what_sounds_like_the_name(readings: tuple[str, ...]) -> None:
    match = Matcher().match(Given(name=readings, born=("October 4th 1969",)), PATIENTS, now=NOW)

    assert match.patient == "P-1"


@pytest.mark.parametrize(
    "readings",
    [("Manuel Ferreira", "Manuel Ferrera"), ("Manuel Fowler", "Manuel Fuller"), ("Samuel Okafor, S-A-M-U-E-L",)],
)
def test_another_name_is_somebody_else_even_on_the_same_birthday(readings: tuple[str, ...]) -> None:
    match = Matcher().match(Given(name=readings, born=("October 4th 1969",)), PATIENTS, now=NOW)

    assert match.patient is None
