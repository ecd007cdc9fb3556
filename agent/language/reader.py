"""Readers: they look at every piece of an English utterance, where sentence vectors blur.

Three attention layers of our own stand on the lower half of the encoder, taught further for one question (red flags; what
must be declined); eight bits a weight, about 4 ms CPU an utterance. What the multilingual encoder makes of the whole
utterance goes into the last step. Taught by evals/training/readers.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agent.language.attention import Floats, Layer, attended, within

LAYERS = 3
PIECES = 96
"""Pieces read of an utterance; a longer one is read in stretches anyway."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One set of upper layers, and the step from their mean and a sentence vector to the classes."""

    layers: tuple[Layer, ...]
    encoder: str
    out: tuple[Floats, Floats]  # weights of shape (pieces' width + sentence's width, classes), bias

    def probabilities(self, pieces: Floats, vectors: Mapping[str, Floats]) -> Floats:
        """Return the probability of each class. `pieces` holds a row a piece of the utterance."""
        rows = pieces[:PIECES]
        for layer in self.layers:
            rows = attended(rows, layer)
        scores = np.concatenate([rows.mean(axis=0), vectors[self.encoder]]) @ self.out[0] + self.out[1]
        odds = np.exp(scores - scores.max())
        return np.asarray(odds / odds.sum(), np.float32)


def reader_of(weights: Mapping[str, Floats], encoder: str) -> Reader:
    """Return a reader of its weights by name; those of a layer begin with its number."""
    return Reader(
        layers=tuple(within(weights, f"{at}.") for at in range(LAYERS)),
        encoder=encoder,
        out=(weights["out"], weights["out_bias"]),
    )


def heard_by_all(readers: Sequence[Reader], pieces: Floats, vectors: Mapping[str, Floats]) -> Floats:
    """Return the mean of what the readers say."""
    return np.asarray(np.mean([reader.probabilities(pieces, vectors) for reader in readers], axis=0), np.float32)
