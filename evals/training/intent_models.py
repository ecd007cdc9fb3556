"""Ways to tell intents apart, all with one face: learn from some phrases, score others. No randomness is involved."""

from collections.abc import Callable

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from agent.dialogue.understanding.neighbours import Neighbours, log_shares, shortened
from evals.training.intent_features import Features, Floats, Mask

STRENGTH = 8.0
LEXICAL = 0.7
WEIGHT = 0.4
"""Of the nearest phrases' log shares beside the linear layer's log probabilities."""
KEPT = 192
"""Directions kept of the meanings of 768."""
Model = Callable[[Features, Mask, Mask], Floats]
"""(features, what to learn from, what to score) -> scores, one column a label in order of name."""


def fit(made: Features, known: Mask, blocks: tuple[int, ...], lexical: float) -> LogisticRegression:
    """Fit one linear layer."""
    matrix = made.matrix(blocks, lexical)
    return LogisticRegression(C=STRENGTH, max_iter=80, tol=1e-3).fit(matrix[known], made.labels[known])


def near(made: Features, known: Mask, blocks: tuple[int, ...] = (0, 1)) -> Neighbours:
    """Keep the written phrases, along the directions in which they differ most."""
    chosen = known & made.written
    meanings = made.meanings(blocks)[chosen]
    _, directions = np.linalg.eigh(meanings.T.astype(np.float64) @ meanings)
    axes = np.asarray(directions[:, -KEPT:], np.float16).astype(np.float32)
    names, intents = np.unique(made.labels[chosen], return_inverse=True)
    return Neighbours(axes=axes, vectors=shortened(meanings, axes), intents=intents, count=len(names))


def linear(*blocks: int, lexical: float = 0.0) -> Model:
    """One linear layer, logistic."""

    def scored(made: Features, known: Mask, asked: Mask) -> Floats:
        model = fit(made, known, blocks, lexical)
        return log_shares(model.decision_function(made.matrix(blocks, lexical)[asked]))

    return scored


def margins(*blocks: int, lexical: float = 0.0) -> Model:
    """One linear layer, with the largest margins; its scores are no probabilities."""

    def scored(made: Features, known: Mask, asked: Mask) -> Floats:
        matrix = made.matrix(blocks, lexical)
        model = LinearSVC(C=0.3, max_iter=300, random_state=0).fit(matrix[known], made.labels[known])
        return np.asarray(model.decision_function(matrix[asked]), np.float32)

    return scored


def prototypes(made: Features, known: Mask, asked: Mask) -> Floats:
    """Compare with the middle of each intent."""
    meanings, labels = made.meanings(), made.labels
    middles = np.stack([meanings[known & (labels == name)].mean(axis=0) for name in np.unique(labels[known])])
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    return np.asarray(meanings[asked] @ middles.T, np.float32)


def nearest(made: Features, known: Mask, asked: Mask) -> Floats:
    """Ask the nearest phrases."""
    return near(made, known).shares(made.meanings()[asked])


def together(made: Features, known: Mask, asked: Mask) -> Floats:
    """Ask the linear layer and the nearest phrases: what is shipped."""
    return linear(0, 1, lexical=LEXICAL)(made, known, asked) + WEIGHT * nearest(made, known, asked)


ALTERNATIVES: dict[str, Model] = {
    "minilm": linear(0),
    "e5": linear(1),
    "minilm + e5": linear(0, 1),
    "minilm + e5 + n-grams": linear(0, 1, lexical=LEXICAL),
    "the same, largest margins": margins(0, 1, lexical=LEXICAL),
    "middles of intents": prototypes,
    "nearest phrases": nearest,
    "linear layer and nearest phrases": together,
}
