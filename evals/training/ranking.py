"""Fits the weights by which topics are ordered."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]

Array = npt.NDArray[np.float64]
Answered = tuple[Array, int]
"""How all topics match a question, shape (topics, features), and which of them is right."""


def fit_rank(some: Sequence[Answered], *, near: Array | None = None, pull: float = 0.02) -> Array:
    """Fit weights that make the right topic the likeliest of all.

    Args:
        some: Questions with an answer.
        near: Weights learnt elsewhere, which these are pulled towards; zero without.
        pull: How strongly, per square of the distance.

    """
    home = np.zeros(some[0][0].shape[1]) if near is None else near

    def loss(weights: Array) -> tuple[float, Array]:
        apart = weights - home
        total, slope = pull * float(apart @ apart), 2 * pull * apart
        for features, right in some:
            fits = features @ weights
            shares = np.exp(fits - fits.max())
            shares /= shares.sum()
            total -= float(np.log(shares[right] + 1e-12))
            slope = slope + features.T @ shares - features[right]
        return total, slope

    start = np.ones(len(home)) if near is None else home
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)
