"""Which encoders retrieval was trained with, and what the training left behind."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np

from agent.dialogue.retrieval.bands import Bands, Weights
from agent.dialogue.retrieval.topics import TopicMap
from agent.dialogue.retrieval.trees import Trees
from agent.domain.errors import ConfigError
from agent.domain.ports import Encoder
from agent.language.fold import base_language

FAMILIES = {"en": ("minilm", "e5"), "es": ("e5",)}
"""The encoders of each language, in order, by how their names begin."""


def trained_encoders(lang: str, encoders: Sequence[Encoder]) -> tuple[Encoder, ...]:
    """Pick a language's encoders out of those at hand, in the order of the training; ConfigError when one is missing."""
    picked = []
    for family in FAMILIES[base_language(lang)]:
        fitting = [encoder for encoder in encoders if encoder.name.startswith(family)]
        if not fitting:
            raise ConfigError(f"retrieval needs the encoder {family}, and only others are at hand")
        picked.append(fitting[0])
    return tuple(picked)


@cache
def load_bands(lang: str, encoders: tuple[str, ...]) -> Bands:
    """Load what was trained for a language with these encoders; ConfigError when they are not the ones."""
    folder = files("agent.dialogue.retrieval").joinpath("weights")
    weights = Weights.model_validate_json(folder.joinpath(f"{lang}.json").read_bytes())
    if weights.encoders != encoders:
        raise ConfigError(f"retrieval was trained with {', '.join(weights.encoders)}, not with {', '.join(encoders)}")
    with np.load(BytesIO(folder.joinpath(f"{lang}.npz").read_bytes())) as kept:
        topics = TopicMap(weights=kept["weights"].astype(np.float32), bias=kept["bias"].astype(np.float32))
        trees = Trees.from_arrays(dict(kept))
    return Bands(weights=weights, topics=topics, trees=trees)
