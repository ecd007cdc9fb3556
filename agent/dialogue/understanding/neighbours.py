"""The training phrases nearest in meaning to an utterance, and the intents they speak for. numpy only."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
ASKED = 25
"""Phrases asked for their intent."""
REACH = 0.05
"""How much less alike a phrase may be before its say falls to a third; likeness is a cosine."""
FLOOR = 1e-4
"""Share of an intent that none of the nearest phrases expresses."""


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """All phrases as short unit vectors, and the place of each one's intent among `count` intents."""

    axes: Floats  # (dimensions of a meaning, dimensions kept): the directions in which phrases differ most
    vectors: Floats  # (phrases, dimensions kept)
    intents: npt.NDArray[np.intp]
    count: int

    def shares(self, meanings: Floats) -> Floats:
        """Return the logarithm of each intent's share among the nearest phrases, shape (utterances, intents)."""
        alike = shortened(meanings, self.axes) @ self.vectors.T
        asked = min(ASKED, alike.shape[1])
        nearest = np.argpartition(-alike, asked - 1, axis=1)[:, :asked]
        likeness = np.take_along_axis(alike, nearest, axis=1)
        say = np.exp((likeness - likeness.max(axis=1, keepdims=True)) / REACH)
        found = np.full((len(alike), self.count), FLOOR, np.float32)
        rows = np.arange(len(alike))[:, None]
        np.add.at(found, (rows, self.intents[nearest]), say / say.sum(axis=1, keepdims=True))
        return np.asarray(np.log(found / found.sum(axis=1, keepdims=True)), np.float32)

    def packed(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return the arrays of a weights file: a byte a number, with a scale for each phrase."""
        scale = np.maximum(np.abs(self.vectors).max(axis=1, keepdims=True) / 127.0, 1e-9)
        return {
            "axes": self.axes.astype(np.float16),
            "near": np.round(self.vectors / scale).astype(np.int8),
            "near_scale": scale.astype(np.float32),
            "near_intent": self.intents.astype(np.uint8),
        }


def unpacked(arrays: Mapping[str, npt.NDArray[np.generic]], count: int) -> Neighbours:
    """Read what `Neighbours.packed` wrote."""
    return Neighbours(
        axes=arrays["axes"].astype(np.float32),
        vectors=arrays["near"].astype(np.float32) * arrays["near_scale"].astype(np.float32),
        intents=arrays["near_intent"].astype(np.intp),
        count=count,
    )


def shortened(meanings: Floats, axes: Floats) -> Floats:
    """Return meanings along the kept axes, as unit vectors."""
    short = meanings @ axes
    return np.asarray(short / np.maximum(np.linalg.norm(short, axis=1, keepdims=True), 1e-9), np.float32)


def log_shares(scores: Floats) -> Floats:
    """Return the logarithms of probabilities from scores, along the last axis."""
    lowered = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(lowered - np.log(np.exp(lowered).sum(axis=-1, keepdims=True)), np.float32)
