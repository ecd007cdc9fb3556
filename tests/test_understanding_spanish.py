"""Spanish utterances written to measure, never to train: evals/data/intents_fresh_es.yaml."""

from pathlib import Path

import yaml

from agent.dialogue.understanding.plain import plain
from evals.training.phrases import read_phrases
from tests.understanding_desk import the_desk

ROWS = [
    (label, text)
    for label, texts in yaml.safe_load(Path("evals/data/intents_fresh_es.yaml").read_text(encoding="utf-8")).items()
    for text in texts.splitlines()
]


def test_no_spanish_row_was_trained_on() -> None:
    trained = {plain(phrase.text) for phrase in read_phrases()}

    assert [text for _, text in ROWS if plain(text) in trained] == []


def test_spanish_is_understood_above_the_floors() -> None:
    heard = [(label, the_desk().hears(text, lang="es")) for label, text in ROWS]

    inside = [(label, understood) for label, understood in heard if label != "out_of_scope"]
    outside = [understood for label, understood in heard if label == "out_of_scope"]
    assert len(inside) >= 105 and len(outside) >= 7
    assert sum(understood.intent == label for label, understood in inside) / len(inside) >= 0.88
    assert sum(label in (understood.intent, understood.next) for label, understood in inside) / len(inside) >= 0.93
    assert sum(understood.intent == "out_of_scope" for understood in outside) / len(outside) >= 0.80
