"""Who writes name, number and address in one row is three identities, not one."""

import pytest

from agent.phi.redactor import Redactor
from agent.phi.utterance import Utterance
from agent.practice_folder import demo_folder, read_practice


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor(read_practice(demo_folder()))


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("Maria Lopez 2125550188 mlopez@example.com", ["PERSON", "PHONE", "EMAIL"]),
        ("Xanthippa Wolverhampster 2125550171", ["OTHER", "PHONE"]),  # masked, if not known for a name
        ("Xanthippa Wolverhampster 2125550171 xw.post@wolverhampster.example", ["PERSON", "PHONE", "EMAIL"]),
        ("Temitope Adeyinka-Ojo 2125550142 tao@example.org", ["PERSON", "PHONE", "EMAIL"]),
    ],
)
def test_a_name_a_number_and_an_address_in_a_row_are_told_apart(
    redactor: Redactor, said: str, kinds: list[str]
) -> None:
    found = redactor.find(Utterance(said))

    assert [one.kind for one in found] == kinds
    assert "".join(said[one.start : one.end] for one in found) == said.replace(" ", "").replace(
        "Maria", "Maria "
    ).replace("Xanthippa", "Xanthippa ").replace("Temitope", "Temitope ")


def test_no_half_of_an_unheard_name_beside_numbers_stays(redactor: Redactor) -> None:
    said = "Xanthippa Wolverhampster 2125550171 WQX7700412"

    masked = {place for one in redactor.find(Utterance(said)) for place in range(one.start, one.end)}

    assert all(place in masked for place, sign in enumerate(said) if sign != " ")


@pytest.mark.parametrize(
    ("said", "whole"),
    [("my member id is zgp 4410 8823 a", "zgp 4410 8823 a"), ("write to deolinda pacheco at mailnest dot com", "deolinda pacheco at mailnest dot com")],
)  # fmt: skip
def test_what_belongs_to_a_number_or_address_is_not_cut_from_it(redactor: Redactor, said: str, whole: str) -> None:
    found = redactor.find(Utterance(said))

    assert all(any(one.start <= at < one.end for one in found) for at in range(said.index(whole), len(said)))
