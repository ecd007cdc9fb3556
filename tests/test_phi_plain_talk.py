"""Hours, amounts, plans, medicines and turns of phrase stay readable although their words look like identities."""

import pytest

from tests.test_phi_recognition import found


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("We can all come by eight, eight thirty, in the van", "en"),
        ("eight twenty no eight forty five", "en"),
        ("my plan is blue shield gold 80", "en"),
        ("I had that shot in twenty eighteen", "en"),
        ("she puts some silvadene on it", "en"),
        ("my cat lost her faith in vets", "en"),
        ("roger that", "en"),
        ("he works twenty four seven", "en"),
        ("been sore since the thirtieth. Dr. Kim looked at it", "en"),
        ("toma warfarina y metformina", "es"),
        ("puedo ir el viernes santo o cierran", "es"),
        ("mi tía habla francés", "es"),
        ("tiene treinta y nueve y medio de fiebre", "es"),
    ],
)
def test_hours_medicines_plans_and_sayings_stay_readable(text: str, lang: str) -> None:
    assert found(text, lang=lang) == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("la cuenta es b 4 4 1 9 y debo ciento treinta", ["b 4 4 1 9"]),
        ("mi número de cuenta es 44 90 17 y vivo cerca", ["44 90 17"]),
        ("habla Frances Ruiz", ["Frances Ruiz"]),
    ],
)
def test_an_id_ends_before_what_is_owed_and_a_name_stays_one(text: str, masked: list[str]) -> None:
    assert found(text, lang="es") == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Con Luz Barragán, la sobrina. Sin prisa.", ["Luz Barragán"]),
        ("Mercedes Olguín. Dolores de espalda no tiene, ja.", ["Mercedes Olguín"]),
        ("J. R. Valdés, se lo deletreo", ["J. R. Valdés"]),
    ],
)
def test_talk_beside_a_name_that_was_asked_stays_readable(text: str, masked: list[str]) -> None:
    assert found(text, asked="¿Cuál es su nombre?", lang="es") == masked


def test_an_id_that_was_asked_for_is_masked_however_short() -> None:
    assert found("eight, eight thirty", asked="What is your member ID?") != []


def test_the_figures_of_a_plan_are_no_member_number_where_the_insurer_was_asked() -> None:
    assert found("blue shield gold 80", asked="Who is your insurance with?") == []
