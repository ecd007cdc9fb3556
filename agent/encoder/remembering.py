"""One turn embeds the same words for the screen, the understanding and retrieval: they are embedded once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from agent.domain.ports import Encoder, States

KEPT = 64
"""Results kept, least recently used first out; texts live in memory only as long."""
Pieces = tuple[npt.NDArray[np.float32], Sequence[tuple[int, int]]]
Made = TypeVar("Made")


class Remembering:
    """An encoder that remembers its last vectors. Thread-safe; equal texts give equal vectors with or without it."""

    def __init__(self, encoder: Encoder) -> None:
        self._kept = _Kept(lambda text: np.asarray(encoder.embed([text])[0], np.float32))
        self.name = encoder.name

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors, shape (texts, dimensions)."""
        rows = [self._kept.of(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, 0), np.float32)


class RememberingStates:
    """The lower half of an encoder that remembers its last texts. Thread-safe; nobody may write into what it returns."""

    def __init__(self, lower: States) -> None:
        self._kept = _Kept(lower.states)

    def states(self, text: str) -> Pieces:
        """Return a row a piece, and each piece's offsets into the text."""
        return self._kept.of(text)


class _Kept(Generic[Made]):
    """What was made of the last texts."""

    def __init__(self, make: Callable[[str], Made]) -> None:
        self._make = make
        self._made: OrderedDict[str, Made] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, text: str) -> Made:
        """Return what is made of a text, made anew only where it is not kept."""
        with self._lock:
            if text in self._made:
                self._made.move_to_end(text)
                return self._made[text]
        made = self._make(text)
        with self._lock:
            self._made[text] = made
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        return made
