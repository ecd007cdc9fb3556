"""The classifier of what must be declined: sentence embeddings and n-grams into one linear layer. numpy only.

Its weights lie beside a record that names their hash, their encoders, the threshold and how they were measured;
``python -m evals.training.refusals`` writes both.
"""

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from agent.dialogue.understanding.intents import centred
from agent.dialogue.understanding.ngrams import buckets
from agent.domain.errors import ConfigError
from agent.domain.ports import Encoder

FOLDER = Path(__file__).parent / "model"
HARMLESS = "none"
Vector = npt.NDArray[np.float32]


class Record(BaseModel):
    """What is known of the weights. Figures and hashes of the training data are for people and for the trainer."""

    model_config = ConfigDict(extra="allow", frozen=True)

    weights: str
    sha256: str
    encoders: tuple[str, ...]
    labels: tuple[str, ...]
    lexical_scale: float
    threshold: float  # probability of anything but `none` from which an utterance is declined
    threshold_adrift: float  # the same where no wish was understood
    threshold_answering: float  # the same for words that answer a question


class RefusalModel:
    """Ranks kinds for plain words. Costs what its encoders cost; they remember what the same turn embedded before."""

    def __init__(self, encoders: Sequence[Encoder], folder: Path = FOLDER) -> None:
        self.record = _record(folder / "refusals.json")
        arrays = _arrays(folder / self.record.weights, self.record.sha256)
        given = {encoder.name: encoder for encoder in encoders}
        if not set(self.record.encoders) <= set(given):
            raise ConfigError("the model of refusals was trained with other encoders", file=folder / "refusals.json")
        self._encoders = tuple(given[name] for name in self.record.encoders)
        self._centres = arrays["centres"].astype(np.float32)
        self._dense = arrays["dense"].astype(np.float32)
        self._sparse = arrays["sparse"].astype(np.float32) * arrays["sparse_scale"].astype(np.float32)
        self._bias = arrays["bias"].astype(np.float32)

    def chances(self, words: str) -> dict[str, float]:
        """Return the probability of every kind, and of `none`, for an utterance in plain words."""
        vectors = [
            centred(encoder.embed([words]), centre)[0]
            for encoder, centre in zip(self._encoders, self._centres, strict=True)
        ]
        where, weights = buckets(words)
        scores = np.concatenate(vectors) @ self._dense + self._bias
        scores = scores + self.record.lexical_scale * (weights @ self._sparse[where])
        raised = np.exp(scores - scores.max())
        return dict(zip(self.record.labels, map(float, raised / raised.sum()), strict=True))


def _record(path: Path) -> Record:
    try:
        return Record.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as missing:
        raise ConfigError("the record of the model of refusals cannot be read", file=path) from missing
    except ValidationError as wrong:
        raise ConfigError("the record of the model of refusals is not valid", file=path) from wrong


def _arrays(path: Path, sha256: str) -> dict[str, npt.NDArray[np.generic]]:
    try:
        content = path.read_bytes()
    except OSError as missing:
        raise ConfigError("the model of refusals cannot be read", file=path) from missing
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ConfigError("the model of refusals is not the one its record describes (its hash differs)", file=path)
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}
