"""A name given family name first, with a comma, is one person, and their chart is found."""

from datetime import date
from typing import Any

import pytest

from agent.ehr.rows import PatientRow
from agent.phi.turned_names import in_order
from tests.phi_world import World

HYUN_WOO = PatientRow(id="P-31", first="Hyun-woo", last="Choi", born=date(1984, 5, 17), phone="+12125550131")
ANA = PatientRow(id="P-32", first="Ana", last="De la Cruz", born=date(1979, 11, 3), phone="+12125550132")
WISH = "I need a follow-up with Dr. Kim on Tuesday March 3rd at 9:40 am"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Choi, Hyun-woo", "Hyun-woo Choi"),
        ("Park, Min-jun please", "Min-jun Park"),
        ("it's Nguyen, Thi Hoa, thanks", "Thi Hoa Nguyen"),
        ("de la Cruz, Ana", "Ana de la Cruz"),
        ("Sure. O Connor, Mary.", "Mary O Connor"),
        ("Kowalczyk, Agnieszka", "Agnieszka Kowalczyk"),
    ],
)
async def test_a_family_name_a_comma_and_a_given_name_are_one_person_said_in_order(said: str, name: str) -> None:
    world = World()

    masked = await world.hear(said, asked="name")

    assert "<PERSON_1>" in masked
    assert "<PERSON_2>" not in masked
    assert await world.say("<PERSON_1>") == name


@pytest.mark.parametrize("said", ["Ana Ruiz, Pedro Gomez", "Ana, Pedro", "Maria Lopez, Juan Lopez"])
async def test_two_people_named_one_after_the_other_stay_two(said: str) -> None:
    world = World()

    masked = await world.hear(said, asked="name")

    assert masked == "<PERSON_1>, <PERSON_2>"


@pytest.mark.parametrize("said", ["Ana Ruiz, dear", "Ana Ruiz, please", "John Smith, Jr.", "Bell, Amanda Bell"])
def test_what_a_comma_parts_from_a_whole_name_is_not_turned(said: str) -> None:
    assert in_order(said.removesuffix(", dear").removesuffix(", please")) is None


async def test_a_given_name_before_the_comma_stays_first() -> None:
    assert in_order("Maria, Gonzalez") == "Maria Gonzalez"


@pytest.mark.parametrize(
    ("name", "born"), [("Choi, Hyun-woo", "May 17th 1984"), ("de la Cruz, Ana", "November 3rd 1979")]
)
async def test_the_chart_of_a_name_as_forms_have_it_is_found(desk: Any, name: str, born: str) -> None:
    line = await desk(patients=(HYUN_WOO, ANA))
    call = await line.call()

    await call.say_all(WISH, name, born, "yes please")

    booked = await line.booked()
    assert [row["patient"] for row in booked] == ["P-31" if "Choi" in name else "P-32"]
