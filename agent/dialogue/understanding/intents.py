"""The classifier of intents at run time: one linear layer over sentence embeddings and n-grams, and nearest phrases.

numpy only. The linear layer generalises, the nearest phrases remember; their log probabilities are added.

Its weights are a file beside a small record that names their hash, the encoders they belong to, and how they were
measured; ``python -m evals.training.intents`` writes both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agent.dialogue.understanding.neighbours import log_shares, unpacked
from agent.dialogue.understanding.ngrams import buckets
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.tools import Intent
from agent.domain.errors import ConfigError
from agent.domain.ports import Encoder
from agent.language.trained import Record, read_trained

FOLDER = Path(__file__).parent / "model"
Vector = npt.NDArray[np.float32]


class IntentRecord(Record):
    """What is known of the weights."""

    encoders: tuple[str, ...]
    labels: tuple[Intent, ...]
    temperature: float
    lexical_scale: float
    neighbours_weight: float


@dataclass(frozen=True, kw_only=True)
class Guess:
    """All intents with their calibrated probabilities, likeliest first."""

    ranked: tuple[tuple[Intent, float], ...]

    @property
    def intent(self) -> Intent:
        """The likeliest."""
        return self.ranked[0][0]

    @property
    def confidence(self) -> float:
        """Its probability."""
        return self.ranked[0][1]

    @property
    def next(self) -> Intent:
        """The second likeliest."""
        return self.ranked[1][0]

    def of(self, intent: Intent) -> float:
        """Return the probability of one intent."""
        return next((p for name, p in self.ranked if name == intent), 0.0)


class IntentModel:
    """Says which intent an utterance expresses. Loading it costs 0.1 s, a guess what its encoders cost."""

    def __init__(self, encoders: Sequence[Encoder], folder: Path = FOLDER) -> None:
        self.record, arrays = read_trained("the intent model", folder / "intents.json", IntentRecord)
        given = {encoder.name: encoder for encoder in encoders}
        if not set(self.record.encoders) <= set(given):
            raise ConfigError("the intent model was trained with other encoders", file=folder / "intents.json")
        self._encoders = tuple(given[name] for name in self.record.encoders)
        self._centres = arrays["centres"].astype(np.float32)
        self._dense = arrays["dense"].astype(np.float32)
        self._sparse = arrays["sparse"].astype(np.float32) * arrays["sparse_scale"].astype(np.float32)
        self._bias = arrays["bias"].astype(np.float32)
        self._neighbours = unpacked(arrays, len(self.record.labels))

    def guess(self, text: str) -> Guess:
        """Rank all intents for one utterance or clause (pseudonyms allowed)."""
        words = plain(text) or "..."
        meaning = np.concatenate(
            [
                centred(encoder.embed([words]), centre)[0]
                for encoder, centre in zip(self._encoders, self._centres, strict=True)
            ]
        )
        where, weights = buckets(words)
        scores = meaning @ self._dense + self.record.lexical_scale * (weights @ self._sparse[where]) + self._bias
        together = log_shares(scores) + self.record.neighbours_weight * self._neighbours.shares(meaning[None])[0]
        chances = np.exp(log_shares(together / self.record.temperature))
        order = np.argsort(-chances, kind="stable")
        return Guess(ranked=tuple((self.record.labels[int(i)], float(chances[int(i)])) for i in order))


def centred(vectors: Sequence[Sequence[float]] | Vector, centre: Vector) -> Vector:
    """Return vectors counted from what all texts have in common, as unit vectors again."""
    moved = np.asarray(vectors, np.float32) - centre
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), np.float32)
