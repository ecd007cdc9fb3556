"""The trained part of retrieval: which topic fits best, and whether to answer, to offer the nearest, or to decline.

Two tiny linear models over the features of `matching`: one orders the topics, one says how likely the first of them
answers the question. Trained, and their thresholds chosen, by ``python -m evals.training.bands``; kept as data.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from agent.dialogue.retrieval.lexical import Background
from agent.dialogue.retrieval.matching import Matches
from agent.dialogue.retrieval.topics import TopicMap

Band = Literal["answer", "offer", "decline"]
Numbers = npt.NDArray[np.float64]


class Weights(BaseModel):
    """The file weights/<lang>.json."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoders: tuple[str, ...]
    rank: tuple[float, ...]
    trust: tuple[float, ...]
    trust_bias: float
    answer_at: float
    offer_at: float
    sentences: int
    holding: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """Topics by position in `Matches.entries`, best first, with their scores (0 to 1), and the band."""

    band: Band
    order: tuple[int, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Bands:
    """The trained models of one language."""

    weights: Weights
    topics: TopicMap

    @property
    def background(self) -> Background:
        """How common words are at front desks."""
        return Background(sentences=self.weights.sentences, holding=self.weights.holding)

    def rank(self, matches: Matches) -> Ranked:
        """Order the topics and choose the band."""
        if not matches.entries:
            return Ranked(band="decline", order=(), scores=())
        fits = matches.features @ np.asarray(self.weights.rank)
        order = np.argsort(-fits, kind="stable")
        trust = self.trust(matches, fits, order)
        scores = trust * np.exp(fits[order] - fits[order[0]])
        band: Band = "answer" if trust >= self.weights.answer_at else "offer"
        if trust < self.weights.offer_at:
            band = "decline"
        return Ranked(band=band, order=tuple(int(at) for at in order), scores=tuple(float(score) for score in scores))

    def trust(self, matches: Matches, fits: Numbers, order: npt.NDArray[np.intp]) -> float:
        """Return how likely the first topic answers the question."""
        logit = float(trust_features(matches, fits, order) @ np.asarray(self.weights.trust)) + self.weights.trust_bias
        return 1.0 / (1.0 + float(np.exp(-logit)))


def trust_features(matches: Matches, fits: Numbers, order: npt.NDArray[np.intp]) -> Numbers:
    """Return what tells a found answer from the nearest miss: the fit, its lead, its share, and its own features."""
    best = fits[order[0]]
    second = fits[order[1]] if len(order) > 1 else best - 5.0
    shares = np.exp(fits - best)
    own = matches.features[order[0]]
    extra = [best, min(best - second, 5.0), 1.0 / float(shares.sum()), matches.unknown, min(matches.words, 8) / 8]
    return np.concatenate([np.asarray(extra), own])
