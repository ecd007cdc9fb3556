"""What agrees to a read-back and what never may: evals/data/readback_answers.yaml. A booking hangs on it."""

from pathlib import Path

import pytest
import yaml

from agent.dialogue.policy.gate import CHANGES, TAKES_BACK
from agent.dialogue.understanding.agreeing import agrees
from agent.dialogue.understanding.tools import Understood
from tests.understanding_desk import READ_BACK, intents, the_desk

ANSWERS: dict[str, dict[str, list[str]]] = yaml.safe_load(Path("evals/data/readback_answers.yaml").read_text("utf-8"))
DESK = the_desk()


def is_a_yes(heard: Understood) -> bool:
    said = set(intents(heard))
    return "affirm" in said and not said & TAKES_BACK and not any(isinstance(call, CHANGES) for call in heard.calls)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_nothing_but_a_yes_is_a_yes_to_a_read_back(lang: str) -> None:
    taken = [
        words
        for words in ANSWERS[lang]["none"]
        if is_a_yes(DESK.hears(words, asked="confirm", prev=READ_BACK, lang="es" if lang == "es" else "en"))
    ]

    assert taken == []


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_yes_in_other_words_is_a_yes(lang: str) -> None:
    missed = [
        words
        for words in ANSWERS[lang]["yes"]
        if not is_a_yes(DESK.hears(words, asked="confirm", prev=READ_BACK, lang="es" if lang == "es" else "en"))
    ]

    assert len(missed) <= len(ANSWERS[lang]["yes"]) * 0.03, missed


@pytest.mark.parametrize(
    "words", ["I'll be there", "see you then", "put me down for that", "I can make that work", "ahí estaré"]
)
def test_words_that_agree_to_a_visit_do_not_agree_to_its_end(words: str) -> None:
    lang = "es" if words.startswith("ah") else "en"

    assert agrees(words, task="book", lang=lang)
    assert not agrees(words, task="cancel", lang=lang)


@pytest.mark.parametrize(
    "words",
    [
        "great, book it for Thursday at 10:20",
        "Sure, please make the booking. Schedule it for this Thursday.",
        "you noted everything correctly",
    ],
)
def test_an_order_that_repeats_the_read_back_is_a_yes(words: str) -> None:
    assert is_a_yes(DESK.hears(words, asked="confirm", prev=READ_BACK))


@pytest.mark.parametrize("words", ["book it for Friday", "great, book it for Thursday at eleven", "you noted it wrong"])
def test_an_order_for_another_time_is_no_yes(words: str) -> None:
    assert not is_a_yes(DESK.hears(words, asked="confirm", prev=READ_BACK))


@pytest.mark.parametrize("words", ["the appointment is fine", "I want to confirm the appointment", "confirm it please"])
def test_words_that_may_keep_a_visit_do_not_end_it(words: str) -> None:
    assert not agrees(words, task="cancel")


@pytest.mark.parametrize(
    "words", ["nope it's fine", "nope that's okay", "No... Yes.", "Cancel... yes.", "Friday... yes."]
)
def test_a_no_before_it_makes_no_yes(words: str) -> None:
    assert not is_a_yes(DESK.hears(words, asked="confirm", prev=READ_BACK))


@pytest.mark.parametrize("words", ["I... yes.", "Um... yes.", "yes that's right"])
def test_a_hesitant_yes_stays_one(words: str) -> None:
    assert is_a_yes(DESK.hears(words, asked="confirm", prev=READ_BACK))


@pytest.mark.parametrize("words", ["go ahead", "yes please", "that's right", "yes, do it"])
def test_a_plain_yes_ends_a_visit(words: str) -> None:
    assert agrees(words, task="cancel")


@pytest.mark.parametrize(
    "words",
    [
        "yes that's all correct go right ahead",
        "thats right go ahead and book it thanks",
        "sounds good to me book it please",
        "sí todo está bien apúntelo por favor",
    ],
)
def test_agreeing_phrases_may_follow_each_other_without_a_pause(words: str) -> None:
    assert agrees(words, task="book", lang="es" if words.startswith("sí") else "en")


@pytest.mark.parametrize(
    "words", ["that's all correct go right ahead and move it", "book it can you", "that's right but book it later"]
)
def test_one_phrase_that_does_not_agree_spoils_the_run(words: str) -> None:
    assert not agrees(words, task="book")


def test_a_long_run_of_polite_words_is_read_at_once() -> None:
    assert not agrees("please then ok okay well " * 12 + "tuesday", task="book")
