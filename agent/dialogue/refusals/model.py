"""The classifier of what must be declined: sentence embeddings and n-grams into one linear layer. numpy only.

Its weights lie beside a record that names their hash, their encoders, the threshold and how they were measured;
``python -m evals.training.refusals`` writes both.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agent.dialogue.understanding.intents import centred
from agent.dialogue.understanding.ngrams import buckets
from agent.domain.errors import ConfigError
from agent.domain.ports import Encoder
from agent.language.trained import Record, read_trained

FOLDER = Path(__file__).parent / "model"
HARMLESS = "none"
Vector = npt.NDArray[np.float32]


class RefusalRecord(Record):
    """What is known of the weights."""

    encoders: tuple[str, ...]
    labels: tuple[str, ...]
    lexical_scale: float
    threshold: float  # probability of anything but `none` from which an utterance is declined
    threshold_adrift: float  # the same where no wish was understood
    threshold_answering: float  # the same for words that answer a question


class RefusalModel:
    """Ranks kinds for plain words. Costs what its encoders cost; they remember what the same turn embedded before."""

    def __init__(self, encoders: Sequence[Encoder], folder: Path = FOLDER) -> None:
        self.record, arrays = read_trained("the model of refusals", folder / "refusals.json", RefusalRecord)
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
