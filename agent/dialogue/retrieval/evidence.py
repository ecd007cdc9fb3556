"""What tells a found answer from the nearest miss, as numbers: the input of the decision in `bands`."""

import numpy as np
import numpy.typing as npt

from agent.dialogue.retrieval.matching import OF_ASPECT, OF_MAP, OF_WORDS, PER_ENCODER, Matches
from agent.dialogue.retrieval.standing import FARTHEST, standing, standing_names

Numbers = npt.NDArray[np.float64]
OF_ALL = ("fit", "lead", "share", "unknown", "words", "agreeing", "other", "whether", "may", "kind", "sorts",
          "whether_missing", "whether_uncovered", "thing_lacking", "word_lead", "cover_lead", "map_lead")  # fmt: skip


def evidence_names(encoders: int) -> tuple[str, ...]:
    """Return the names of the numbers, in order."""
    of_each = (f"{name}{at}" for at in range(encoders) for name in ("lead", "above"))
    own = (*(f"{name}{at}" for at in range(encoders) for name in PER_ENCODER), *OF_WORDS, *OF_MAP)
    stands = standing_names((*(f"near{at}" for at in range(encoders)), "map", "cover", "fit"))
    return (*OF_ALL, *OF_ASPECT, *of_each, *own, *stands)


def evidence(matches: Matches, fits: Numbers, order: npt.NDArray[np.intp], other: int) -> Numbers:
    """Return the numbers for the first topic in order.

    Args:
        matches: All topics against the question; at least one topic.
        fits: How well each fits.
        order: Positions, best first.
        other: Where the topic map keeps what front desks are not asked.

    """
    first = int(order[0])
    own = matches.features[first]
    words = len(PER_ENCODER) * _encoders(matches)
    of = dict(zip(OF_WORDS, own[words:], strict=False))
    nearest = _nearest(matches)
    asked = matches.asked
    thing = float(asked.whether or asked.may)
    lead = FARTHEST if len(order) < 2 else min(float(fits[first] - fits[order[1]]), FARTHEST)
    by_words, covered = (
        matches.features[:, words + OF_WORDS.index("anywhere")],
        matches.features[:, words + OF_WORDS.index("covered")],
    )
    channels = [*nearest.T, matches.features[:, words], by_words, covered, matches.features[:, -1]]
    of_all = [
        float(fits[first]),
        lead,
        1.0 / float(np.exp(fits - fits[first]).sum()),
        matches.unknown,
        min(matches.words, 8) / 8,
        float(np.mean([channel[first] >= channel.max() for channel in channels])),
        float(matches.mixture[other]),
        float(asked.whether),
        float(asked.may),
        float(bool(asked.sorts & {"kind", "name"})),
        float(min(len(asked.sorts), 3)),
        thing * of["rarest_missing"],
        thing * (1 - of["anywhere"]),
        thing * of["least_covered"],
        _lead(by_words, first),
        _lead(covered, first),
        _lead(matches.features[:, -1], first),
    ]
    of_each = [number for near in nearest.T for number in (_lead(near, first), float(near[first] - near.mean()))]
    against = np.column_stack([nearest, matches.features[:, -1], covered, fits])
    return np.concatenate(
        [np.asarray(of_all), matches.aspects[first], np.asarray(of_each), own, standing(against, fits, order)]
    )


def _encoders(matches: Matches) -> int:
    return (int(matches.features.shape[1]) - len(OF_WORDS) - len(OF_MAP)) // len(PER_ENCODER)


def _nearest(matches: Matches) -> Numbers:
    """Return each topic's nearest text by encoder, shape (topics, encoders)."""
    count = _encoders(matches)
    parts = matches.features[:, : count * len(PER_ENCODER)].reshape(len(matches.entries), count, len(PER_ENCODER))
    return np.asarray(parts.max(axis=2))


def _lead(values: Numbers, first: int) -> float:
    """Return how far a topic is ahead of the best of the others; below zero when it is behind."""
    others = np.delete(values, first)
    return float(values[first] - others.max()) if len(others) else float(values[first])
