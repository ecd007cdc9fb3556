"""Whether a text speaks of what a question speaks of, word by word: "bike" is not covered by "garage", "sutures" is by "stitches".

Near misses share their subject with a text and differ in one word. A vector of the whole sentence hides that word;
vectors of single words show it.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from agent.dialogue.retrieval.words import Word
from agent.domain.ports import Encoder

Vector = npt.NDArray[np.float32]
KEPT = 4000
"""Words whose vectors are kept in memory; a word costs about 2 ms CPU the first time."""
NOTHING = "nothing"
"""Stands for a topic without any word that carries meaning."""


class WordVectors:
    """Vectors of single English words, kept once made."""

    def __init__(self, encoder: Encoder, known: Mapping[str, Vector] | None = None) -> None:
        self._encoder = encoder
        self._kept: dict[str, Vector] = dict(known or {})

    def rows(self, words: Sequence[str]) -> Vector:
        """Return unit vectors, shape (words, dimensions)."""
        return np.stack([self._one(word) for word in words])

    def _one(self, word: str) -> Vector:
        vector = self._kept.get(word)
        if vector is None:
            vector = np.asarray(self._encoder.embed([word])[0], np.float32)
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[word] = vector
        return vector


class Covering:
    """The words of some topics, ready to be compared with those of a question."""

    def __init__(self, topics: Sequence[Sequence[Word]], vectors: WordVectors) -> None:
        self._vectors = vectors
        self._counts = [frozenset(word.counts_as for word in words) for words in topics]
        self._written = [sorted({word.written for word in words}) or [NOTHING] for words in topics]
        self._starts = np.cumsum([0, *(len(words) for words in self._written)])[:-1]
        self._rows = vectors.rows([word for words in self._written for word in words]) if topics else None

    def by_topic(self, asked: Sequence[Word], weight: Callable[[str], float]) -> Vector:
        """Return, shape (topics, 2), how far each topic holds the words asked: all of them, and what the least held lacks.

        Rare words weigh more; both numbers lie between 0 and 1, and are 0 where nothing is asked.
        """
        if not asked or self._rows is None:
            return np.zeros((len(self._counts), 2), np.float32)
        likeness = self._vectors.rows([word.written for word in asked]) @ self._rows.T
        held = np.clip(np.maximum.reduceat(likeness, self._starts, axis=1), 0.0, 1.0)
        for at, word in enumerate(asked):
            held[at, [word.counts_as in counts for counts in self._counts]] = 1.0
        weights = np.asarray([weight(word.counts_as) for word in asked], np.float32)[:, None]
        total = max(float(weights.sum()), 1e-6)
        return np.stack([(weights * held).sum(axis=0) / total, (weights * (1 - held)).max(axis=0)], axis=1)
