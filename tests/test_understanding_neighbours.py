"""The nearest phrases: who speaks for an utterance, and what is kept of them in a file."""

import numpy as np
import pytest

from agent.dialogue.understanding.neighbours import FLOOR, Neighbours, log_shares, unpacked

AXES = np.eye(3, dtype=np.float32)


def of(vectors: list[list[float]], intents: list[int], count: int) -> Neighbours:
    rows = np.array(vectors, np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Neighbours(axes=AXES, vectors=rows, intents=np.array(intents), count=count)


def test_the_nearest_phrase_speaks_loudest() -> None:
    known = of([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 1, 2], 3)

    shares = np.exp(known.shares(np.array([[0.1, 0.9, 0.0]], np.float32)))[0]

    assert shares.argmax() == 1
    assert shares.sum() == pytest.approx(1.0, abs=1e-5)


def test_many_phrases_of_one_intent_outvote_one_that_is_as_near() -> None:
    known = of([[1, 0.1, 0], [1, 0, 0.1], [1, -0.1, 0]], [0, 0, 1], 2)

    shares = np.exp(known.shares(np.array([[1, 0, 0]], np.float32)))[0]

    assert shares[0] == pytest.approx(2 * shares[1], rel=0.01)


def test_an_intent_nobody_near_speaks_for_is_unlikely_but_not_impossible() -> None:
    known = of([[1, 0, 0]], [0], 2)

    shares = np.exp(known.shares(np.array([[1, 0, 0]], np.float32)))[0]

    assert 0 < shares[1] < 2 * FLOOR


def test_an_utterance_without_meaning_gets_shares_all_the_same() -> None:
    known = of([[1, 0, 0], [0, 1, 0]], [0, 1], 2)

    shares = np.exp(known.shares(np.zeros((1, 3), np.float32)))[0]

    assert shares == pytest.approx([0.5, 0.5], abs=1e-3)


def test_what_is_packed_says_the_same_when_unpacked() -> None:
    chance = np.random.default_rng(3)
    known = of(chance.normal(size=(200, 3)).tolist(), [number % 5 for number in range(200)], 5)
    asked = chance.normal(size=(20, 3)).astype(np.float32)

    again = unpacked(known.packed(), 5)

    assert np.exp(again.shares(asked)) == pytest.approx(np.exp(known.shares(asked)), abs=0.05)


def test_shares_of_scores_add_up_to_one_however_large_they_are() -> None:
    shares = np.exp(log_shares(np.array([[1000.0, 999.0, -1000.0]], np.float32)))

    assert shares.sum() == pytest.approx(1.0, abs=1e-5)
    assert shares[0, 0] > shares[0, 1] > shares[0, 2]
