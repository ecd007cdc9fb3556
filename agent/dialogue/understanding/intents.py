"""The classifier of intents at run time: one linear layer over sentence embeddings and n-grams, and nearest phrases.

numpy only. The linear layer generalises, the nearest phrases remember; their log probabilities are added.

Its weights are a file beside a small record that names their hash, the encoders they belong to, and how they were
measured; ``python -m evals.training.intents`` writes both.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from agent.dialogue.understanding.neighbours import log_shares, unpacked
from agent.dialogue.understanding.ngrams import buckets
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.tools import Intent
from agent.domain.errors import ConfigError
from agent.domain.ports import Encoder

FOLDER = Path(__file__).parent / "model"
Vector = npt.NDArray[np.float32]


class Record(BaseModel):
    """What is known of the weights. Figures and hashes of the training data are for people and for the trainer."""

    model_config = ConfigDict(extra="allow", frozen=True)

    weights: str
    sha256: str
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
        self.record = _record(folder / "intents.json")
        arrays = _arrays(folder / self.record.weights, self.record.sha256)
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


def _record(path: Path) -> Record:
    try:
        return Record.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as missing:
        raise ConfigError("the record of the intent model cannot be read", file=path) from missing
    except ValidationError as wrong:
        raise ConfigError("the record of the intent model is not valid", file=path) from wrong


def _arrays(path: Path, sha256: str) -> dict[str, npt.NDArray[np.generic]]:
    try:
        content = path.read_bytes()
    except OSError as missing:
        raise ConfigError("the intent model cannot be read", file=path) from missing
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ConfigError("the intent model is not the one its record describes (its hash differs)", file=path)
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}
