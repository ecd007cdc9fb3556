"""The token classifier over half an encoder: the halves make the whole, and what trains it knows its own slopes."""

import random

import numpy as np
import pytest

from agent.encoder.cut_model import cut_to
from agent.encoder.lower import lower, upper_layers
from agent.encoder.minilm import shared
from agent.language.attention import attended
from agent.phi.context import Context, pieces_of
from agent.phi.utterance import Utterance
from evals.training.layers import backward, forward
from evals.training.phi import gold_of
from evals.training.phi_context import examples, train
from evals.training.phi_hands import hands, rewritten
from evals.training.phi_text import make

TALK = "my nephew needs his shots before school begins, can he come on the ninth?"


def test_the_lower_half_and_the_upper_layers_make_the_whole_encoder() -> None:
    rows, offsets = lower().states(TALK)

    for layer in upper_layers():
        rows = attended(rows, layer)

    whole, places = shared().states(TALK)
    assert offsets == places
    assert np.abs(rows - whole).max() < 0.01


def test_a_model_cut_to_its_own_output_keeps_all_else() -> None:
    inner = b"\x0a\x03one"
    output = b"\x62\x05\x0a\x03out"
    model = b"\x08\x07\x3a" + bytes([len(inner + output)]) + inner + output + b"\x42\x02\x10\x11"

    assert cut_to(model, ["out"]) == model
    assert cut_to(model, ["in"]) == model.replace(b"\x62\x05\x0a\x03out", b"\x62\x04\x0a\x02in").replace(
        b"\x3a\x0c", b"\x3a\x0b"
    )


@pytest.mark.parametrize("name", ["query", "value", "joined", "wide", "narrow_bias", "first_scale", "last_shift"])
def test_a_layer_knows_the_slope_of_each_weight(name: str) -> None:
    rng = np.random.default_rng(3)
    net = {key: value.astype(np.float64) for key, value in upper_layers()[0].items()}
    rows, there = rng.normal(size=(2, 5, 384)), np.array([[True] * 5, [True] * 3 + [False] * 2])
    wanted = rng.normal(size=rows.shape) * there[..., None]
    way = rng.normal(size=net[name].shape)

    def told(step: float) -> float:
        moved = {**net, name: net[name] + step * way}
        return float((forward(rows, there, moved, 0.0, None)[0] * wanted).sum())

    _, kept = forward(rows, there, net, 0.0, None)
    _, slopes = backward(wanted, net, kept)

    assert float((slopes[name] * way).sum()) == pytest.approx((told(1e-5) - told(-1e-5)) / 2e-5, rel=1e-3, abs=1e-3)


def test_what_is_beside_an_utterance_in_a_batch_changes_nothing_of_it() -> None:
    rng, layer = np.random.default_rng(4), upper_layers()[0]
    rows = rng.normal(size=(2, 6, 384)).astype(np.float32)
    there = np.array([[True] * 6, [True] * 4 + [False] * 2])

    together, _ = forward(rows, there, layer, 0.0, None)

    assert np.allclose(together[1, :4], attended(rows[1, :4], layer), atol=1e-4)


def test_each_token_is_the_mean_of_its_pieces() -> None:
    said = Utterance("Okonkwo's 9:30")
    pieces, offsets = lower().states(said.text)

    share = pieces_of(said, offsets)

    assert share.shape == (len(said.tokens), len(pieces))
    assert np.allclose(share.sum(axis=1), 1)
    assert np.count_nonzero(share[0]) > 1


def test_training_the_classifier_twice_gives_the_same_weights() -> None:
    rows = [made for made in make(16, seed=6) if made.said.tokens]

    first, second = (train(examples(rows, lower(), 2), rounds=1, seed=2) for _ in range(2))

    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_an_utterance_by_hand_keeps_its_words_around_identities_drawn_anew() -> None:
    rng = random.Random(8)

    for one in hands()[::15]:
        text, spans = rewritten(rng, one)

        kept = [
            text[end:start]
            for (_, end, _), (start, _, _) in zip([(0, 0, ""), *spans], [*spans, (None, 0, "")], strict=True)
        ]
        said, marks = one.row.said.text, one.row.identities
        places = [(0, 0), *((mark.start, mark.end) for mark in marks)]
        around = [said[end : marks[at].start if at < len(marks) else None] for at, (_, end) in enumerate(places)]
        assert kept == around


def test_generated_utterances_mark_whole_words() -> None:
    for made in make(300, seed=12):
        for start, end, _ in made.spans:
            assert made.said.text[start:end].strip()
        assert len(gold_of(made)) == len(made.said.tokens)


def test_chances_of_an_utterance_add_up() -> None:
    seen = Context().chances(Utterance(TALK))

    assert np.allclose(seen.sum(axis=1), 1, atol=1e-4)
    assert (1 - seen[:, 0]).max() < 0.5
