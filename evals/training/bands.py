"""Trains the map and the order of topics in retrieval: ``python -m evals.training.bands [LANG ...]``.

Made-up practices are dealt from front_desk.<lang>.txt: each answers some of the topics, worded once or twice, and is
asked the other wordings, those of topics it does not answer, and things no front desk is asked. The topic map is fitted
on wordings that are not asked in the same deal, so that the weights learn how far it is to be trusted. Writes
agent/dialogue/retrieval/weights/<lang>.json and .npz and prints the figures of deals kept aside. Until
``python -m evals.training.decision`` has run after it, nothing is answered.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from agent.dialogue.retrieval.bands import Bands, Weights
from agent.dialogue.retrieval.documents import documents
from agent.dialogue.retrieval.lexical import Background
from agent.dialogue.retrieval.matching import Matcher, Matches
from agent.dialogue.retrieval.topics import TopicMap
from agent.dialogue.retrieval.trained import trained_encoders
from agent.dialogue.retrieval.trees import LEAF, Trees
from agent.dialogue.retrieval.words import content_words
from agent.domain.ports import Encoder
from agent.encoder import load_encoders
from evals.training.front_desk import HERE, Dealt, Topic, deal, lent, read_topics
from evals.training.plain import Plain
from evals.training.remembered import Remembering

OUT = Path("agent/dialogue/retrieval/weights")
DEALS, KEPT_ASIDE = 12, 4
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One question of a deal: how all topics match it, and which is right, by position."""

    matches: Matches
    right: int | None
    strange: bool = False


def others(lang: str) -> list[str]:
    """Read what front desks are not asked, or must not answer."""
    lines = (HERE / f"not_front_desk.{lang}.txt").read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def background(topics: list[Topic], strange: list[str], lang: str) -> Background:
    sentences = [*strange, *(words for topic in topics for words in topic.asked)]
    holding = Counter(word for sentence in sentences for word in set(content_words(sentence, lang)))
    return Background(sentences=len(sentences), holding={word: n for word, n in holding.items() if n > 1})


def fit_map(pairs: Sequence[tuple[str, str]], encoders: Sequence[Encoder]) -> TopicMap:
    rows = np.concatenate([np.asarray(encoder.embed([text for text, _ in pairs])) for encoder in encoders], axis=1)
    strength = 20.0 if len(encoders) > 1 else 200.0  # vectors of the multilingual encoder alone lie close together
    model = LogisticRegression(C=strength, tol=1e-3, max_iter=120, class_weight="balanced").fit(
        rows, [id for _, id in pairs]
    )
    return TopicMap(weights=model.coef_.astype(np.float32), bias=model.intercept_.astype(np.float32))


def _borrowed(lang: str) -> list[tuple[str, str]]:
    """Return more wordings for the map; English ones too for another language, whose encoder places both side by side."""
    if lang == "en":
        return lent("en")
    strange = [(words, "other") for words in others("en")]
    return [
        *lent(lang),
        *lent("en"),
        *strange,
        *((words, topic.id) for topic in read_topics("en") for words in topic.asked),
    ]


def topic_ids(lang: str) -> list[str]:
    """Return the topics of the map in the order of its rows; "other" is what front desks are not asked."""
    return sorted({"other", *(id for _, id in _borrowed(lang)), *(topic.id for topic in read_topics(lang))})


def cases(dealt: Dealt, encoders: Sequence[Encoder], lang: str, known: Background, strange: list[str]) -> list[Case]:
    asked = {words for words, _ in dealt.questions}
    pairs = [*_borrowed(lang), *dealt.for_map, *((words, "other") for words in strange if words not in asked)]
    found = documents(dealt.entries)
    indexes = [Plain(encoder, found) for encoder in encoders]
    matcher = Matcher(dealt.entries, indexes, lang, known, fit_map(pairs, encoders))
    outside = set(strange)
    place = {entry.id: at for at, entry in enumerate(dealt.entries)}
    return [
        Case(matches=matcher.match(words), right=None if id is None else place[id], strange=words in outside)
        for words, id in dealt.questions
    ]


def fit_rank(train: Sequence[Case]) -> Array:
    """Fit weights that make the right topic the likeliest of all."""
    answered = [case for case in train if case.right is not None]

    def loss(weights: Array) -> tuple[float, Array]:
        total, slope = 0.02 * float(weights @ weights), 0.04 * weights
        for case in answered:
            fits = case.matches.features @ weights
            shares = np.exp(fits - fits.max())
            shares /= shares.sum()
            right = cast(int, case.right)
            total -= float(np.log(shares[right] + 1e-12))
            slope = slope + case.matches.features.T @ shares - case.matches.features[right]
        return total, slope

    start = np.ones(answered[0].matches.features.shape[1])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def first_right(some: Sequence[Case], rank: Array) -> float:
    """Return the share of answerable questions whose topic comes first."""
    answerable = [case for case in some if case.right is not None]
    return float(np.mean([int(np.argmax(case.matches.features @ rank)) == case.right for case in answerable]))


def train(lang: str) -> None:
    encoders = [cast(Encoder, Remembering(encoder)) for encoder in trained_encoders(lang, load_encoders())]
    topics, strange = read_topics(lang), others(lang)
    known = background(topics, strange, lang)
    dealt = [cases(deal(topics, strange, lang, seed), encoders, lang, known, strange) for seed in range(DEALS)]
    fitted = [case for deal_ in dealt[KEPT_ASIDE:] for case in deal_]
    aside = [case for deal_ in dealt[:KEPT_ASIDE] for case in deal_]
    rank = fit_rank(fitted)
    weights = Weights(
        encoders=tuple(encoder.name for encoder in encoders),
        rank=tuple(round(float(one), 5) for one in rank),
        start=0.0,
        other=topic_ids(lang).index("other"),
        answer_at=1.0,
        offer_at=1.0,
        sentences=known.sentences,
        holding=dict(sorted(known.holding.items())),
    )
    final = [
        *_borrowed(lang),
        *((words, topic.id) for topic in topics for words in topic.asked),
        *((words, "other") for words in strange),
    ]
    topic_map = fit_map(final, encoders)
    _write(lang, Bands(weights=weights, topics=topic_map, trees=_none()))
    print(f"{lang}: R@1 {first_right(aside, rank):.3f} in deals kept aside")


def _none() -> Trees:
    leaf, zero = np.full((1, 1), LEAF, np.int16), np.zeros((1, 1))
    return Trees(feature=leaf, left=leaf, right=leaf, at=zero, value=zero)


def _write(lang: str, bands: Bands) -> None:
    OUT.mkdir(exist_ok=True)
    (OUT / f"{lang}.json").write_text(json.dumps(bands.weights.model_dump(), indent=1) + "\n", "utf-8")
    weights, bias = bands.topics.weights.astype(np.float16), bands.topics.bias
    np.savez(OUT / f"{lang}.npz", weights=weights, bias=bias, **bands.trees.arrays())  # type: ignore[arg-type]


if __name__ == "__main__":
    for language in sys.argv[1:] or ["en", "es"]:
        train(language)
