"""Which encoders retrieval was trained with, and what the training left behind.

A pair names the language of the questions and, where it is another, that of the texts: en, es, es-en.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np

from agent.dialogue.retrieval.bands import Bands, Weights
from agent.dialogue.retrieval.gloss import Glossing
from agent.dialogue.retrieval.topics import TopicMap
from agent.dialogue.retrieval.trees import Trees
from agent.domain.errors import ConfigError
from agent.domain.ports import Encoder
from agent.language.fold import base_language

ENGLISH, MULTILINGUAL = "minilm", "e5"
"""The two encoders, by how their names begin; Spanish reaches the English one through its gloss."""
PAIRS = ("en", "es", "es-en")


def pair(asked_in: str, written_in: str) -> str:
    """Return the name of a pair of languages.

    >>> pair("es", "es"), pair("es", "en")
    ('es', 'es-en')
    """
    return asked_in if asked_in == written_in else f"{asked_in}-{written_in}"


def trained_encoders(lang: str, encoders: Sequence[Encoder]) -> tuple[Encoder, ...]:
    """Pick a language's encoders out of those at hand, in the order of the training; ConfigError when one is missing."""
    english, multilingual = (_one(encoders, family) for family in (ENGLISH, MULTILINGUAL))
    if base_language(lang) == "es":
        english = Glossing(english)
    return english, multilingual


def word_encoder(encoders: Sequence[Encoder]) -> Encoder:
    """Pick the encoder of single English words; ConfigError when it is missing."""
    return _one(encoders, ENGLISH)


def _one(encoders: Sequence[Encoder], family: str) -> Encoder:
    fitting = [encoder for encoder in encoders if encoder.name.startswith(family)]
    if not fitting:
        raise ConfigError(f"retrieval needs the encoder {family}, and only others are at hand")
    return fitting[0]


@cache
def load_bands(pair: str, encoders: tuple[str, ...]) -> Bands:
    """Load what was trained for a pair of languages with the encoders of its questions; ConfigError when they are others."""
    folder = files("agent.dialogue.retrieval").joinpath("weights")
    weights = Weights.model_validate_json(folder.joinpath(f"{pair}.json").read_bytes())
    if weights.encoders != encoders:
        raise ConfigError(f"retrieval was trained with {', '.join(weights.encoders)}, not with {', '.join(encoders)}")
    with np.load(BytesIO(folder.joinpath(f"{pair}.npz").read_bytes())) as kept:
        topics = TopicMap(weights=kept["weights"].astype(np.float32), bias=kept["bias"].astype(np.float32))
        trees = Trees.from_arrays(dict(kept))
    return Bands(weights=weights, topics=topics, trees=trees)
