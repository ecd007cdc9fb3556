"""Shops and clinics by name, units without a street, web addresses with a path; kinds of houses stay readable."""

import pytest

from tests.test_phi_recognition import found


@pytest.mark.parametrize(
    ("text", "lang", "masked"),
    [
        ("trabajo en la tortillería Los Primos", "es", ["tortillería Los Primos"]),
        ("me caí en la carnicería el venado negro ayer", "es", ["carnicería el venado negro"]),
        ("limpio en la clínica dental girasol", "es", ["clínica dental girasol"]),
        ("me operaron en el hospital general de las flores", "es", ["hospital general de las flores"]),
        ("vivo en el 318 de jacaranda", "es", ["el 318 de jacaranda"]),
        ("same house as my aunt, I'm in 3C", "en", ["3C"]),
        ("it's the same house, we're in six B", "en", ["six B"]),
        ("pictures are at saltmarshpots.example/mugs", "en", ["saltmarshpots.example/mugs"]),
    ],
)
def test_houses_by_name_and_units_alone_are_masked(text: str, lang: str, masked: list[str]) -> None:
    assert found(text, lang=lang) == masked


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("trabajo en la panadería de la esquina", "es"),
        ("trabajo en el restaurante los fines de semana", "es"),
        ("me corté en la carnicería el lunes", "es"),
        ("la clínica dental está abierta el sábado", "es"),
        ("el doctor del hospital general me dijo", "es"),
        ("me duele desde que salí del hospital", "es"),
        ("it broke, it is in 12 pieces", "en"),
        ("I'm in 4 days a week", "en"),
        ("it is hot for the bees in the hothouse", "en"),
    ],
)
def test_kinds_of_houses_and_counts_stay_readable(text: str, lang: str) -> None:
    assert found(text, lang=lang) == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("se deletrea jota a erre a ene", ["jota a erre a ene"]),
        ("Hache, u, e, erre, te, a", ["Hache, u, e, erre, te, a"]),
        ("la placa es zeta ele nueve, cuatro cuatro uno", ["zeta ele nueve, cuatro cuatro uno"]),
        ("quiero una cita a las dos o a las tres de la tarde", []),
    ],
)
def test_letters_by_their_spanish_names_are_one_name_or_id(text: str, masked: list[str]) -> None:
    assert found(text, lang="es") == masked


def test_a_firm_ends_before_the_hour_until_which_one_works() -> None:
    assert found("she works at sao tome bakery till one") == ["sao tome bakery"]
