"""Dangers that are only denied raise no alarm; a list behind a no still may."""

import pytest

from agent.safety.rules import ExplicitRules
from tests.screening import ALARMS, level, rule


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("no chest pain, none at all. I need my refill", "i need my refill"),
        ("no tengo dolor de pecho ni falta de aire", ""),
        ("ni dolor de pecho ni ahogo, estoy bien", "estoy bien"),
        ("no chest pain but my arm is numb", "my arm is numb"),
    ],
)
def test_clauses_that_only_deny_a_danger_are_taken_out(said: str, left: str) -> None:
    assert ExplicitRules().without_denials(said) == left


@pytest.mark.parametrize(
    "said", ["I can't breathe", "no puedo respirar", "no tengo fiebre, pero me duele el pecho", "a refill please"]
)
def test_a_danger_in_a_not_of_its_own_is_no_denial(said: str) -> None:
    assert ExplicitRules().without_denials(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "no tengo dolor de pecho ni falta de aire",
        "no chest pain, no trouble breathing, it's my yearly checkup",
        "sin dolor de pecho ni desmayos, quiero la cita de control",
    ],
)
def test_who_denies_every_danger_is_not_sent_to_911(said: str) -> None:
    assert level(said) not in ALARMS


@pytest.mark.parametrize(
    "said",
    [
        "no chest pain but I can't breathe",
        "no me duele el pecho, pero no puedo respirar",
        "no fever, and my husband has collapsed",
    ],
)
def test_what_stands_beside_a_denial_still_alarms(said: str) -> None:
    assert level(said) in ALARMS


def test_a_child_no_longer_felt_in_the_womb_alarms_in_spanish_too() -> None:
    assert rule("de siete meses, desde ayer no siento al bebé moverse") == "pregnancy.bleeding"


def test_the_thought_of_stepping_in_front_of_a_train_is_a_crisis_and_a_bus_stop_is_none() -> None:
    assert rule("I keep thinking I'll step in front of a train") == "suicide.step_out"
    assert level("I walk in front of the bus stop, which door is yours?") not in ALARMS
