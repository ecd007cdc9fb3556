"""One turn embeds the same words for the screen, the understanding and retrieval: they are embedded once."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from agent.domain.ports import Encoder

KEPT = 64
"""Vectors kept, least recently used first out; texts live in memory only as long."""


class Remembering:
    """An encoder that remembers its last vectors. Thread-safe; equal texts give equal vectors with or without it."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._kept: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()
        self.name = encoder.name

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors, shape (texts, dimensions)."""
        rows = [self._one(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, 0), np.float32)

    def _one(self, text: str) -> npt.NDArray[np.float32]:
        with self._lock:
            if text in self._kept:
                self._kept.move_to_end(text)
                return self._kept[text]
        vector = np.asarray(self._encoder.embed([text])[0], np.float32)
        with self._lock:
            self._kept[text] = vector
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return vector
