"""The trained classifier: verified at load, measured on phrases it was never trained on, quick enough for speech."""

import json
import shutil
import time
from pathlib import Path

import pytest
import yaml

from agent.dialogue.understanding.intents import FOLDER, IntentModel
from agent.dialogue.understanding.plain import plain
from agent.domain.errors import ConfigError
from agent.encoder import load_encoders
from agent.encoder.minilm import MiniLM
from evals.training.phrases import WRITERS, hashes, read_phrases, writer
from tests.understanding_desk import the_desk

FRESH = [json.loads(line) for line in Path("evals/data/intents_fresh.jsonl").read_text(encoding="utf-8").splitlines()]

BY_HAND = [
    (hand, label, text)
    for hand, labels in yaml.safe_load(Path("evals/data/intents_fresh_hands.yaml").read_text(encoding="utf-8")).items()
    for label, texts in labels.items()
    for text in texts.splitlines()
]


def test_a_model_altered_by_one_byte_is_refused_in_one_sentence(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "model"))
    weights = bytearray((folder / "intents.npz").read_bytes())
    weights[len(weights) // 2] ^= 1
    (folder / "intents.npz").write_bytes(bytes(weights))

    with pytest.raises(ConfigError, match="hash differs") as refused:
        IntentModel(load_encoders(), folder)

    assert "\n" not in str(refused.value)


def test_a_missing_model_or_record_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "model"))
    (folder / "intents.npz").unlink()

    with pytest.raises(ConfigError, match="cannot be read"):
        IntentModel(load_encoders(), folder)
    with pytest.raises(ConfigError, match="record"):
        IntentModel(load_encoders(), tmp_path / "nowhere")


def test_a_model_is_refused_without_the_encoders_it_was_trained_with() -> None:
    with pytest.raises(ConfigError, match="other encoders"):
        IntentModel((MiniLM(),))


def test_the_model_was_trained_on_the_phrases_that_are_here() -> None:
    record = json.loads((FOLDER / "intents.json").read_text(encoding="utf-8"))

    assert record["phrases"] == hashes()


def test_no_fresh_phrase_was_trained_on() -> None:
    trained = {plain(phrase.text) for phrase in read_phrases()}

    assert [row["text"] for row in FRESH if plain(row["text"]) in trained] == []
    assert [text for _, _, text in BY_HAND if plain(text) in trained] == []


def test_every_file_of_phrases_has_a_writer_and_every_writer_writes() -> None:
    phrases = read_phrases()

    assert {writer(phrase) for phrase in phrases} == {"first", "second", "third"}
    assert set(WRITERS) <= {phrase.author for phrase in phrases}


@pytest.mark.parametrize("hand", ["assistant", "caller", "typed", "polite"])
def test_every_way_of_speaking_is_understood_above_the_floors(hand: str) -> None:
    heard = [(label, the_desk().hears(text)) for way, label, text in BY_HAND if way == hand]

    inside = [(label, understood) for label, understood in heard if label != "out_of_scope"]
    outside = [understood for label, understood in heard if label == "out_of_scope"]
    assert sum(understood.intent == label for label, understood in inside) / len(inside) >= 0.90
    assert sum(label in (understood.intent, understood.next) for label, understood in inside) / len(inside) >= 0.95
    assert sum(understood.intent == "out_of_scope" for understood in outside) / len(outside) >= 0.80
    assert sum(understood.intent == "out_of_scope" for _, understood in inside) / len(inside) <= 0.05


def test_a_confident_guess_is_right_as_often_as_it_says() -> None:
    heard = [(label, the_desk().hears(text)) for _, label, text in BY_HAND]

    sure = [(label, understood) for label, understood in heard if understood.confidence >= 0.8]
    assert len(sure) >= 0.6 * len(heard)
    assert sum(understood.intent == label for label, understood in sure) / len(sure) >= 0.95


def test_fresh_phrases_are_understood_above_the_floors() -> None:
    desk = the_desk()
    heard = [(row["label"], desk.hears(row["text"])) for row in FRESH]

    inside = [(label, understood) for label, understood in heard if label != "out_of_scope"]
    outside = [understood for label, understood in heard if label == "out_of_scope"]
    assert sum(understood.intent == label for label, understood in inside) / len(inside) >= 0.88
    assert sum(label in (understood.intent, understood.next) for label, understood in inside) / len(inside) >= 0.93
    assert sum(understood.intent == "out_of_scope" for understood in outside) / len(outside) >= 0.80
    assert sum(understood.intent == "out_of_scope" for _, understood in inside) / len(inside) <= 0.05


def test_understanding_costs_little_more_than_its_encoders() -> None:
    desk, encoders = the_desk(), load_encoders()
    texts = [row["text"] for row in FRESH[::8]]

    begun = time.process_time()
    for text in texts:
        for encoder in encoders:
            encoder.embed([plain(text)])
    embedding = time.process_time() - begun
    begun = time.process_time()
    for text in texts:
        desk.hears(text + " you see")
    understanding = time.process_time() - begun

    assert understanding < 4 * embedding
