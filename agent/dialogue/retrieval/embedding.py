"""Chroma's view of our encoder: passed to every collection so that Chroma never loads one of its own."""

from typing import Any

import numpy as np
from chromadb import Documents, EmbeddingFunction, Embeddings
from chromadb.utils.embedding_functions import register_embedding_function

from agent.domain.ports import Encoder


@register_embedding_function
class Handed(EmbeddingFunction[Documents]):
    """Embeds with the encoder handed in."""

    def __init__(self, encoder: Encoder | None = None) -> None:
        self._encoder = encoder

    def __call__(self, input: Documents) -> Embeddings:
        """Return one vector a text."""
        if self._encoder is None:
            raise RuntimeError("a collection of Careline's is opened with Careline's encoder only")
        return [np.asarray(row, np.float32) for row in self._encoder.embed(list(input))]

    @staticmethod
    def name() -> str:
        """Return the name Chroma keeps beside a collection."""
        return "careline"

    @staticmethod
    def build_from_config(config: dict[str, Any]) -> "EmbeddingFunction[Documents]":  # noqa: ARG004 - the name is Chroma's
        """Return one without encoder: Chroma builds it when a collection is merely listed."""
        return Handed()

    def get_config(self) -> dict[str, Any]:
        """Return nothing: what matters is in the collection's metadata."""
        return {}
