"""An index in an array, for training: finds what Chroma's finds, exactly, and needs no store."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from agent.dialogue.retrieval.documents import Document, Part
from agent.dialogue.retrieval.index import Near
from agent.domain.ports import Encoder


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
