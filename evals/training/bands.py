"""Trains the bands of retrieval: ``python -m evals.training.bands [LANG ...]``.

Made-up practices are dealt from front_desk.<lang>.txt: each answers some of the topics, worded once or twice, and is
asked the other wordings, those of topics it does not answer, and things no front desk is asked. The topic map is fitted
on wordings that are not asked in the same deal, so that the weights learn how far it is to be trusted. Writes
agent/dialogue/retrieval/weights/<lang>.json and .npz and prints the figures of deals kept aside.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from agent.dialogue.retrieval.bands import Bands, Weights, trust_features
from agent.dialogue.retrieval.documents import Document, Part, documents
from agent.dialogue.retrieval.index import Near
from agent.dialogue.retrieval.lexical import Background
from agent.dialogue.retrieval.matching import Matcher, Matches
from agent.dialogue.retrieval.topics import TopicMap
from agent.dialogue.retrieval.trained import trained_encoders
from agent.dialogue.retrieval.words import content_words
from agent.domain.ports import Encoder
from agent.encoder import load_encoders
from evals.training.front_desk import HERE, Dealt, Topic, deal, lent, read_topics

OUT = Path("agent/dialogue/retrieval/weights")
DEALS, KEPT_ASIDE = 12, 4
FALSE_ANSWERS = 0.04
FALSE_OFFERS = 0.35
Array = npt.NDArray[np.float64]


class Remembering:
    """An encoder that embeds each text once."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._known: dict[str, npt.NDArray[np.float32]] = {}

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        for text in texts:
            if text not in self._known:
                self._known[text] = np.asarray(self._encoder.embed([text]), np.float32)[0]
        return np.stack([self._known[text] for text in texts])


class Plain:
    """An index in an array; finds what `Index` finds, exactly."""

    def __init__(self, encoder: Encoder, found: Sequence[Document]) -> None:
        self._encoder, self._found = encoder, found
        self._rows = np.asarray(encoder.embed([document.text for document in found]), np.float32)

    def embed(self, question: str) -> npt.NDArray[np.float32]:
        vectors: npt.NDArray[np.float32] = np.asarray(self._encoder.embed([question]), np.float32)
        return np.asarray(vectors[0])

    def near(self, vector: npt.NDArray[np.float32]) -> list[Near]:
        best: dict[str, dict[str, float]] = defaultdict(dict)
        for document, likeness in zip(self._found, self._rows @ vector, strict=True):
            parts = best[document.entry]
            parts[document.part] = max(parts.get(document.part, -1.0), float(likeness))
        return [Near(entry=entry, **parts) for entry, parts in best.items()]

    def vectors(self, part: Part) -> dict[str, npt.NDArray[np.float32]]:
        rows: dict[str, list[npt.NDArray[np.float32]]] = defaultdict(list)
        for document, row in zip(self._found, self._rows, strict=True):
            if document.part == part:
                rows[document.entry].append(row)
        return {entry: np.stack(vectors) for entry, vectors in rows.items()}


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


def trust_rows(some: Sequence[Case], rank: Array) -> tuple[Array, npt.NDArray[np.bool_]]:
    rows, right = [], []
    for case in some:
        fits = case.matches.features @ rank
        order = np.argsort(-fits, kind="stable")
        rows.append(trust_features(case.matches, fits, order))
        right.append(case.right is not None and int(order[0]) == case.right)
    return np.stack(rows), np.asarray(right)


def threshold(trust: Array, some: Sequence[Case], share: float) -> float:
    """Return the lowest trust at which at most this share of what has no answer passes.

    Near misses and strange questions count half each, as they do in life; the deals hold many more near misses.
    """
    near = np.sort([one for one, case in zip(trust, some, strict=True) if case.right is None and not case.strange])
    far = np.sort([one for one, case in zip(trust, some, strict=True) if case.strange])
    for at in np.arange(0.02, 1.0, 0.005):
        if (np.mean(near >= at) + np.mean(far >= at)) / 2 <= share:
            return float(at)
    return 1.0


def train(lang: str) -> None:
    encoders = [cast(Encoder, Remembering(encoder)) for encoder in trained_encoders(lang, load_encoders())]
    topics, strange = read_topics(lang), others(lang)
    known = background(topics, strange, lang)
    dealt = [cases(deal(topics, strange, lang, seed), encoders, lang, known, strange) for seed in range(DEALS)]
    fitted = [case for deal_ in dealt[KEPT_ASIDE:] for case in deal_]
    aside = [case for deal_ in dealt[:KEPT_ASIDE] for case in deal_]
    rank = fit_rank(fitted)
    rows, right = trust_rows(fitted, rank)
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    model = LogisticRegression(C=1.0, max_iter=1000).fit((rows - middle) / spread, right)
    trust = model.coef_[0] / spread
    bias = float(model.intercept_[0] - (middle * trust).sum())
    rows_aside, right_aside = trust_rows(aside, rank)
    scores = 1 / (1 + np.exp(-(rows_aside @ trust + bias)))
    unanswerable = np.asarray([case.right is None for case in aside])
    weights = Weights(
        encoders=tuple(encoder.name for encoder in encoders),
        rank=tuple(round(float(one), 5) for one in rank),
        trust=tuple(round(float(one), 5) for one in trust),
        trust_bias=round(bias, 5),
        answer_at=round(threshold(scores, aside, FALSE_ANSWERS), 4),
        offer_at=round(threshold(scores, aside, FALSE_OFFERS), 4),
        sentences=known.sentences,
        holding=dict(sorted(known.holding.items())),
    )
    final = [
        *_borrowed(lang),
        *((words, topic.id) for topic in topics for words in topic.asked),
        *((words, "other") for words in strange),
    ]
    topic_map = fit_map(final, encoders)
    _write(lang, Bands(weights=weights, topics=topic_map))
    _print(lang, weights, scores, right_aside, unanswerable)


def _write(lang: str, bands: Bands) -> None:
    OUT.mkdir(exist_ok=True)
    (OUT / f"{lang}.json").write_text(json.dumps(bands.weights.model_dump(), indent=1) + "\n", "utf-8")
    np.savez(OUT / f"{lang}.npz", weights=bands.topics.weights.astype(np.float16), bias=bands.topics.bias)


def _print(
    lang: str, weights: Weights, scores: Array, right: npt.NDArray[np.bool_], unanswerable: npt.NDArray[np.bool_]
) -> None:
    said = scores >= weights.answer_at
    answerable = ~unanswerable
    print(f"{lang}: {answerable.sum()} answerable, {unanswerable.sum()} not")
    print(f"  R@1 {right[answerable].mean():.3f}")
    print(f"  answered right {(said & right)[answerable].mean():.3f}, wrong {(said & ~right)[answerable].mean():.3f}")
    print(f"  false answers {said[unanswerable].mean():.3f} at {weights.answer_at}")
    print(f"  offered or answered {(scores >= weights.offer_at)[answerable].mean():.3f} at {weights.offer_at}")


if __name__ == "__main__":
    for language in sys.argv[1:] or ["en", "es"]:
        train(language)
