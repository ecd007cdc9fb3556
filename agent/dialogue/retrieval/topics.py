"""A small map of what patients ask front desks about: turns a sentence's vectors into a mixture of known topics.

Two texts that share few words and lie only near each other may still be about the same thing; the map, trained on many
wordings of many topics (evals/training/bands.py), sees that better than the distance alone.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class TopicMap:
    """A linear map: weights (topics, dimensions of all encoders together) and bias (topics)."""

    weights: Vector
    bias: Vector

    def mixture(self, vectors: Vector) -> Vector:
        """Return the square roots of topic shares for each row; the product of two rows is their likeness, 0 to 1."""
        logits = vectors @ self.weights.T + self.bias
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(np.sqrt(shares / shares.sum(axis=1, keepdims=True)), np.float32)
