"""How the first topic stands out among this practice's own texts, in units of how much these differ from each other.

How near a text lies to a question depends on the practice: texts of one subject lie near everything asked about it. What
is measured against the practice's other texts holds at practices that were never seen.
"""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
LEAST_SPREAD = 1e-3
"""Keeps topics that are all alike from being divided by nothing."""
CLOSE = 2.0
"""Topics whose fit is less than this behind that of the first are close to it."""
FARTHEST = 5.0
"""A lead beyond which more says nothing."""
OF_FIELD = ("spread_out", "lead_third", "topics", "close")


def standing_names(channels: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the numbers, in order."""
    return (*(f"{name}_{kind}" for name in channels for kind in ("stands", "leads")), *OF_FIELD)


def standing(channels: Numbers, fits: Numbers, order: npt.NDArray[np.intp]) -> Numbers:
    """Return how far the first topic stands above the mean and above the best of the others, by each measure.

    Args:
        channels: Measures of every topic, shape (topics, measures); more is better.
        fits: How well each topic fits.
        order: Positions, best first.

    """
    first = int(order[0])
    spread = channels.std(axis=0) + LEAST_SPREAD
    stands = (channels[first] - channels.mean(axis=0)) / spread
    leads = (channels[first] - _best_of_others(channels, first)) / spread
    shares = np.exp(fits - fits[first])
    shares = shares / shares.sum()
    third = float(fits[first] - fits[order[2]]) if len(order) > 2 else FARTHEST
    field = (
        -float((shares * np.log(shares + 1e-12)).sum()),
        min(third, FARTHEST),
        float(np.log(len(fits))),
        float((fits > fits[first] - CLOSE).sum()),
    )
    return np.concatenate([np.stack([stands, leads], axis=1).ravel(), np.asarray(field)])


def _best_of_others(channels: Numbers, first: int) -> Numbers:
    others = np.delete(channels, first, axis=0)
    return np.asarray(others.max(axis=0)) if len(others) else channels[first]
