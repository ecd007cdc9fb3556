"""The trained part of retrieval: which topic fits best, and whether to answer, to offer the nearest, or to decline.

A tiny linear model over the features of `matching` orders the topics; small trees and a linear model over the numbers
of `evidence` say how likely the first of them answers the question: the trees see what goes with what, the linear
model keeps its head at practices unlike any it learnt from. The topic map is trained by ``python -m evals.training.bands``, the
order, the rest and its thresholds by ``python -m evals.training.decision``; all are kept as data.
"""

from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from agent.dialogue.retrieval.evidence import evidence
from agent.dialogue.retrieval.lexical import Background
from agent.dialogue.retrieval.matching import Matches
from agent.dialogue.retrieval.topics import TopicMap
from agent.dialogue.retrieval.trees import Trees

Band = Literal["answer", "offer", "decline"]
Numbers = npt.NDArray[np.float64]


class Weights(BaseModel):
    """The file weights/<pair>.json; see `trained` for the pairs.

    `general` orders topics as wordings of many topics teach it, `rank` as practices do, starting there. `start` is the
    logit that the trees and the `linear` weights of the evidence add to, `other` the row of the topic map for what front
    desks are not asked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoders: tuple[str, ...]
    general: tuple[float, ...]
    rank: tuple[float, ...]
    linear: tuple[float, ...]
    start: float
    other: int
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

    def sure_of(self, topic: int) -> Self:
        """Return the same with one topic first and as the answer; the others keep their order and scores."""
        rest = [(at, score) for at, score in zip(self.order, self.scores, strict=True) if at != topic]
        order, scores = (topic, *(at for at, _ in rest)), (1.0, *(score for _, score in rest))
        return replace(self, band="answer", order=order, scores=scores)


@dataclass(frozen=True, kw_only=True)
class Bands:
    """The trained models of one language."""

    weights: Weights
    topics: TopicMap
    trees: Trees

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
        numbers = evidence(matches, fits, order, self.weights.other)
        logit = self.weights.start + self.trees.logit(numbers) + float(numbers @ np.asarray(self.weights.linear))
        return 1.0 / (1.0 + float(np.exp(-logit)))
