"""Readers learn what they are shown, and know the slope of each weight."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from agent.encoder.lower import lower
from agent.safety.model import load_model
from agent.safety.words import for_encoder
from evals.training.readers import WIDTH, FittedReader, Heard, begun, fit_reader, slopes_of
from tests.screening import encoders

CALM = ("could I come by for my flu shot", "what do you charge for a missed visit", "I moved, here is my new address")
ALARMED = ("he is turning blue and won't answer", "her lips are blue and she can't talk", "he turned blue, no breath")


@pytest.fixture(scope="module")
def fitted() -> FittedReader:
    said = [*CALM * 12, *ALARMED * 12]
    pieces = [lower().states(text)[0].astype(np.float16) for text in said]
    vectors = np.asarray(encoders()[1].embed(said), np.float32)
    return fit_reader(pieces, vectors, [0] * 36 + [1] * 36, encoders()[1].name, seed=5)


def probability(fitted: FittedReader, text: str) -> float:
    vector = np.asarray(encoders()[1].embed([text])[0], np.float32)
    return float(fitted.reader.probabilities(lower().states(text)[0], {encoders()[1].name: vector})[1])


def test_a_reader_learns_what_it_is_shown(fitted: FittedReader) -> None:
    assert min(probability(fitted, text) for text in ALARMED) > max(probability(fitted, text) for text in CALM)


def test_a_reader_is_the_same_each_time_it_is_trained(fitted: FittedReader) -> None:
    said = [*CALM * 12, *ALARMED * 12]
    pieces = [lower().states(text)[0].astype(np.float16) for text in said]
    vectors = np.asarray(encoders()[1].embed(said), np.float32)

    again = fit_reader(pieces, vectors, [0] * 36 + [1] * 36, encoders()[1].name, seed=5)

    assert all(np.array_equal(again.arrays[name], value) for name, value in fitted.arrays.items())


def test_many_read_at_once_say_what_one_alone_says(fitted: FittedReader) -> None:
    pieces = [lower().states(text)[0].astype(np.float16) for text in CALM]
    vectors = np.asarray(encoders()[1].embed(CALM), np.float32)

    together = fitted.predict(pieces, vectors)

    assert together[:, 1] == pytest.approx([probability(fitted, text) for text in CALM], abs=0.01)


@pytest.mark.parametrize("name", ["out", "out_bias", "0.query", "2.narrow_bias"])
def test_a_reader_knows_the_slope_of_each_weight(name: str) -> None:
    rng = np.random.default_rng(3)
    net: dict[str, Any] = {key: value.astype(np.float64) for key, value in begun(3, 4, 1).items()}
    step = [
        Heard(rng.normal(size=(size, WIDTH)).astype(np.float16), rng.normal(size=4).astype(np.float32), level)
        for size, level in ((5, 0), (3, 2))
    ]
    way = rng.normal(size=net[name].shape)

    def cost(by: float) -> float:
        return slopes_of({**net, name: net[name] + by * way}, step, np.random.default_rng(8))[1]

    slopes, _ = slopes_of(net, step, np.random.default_rng(8))

    assert float((slopes[name] * way).sum()) == pytest.approx((cost(1e-4) - cost(-1e-4)) / 2e-4, rel=0.02, abs=1e-3)


def test_the_readers_word_counts_in_english_alone() -> None:
    model = load_model()
    silent = replace(model, readers=())
    spanish = for_encoder("necesito cambiar la cita de mi papá, ya está mucho mejor")
    vectors = {encoder.name: np.asarray(encoder.embed([spanish])[0], np.float32) for encoder in encoders()}

    assert model.tongue.probabilities(spanish, vectors)["en"] < 0.04
    assert silent.probabilities(spanish, vectors, lower()) == model.probabilities(spanish, vectors, lower())
