"""Trains the topic map of retrieval and a first order of topics: ``python -m evals.training.bands [--cache DIR] [PAIR ...]``.

The map is fitted on all wordings of front_desk.<lang>.txt and its like; a map for Spanish questions also on the English
ones, whose texts lie beside them. The order is learnt from made-up practices dealt from the same wordings, with a map fitted
on what is not asked there, so that its weights learn how far the map is to be trusted. Writes
agent/dialogue/retrieval/weights/<pair>.json and .npz; until ``python -m evals.training.decision`` has run after it,
nothing is answered.
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from agent.dialogue.retrieval.bands import Bands, Weights
from agent.dialogue.retrieval.coverage import WordVectors
from agent.dialogue.retrieval.documents import documents
from agent.dialogue.retrieval.evidence import evidence_names
from agent.dialogue.retrieval.lexical import Background
from agent.dialogue.retrieval.matching import Matcher
from agent.dialogue.retrieval.topics import TopicMap
from agent.dialogue.retrieval.trained import PAIRS, trained_encoders, word_encoder
from agent.dialogue.retrieval.trees import LEAF, Trees
from agent.dialogue.retrieval.words import content_words
from agent.domain.ports import Encoder
from agent.encoder import load_encoders
from evals.training.front_desk import HERE, deal, kept_for_map, lent, read_topics
from evals.training.plain import Plain
from evals.training.ranking import Answered, fit_rank
from evals.training.remembered import Remembering

OUT = Path("agent/dialogue/retrieval/weights")
DEALS = 4
OTHER = "other"
"""The topic of what front desks are not asked."""
Wording = tuple[str, str, str]
"""Words, their topic, their language."""


def others(lang: str) -> list[str]:
    """Read what front desks are not asked, or must not answer."""
    lines = (HERE / f"not_front_desk.{lang}.txt").read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def wordings(pair: str) -> list[Wording]:
    """Return all that the map of a pair is fitted on."""
    langs = ("en",) if pair == "en" else ("es", "en")
    return [
        *((words, topic, lang) for lang in langs for words, topic in lent(lang)),
        *((words, topic.id, lang) for lang in langs for topic in read_topics(lang) for words in topic.asked),
        *((words, OTHER, lang) for lang in langs for words in others(lang)),
    ]


def topic_ids(pair: str) -> list[str]:
    """Return the topics of the map in the order of its rows."""
    return sorted({topic for _, topic, _ in wordings(pair)})


def background(some: Sequence[Wording]) -> Background:
    """Count in how many sentences each word occurs."""
    holding = Counter(word for words, _, lang in some for word in set(content_words(words, lang)))
    return Background(sentences=len(some), holding={word: n for word, n in holding.items() if n > 1})


def fit_map(some: Sequence[Wording], encoders: Mapping[str, Sequence[Encoder]]) -> TopicMap:
    """Fit the map on wordings, each embedded by the encoders of its language."""
    rows = [
        np.concatenate([np.asarray(encoder.embed([words]))[0] for encoder in encoders[lang]]) for words, _, lang in some
    ]
    model = LogisticRegression(C=20.0, tol=1e-3, max_iter=120, class_weight="balanced").fit(
        np.stack(rows), [topic for _, topic, _ in some]
    )
    return TopicMap(weights=model.coef_.astype(np.float32), bias=model.intercept_.astype(np.float32))


def dealt(pair: str, encoders: Sequence[Encoder], known: Background) -> list[Answered]:
    """Deal made-up practices and ask them what they answer, with a map fitted on what they are not asked."""
    lang = pair.partition("-")[0]
    topics = read_topics(lang)
    asked = {words for topic in topics for words in topic.asked} - {
        words for topic in topics for words in kept_for_map(topic)
    }
    by_lang = {one: trained_encoders(one, encoders) for one in ("en", "es")}
    half_map = fit_map([one for one in wordings(pair) if one[0] not in asked], by_lang)
    words = WordVectors(word_encoder(encoders))
    found: list[Answered] = []
    for seed in range(DEALS):
        practice = deal(topics, lang, seed)
        indexes = [Plain(encoder, documents(practice.entries)) for encoder in by_lang[lang]]
        matcher = Matcher(practice.entries, indexes, lang, known, half_map, words)
        place = {entry.id: at for at, entry in enumerate(practice.entries)}
        found += [(matcher.match(said).features, place[id]) for said, id in practice.questions]
    return found


def remembering(cache: Path | None) -> list[Remembering]:
    """Return the encoders, each text embedded once."""
    return [Remembering(encoder, cache) for encoder in load_encoders()]


def train(pair: str, encoders: Sequence[Encoder]) -> None:
    """Train one pair and write it."""
    some = wordings(pair)
    by_lang = {lang: trained_encoders(lang, encoders) for lang in ("en", "es")}
    known = background(some)
    rank = tuple(round(float(one), 5) for one in fit_rank(dealt(pair, encoders, known)))
    weights = Weights(
        encoders=tuple(encoder.name for encoder in by_lang[pair.partition("-")[0]]),
        general=rank,
        rank=rank,
        linear=(0.0,) * len(evidence_names(len(by_lang["en"]))),
        start=0.0,
        other=topic_ids(pair).index(OTHER),
        answer_at=1.0,
        offer_at=1.0,
        sentences=known.sentences,
        holding=dict(sorted(known.holding.items())),
    )
    write(pair, Bands(weights=weights, topics=fit_map(some, by_lang), trees=_none()))
    print(f"{pair}: a map of {len(topic_ids(pair))} topics from {len(some)} wordings")


def _none() -> Trees:
    leaf, zero = np.full((1, 1), LEAF, np.int16), np.zeros((1, 1))
    return Trees(feature=leaf, left=leaf, right=leaf, at=zero, value=zero)


def write(pair: str, bands: Bands) -> None:
    """Write what was trained for a pair."""
    OUT.mkdir(exist_ok=True)
    (OUT / f"{pair}.json").write_text(json.dumps(bands.weights.model_dump(), indent=1) + "\n", "utf-8")
    weights, bias = bands.topics.weights.astype(np.float16), bands.topics.bias
    np.savez(OUT / f"{pair}.npz", weights=weights, bias=bias, **bands.trees.arrays())  # type: ignore[arg-type]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.bands", description=__doc__)
    parser.add_argument("pairs", nargs="*", default=PAIRS)
    parser.add_argument("--cache", type=Path, help="where vectors are kept from run to run")
    given = parser.parse_args()
    encoders = remembering(given.cache)
    with threadpool_limits(limits=1):
        for pair in given.pairs:
            train(pair, cast(Sequence[Encoder], encoders))
    for encoder in encoders:
        encoder.save()


if __name__ == "__main__":
    main()
