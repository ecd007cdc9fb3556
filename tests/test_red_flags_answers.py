"""A short answer means something only after the question it answers."""

from pathlib import Path

import pytest
import yaml

from agent.domain.escalation import read_escalation
from agent.safety.answers import SafetyAnswers
from tests.screening import level, rule

ESCALATION = Path(__file__).parents[1] / "knowledge" / "escalation.yaml"


def test_no_to_being_safe_is_a_crisis() -> None:
    assert level("no", prev="Are you safe right now?") == "988"
    assert level("Not really, no", prev="Are you safe right now?") == "988"
    assert level("yes I am", prev="Are you safe right now?") is None


def test_yes_to_somebody_hurt_is_an_emergency() -> None:
    assert level("yes", prev="Is anyone hurt or in danger?") == "911"
    assert level("my son is", prev="Is anyone hurt or in danger?") == "911"
    assert level("no, nobody is", prev="Is anyone hurt or in danger?") is None
    assert level("I don't know", prev="Is anyone hurt or in danger?") == "urgent"


def test_anything_but_no_to_wanting_to_die_is_a_crisis() -> None:
    asked = "Are you thinking about hurting yourself or ending your life?"

    assert level("yes", prev=asked) == "988"
    assert level("maybe", prev=asked) == "988"
    assert level("sometimes, I don't know", prev=asked) == "988"
    assert level("no, never", prev=asked) is None
    assert rule("yes", prev=asked) == "suicide.answered"


def test_the_same_words_mean_nothing_after_another_question() -> None:
    for words in ("yes", "no", "maybe", "I don't know"):
        assert level(words, prev="Shall I book Tuesday at nine thirty?") is None
        assert level(words) is None


def test_spanish_answers_count() -> None:
    assert level("sí", prev="¿Hay alguien herido, muy enfermo o en peligro en este momento?", lang="es") == "911"
    assert level("no", prev="¿Está usted a salvo en este momento?", lang="es") == "988"
    assert level("no, gracias", prev="¿Hay alguien herido o en peligro?", lang="es") is None


def test_a_longer_answer_is_screened_by_its_own_words() -> None:
    assert level("no but my chest hurts and I can't breathe", prev="Is anyone hurt or in danger?") == "911"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_safety_question_of_the_practice_is_known_and_yes_means_danger(lang: str) -> None:
    rules = read_escalation(yaml.safe_load(ESCALATION.read_text(encoding="utf-8")))
    answers = SafetyAnswers()

    for entry in rules.red_flags:
        if entry.level == "ask":
            answered = answers.read("yes", rules.words(entry.id, lang))

            assert answered is not None, entry.id
            assert answered.flag is not None, entry.id
            assert answered.flag.level in ("911", "988"), entry.id


def test_what_to_do_in_an_emergency_asks_nothing() -> None:
    rules = read_escalation(yaml.safe_load(ESCALATION.read_text(encoding="utf-8")))
    answers = SafetyAnswers()

    for entry in ("chest", "breathing", "default.urgent"):
        assert answers.question(rules.words(entry, "en")) is None, entry


def test_turning_911_down_is_told_from_calling_it() -> None:
    answers = SafetyAnswers()

    for words in (
        "I'm not calling 911",
        "no ambulance please",
        "I can't afford an ambulance",
        "no voy a llamar al 911",
    ):
        assert answers.refuses(words), words
        assert not answers.will_call(words), words
    for words in ("okay I'll call 911 now", "the ambulance is on its way", "ya llamé"):
        assert answers.will_call(words), words
        assert not answers.refuses(words), words


NAME_QUESTIONS = ("May I have the patient's first and last name?", "¿Me dice el nombre y apellido del paciente?")


@pytest.mark.parametrize("asked", NAME_QUESTIONS)
@pytest.mark.parametrize(
    "name",
    [
        "Perpetua Okonkwo", "José Íñiguez", "maisie o'leary", "it's Nguyen Thi Hoa", "I'm Siobhan Darragh", "Payne, John",
        "Will Hope", "soy Ángel Matamoros", "my name is Dolores Guerra", "Blessing Adeyemi-Cole", "Xochitl Quetzal",
        "Jack Graves", "Mahmoud al-Khatib", "Soledad Angustias Cruz", "Wojciech Śmigły", "yes, it's Chen Mei Ling",
        "Summer Stone", "Kamala Venkataraman", "de la Torre, Inés", "Faith Lawless",
    ],
)  # fmt: skip
def test_a_bare_name_after_a_question_for_one_raises_nothing(asked: str, name: str) -> None:
    assert level(name, prev=asked) is None


@pytest.mark.parametrize(
    "words",
    ["I'm dying", "help me please", "my chest hurts", "she's not breathing", "me estoy muriendo", "no puede respirar"],
)
def test_words_that_are_no_name_count_after_a_question_for_one(words: str) -> None:
    assert level(words, prev=NAME_QUESTIONS[0]) is not None


def test_a_name_means_no_less_after_any_other_question() -> None:
    answers = SafetyAnswers()

    assert not answers.bare_name("Maria Lopez", "What day works for you?")
    assert answers.bare_name("Maria Lopez", NAME_QUESTIONS[0])


@pytest.mark.parametrize("asked", ["And the date of birth?", "¿Y la fecha de nacimiento?"])
@pytest.mark.parametrize(
    "born",
    [
        "April twelfth, nineteen eighty-two", "4/12/82", "she was born on the 3rd of May 2012", "the ninth of October 1990",
        "Nací el 19 de marzo de 1968", "el dos de agosto de mil novecientos ochenta y uno", "veintidós de enero del 74",
        "um, it's the first of July, two thousand fifteen",
    ],
)  # fmt: skip
def test_a_bare_birth_date_after_a_question_for_one_raises_nothing(asked: str, born: str) -> None:
    assert level(born, prev=asked) is None


def test_more_than_a_birth_date_is_screened() -> None:
    assert level("nineteen eighty, I can't breathe", prev="And the date of birth?") == "911"
