"""Spanish laid out in English words, and how far a topic holds the words of a question."""

from collections.abc import Sequence

import numpy as np
import pytest

from agent.dialogue.retrieval.coverage import Covering, WordVectors
from agent.dialogue.retrieval.gloss import Glossing, gloss
from agent.dialogue.retrieval.words import content_words, words_of


class Letters:
    """An encoder of single letters: two words lie near each other when they share letters."""

    name = "letters"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        self.texts += texts
        rows = np.asarray([[float(letter in text) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts])
        unit: list[list[float]] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).tolist()
        return unit


@pytest.mark.parametrize(
    ("spanish", "english"),
    [
        ("¿Cuánto cuesta la limpieza?", "how much does it cost cleaning"),
        ("no tengo seguro", "without insurance"),
        ("¿Atienden Xyloria?", "do you treat xyloria"),
        ("", ""),
    ],
)
def test_spanish_is_laid_out_in_english_words(spanish: str, english: str) -> None:
    assert gloss(spanish) == english


def test_endings_that_are_not_listed_are_found_by_their_stem() -> None:
    assert gloss("cancelamos") != ""
    assert content_words("cancelando las citas", "es") == content_words("cancel appointments", "en")


def test_the_english_encoder_sees_the_gloss_of_a_spanish_text() -> None:
    encoder = Letters()

    Glossing(encoder).embed(["¿Cuánto cuesta la limpieza?"])

    assert encoder.texts == ["how much does it cost cleaning"]


def test_a_gloss_has_vectors_of_its_own_name() -> None:
    assert Glossing(Letters()).name.startswith("letters-gloss-")


def covering(*texts: str) -> Covering:
    return Covering([words_of(text, "en") for text in texts], WordVectors(Letters()))


def test_a_word_that_a_topic_holds_is_covered_whole() -> None:
    held = covering("Bike racks stand outside", "Coffee is free").by_topic(words_of("bikes", "en"), lambda _: 1.0)

    assert held[0].tolist() == pytest.approx([1.0, 0.0])


def test_the_least_covered_word_counts_by_how_rare_it_is() -> None:
    asked = words_of("bike coffee", "en")

    rare = covering("Coffee").by_topic(asked, lambda word: 1.0 if word.startswith("bik") else 0.1)
    common = covering("Coffee").by_topic(asked, lambda word: 0.1 if word.startswith("bik") else 1.0)

    assert rare[0, 1] > common[0, 1]


def test_a_question_without_a_word_that_counts_is_covered_by_nothing() -> None:
    assert covering("Coffee").by_topic(words_of("is it", "en"), lambda _: 1.0).tolist() == [[0.0, 0.0]]


def test_a_word_is_embedded_once() -> None:
    encoder = Letters()
    vectors = WordVectors(encoder, {"bike": np.ones(26, np.float32)})

    vectors.rows(["bike", "coffee"])
    vectors.rows(["coffee"])

    assert encoder.texts == ["coffee"]
