"""Everyday words that are names by what stands beside them: another name, an age, what they are likened to."""

import pytest

from tests.test_phi_recognition import found


@pytest.mark.parametrize(
    ("text", "lang", "masked"),
    [
        ("I have Autumn and Hunter this week", "en", ["Autumn", "Hunter"]),
        ("Summer is 7, she has a cough", "en", ["Summer"]),
        ("dawn is eight and it hurts", "en", ["dawn"]),
        ("ray like a ray of light", "en", ["ray"]),
        ("habla eutimio el vecino", "es", ["eutimio"]),
        ("no tengo apodo, me dicen Quico", "es", ["Quico"]),
    ],
)
def test_a_word_is_a_name_by_what_stands_beside_it(text: str, lang: str, masked: list[str]) -> None:
    assert found(text, lang=lang) == masked


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("june is 5 weeks away", "en"),
        ("we are away in Summer and Autumn", "en"),
        ("my bill is 40, can I pay it", "en"),
        ("may like the afternoon better", "en"),
        ("the cream from lindgren helped", "en"),
        ("habla inglés la doctora?", "es"),
        ("me dicen que venga el lunes", "es"),
    ],
)
def test_the_same_words_stay_readable_elsewhere(text: str, lang: str) -> None:
    assert found(text, lang=lang) == []
