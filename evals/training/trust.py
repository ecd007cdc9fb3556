"""Fits what says how far the first topic found may be trusted: small trees and, beside them, a linear model.

Trees learn what goes with what and tell near misses at practices like those they know; a linear model errs more there and
less at practices unlike them. Their logits are added, each with half the weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from agent.dialogue.retrieval.trees import LEAF, Trees

SEEDS = (0, 1)
OF_TREES = 0.5
"""The share of the trees in the logit; the rest is the linear model's."""
DIGITS = 7
"""Decimals that are kept: what lies beyond them differs from run to run."""
Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Trust:
    """A fitted model; the logit is `start`, what the trees say, and the rows by the linear weights."""

    trees: Trees
    linear: Array
    start: float

    def of(self, rows: Array) -> Array:
        """Return the trust in each row of evidence, 0 to 1."""
        logits = self.start + rows @ self.linear + np.asarray([self.trees.logit(row) for row in rows])
        return np.asarray(1 / (1 + np.exp(-logits)))


def fit(rows: Array, right: Flags) -> Trust:
    """Fit both to rows of evidence and whether the topic was right."""
    models = [_boosted(seed).fit(rows, right) for seed in SEEDS]
    rate = OF_TREES * models[0].learning_rate / len(SEEDS)
    odds = float(np.log(right.mean() / (1 - right.mean())))
    scaler = StandardScaler().fit(rows)
    plain = LogisticRegression(C=0.05, max_iter=2000).fit(scaler.transform(rows), right)
    linear = (1 - OF_TREES) * plain.coef_[0] / scaler.scale_
    start = OF_TREES * odds + (1 - OF_TREES) * float(plain.intercept_[0]) - float(linear @ scaler.mean_)
    return Trust(
        trees=_kept([one.tree_ for model in models for one in model.estimators_[:, 0]], rate),
        linear=np.round(linear, DIGITS),
        start=start,
    )


def _boosted(seed: int) -> GradientBoostingClassifier:
    return GradientBoostingClassifier(
        n_estimators=250,
        max_depth=3,
        learning_rate=0.05,
        subsample=0.6,
        min_samples_leaf=20,
        max_features=0.3,
        random_state=seed,
    )


def _kept(trees: Sequence[Any], rate: float) -> Trees:
    shape = (len(trees), max(tree.node_count for tree in trees))
    feature, left, right = (np.full(shape, LEAF, np.int16) for _ in range(3))
    at, value = np.zeros(shape), np.zeros(shape)
    for number, tree in enumerate(trees):
        nodes = slice(0, tree.node_count)
        feature[number, nodes] = np.maximum(tree.feature, LEAF)
        left[number, nodes], right[number, nodes] = tree.children_left, tree.children_right
        at[number, nodes], value[number, nodes] = tree.threshold, rate * tree.value[:, 0, 0]
    return Trees(feature=feature, at=at.round(DIGITS), left=left, right=right, value=value.round(DIGITS))
