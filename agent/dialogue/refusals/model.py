"""The classifier of what must be declined: sentence embeddings and n-grams into one linear layer, and a reader of every
piece of the words (agent/language/reader.py). numpy only.

The reader knows English: its word counts as far as the words sound English, up to half.

Its weights lie beside a record that names their hash, their encoders, the threshold and how they were measured;
``python -m evals.training.refusals`` writes both.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from agent.dialogue.understanding.intents import centred
from agent.dialogue.understanding.ngrams import buckets
from agent.domain.errors import ConfigError
from agent.domain.ports import Encoder, States
from agent.language.attention import unpacked, within
from agent.language.reader import reader_of
from agent.language.trained import Record, read_trained

FOLDER = Path(__file__).parent / "model"
HARMLESS = "none"
TONGUES = ("en", "es")
SURE = 0.5
"""Probability above which words are English."""
SHARE, LEAST = 0.5, 0.02
"""The share of the reader's word about surely English words, and the share below which it is not asked."""
Vector = npt.NDArray[np.float32]


class Limits(BaseModel):
    """Probabilities of anything but `none` from which an utterance is declined."""

    model_config = ConfigDict(frozen=True)

    free: float
    adrift: float  # where no wish was understood
    answering: float  # for words that answer a question


class RefusalRecord(Record):
    """What is known of the weights."""

    encoders: tuple[str, ...]
    labels: tuple[str, ...]
    lexical_scale: float
    limits: dict[str, Limits]  # for English words, and for all others


class RefusalModel:
    """Ranks kinds for plain words. Costs what its encoders cost, which remember what the same turn embedded before, and
    about 4 ms for the reader; the last encoder's vectors go into it. `pieces` is the lower half that it stands on.
    """

    def __init__(self, encoders: Sequence[Encoder], pieces: States, folder: Path = FOLDER) -> None:
        self.record, arrays = read_trained("the model of refusals", folder / "refusals.json", RefusalRecord)
        given = {encoder.name: encoder for encoder in encoders}
        if not set(self.record.encoders) <= set(given):
            raise ConfigError("the model of refusals was trained with other encoders", file=folder / "refusals.json")
        self._encoders = tuple(given[name] for name in self.record.encoders)
        self._pieces = pieces
        self._reader = reader_of(unpacked(within(arrays, "reader/")), self.record.encoders[-1])
        self._tongue = arrays["tongue"].astype(np.float32), arrays["tongue_bias"].astype(np.float32)
        self._centres = arrays["centres"].astype(np.float32)
        self._dense = arrays["dense"].astype(np.float32)
        self._sparse = arrays["sparse"].astype(np.float32) * arrays["sparse_scale"].astype(np.float32)
        self._bias = arrays["bias"].astype(np.float32)

    def chances(self, words: str) -> dict[str, float]:
        """Return the probability of every kind, and of `none`, for an utterance in plain words."""
        vectors = {encoder.name: np.asarray(encoder.embed([words])[0], np.float32) for encoder in self._encoders}
        found = self._linear(words, list(vectors.values()))
        share = SHARE * self._english(vectors[self._encoders[-1].name])
        if share >= LEAST:
            read = self._reader.probabilities(self._pieces.states(words)[0], vectors)
            found = (1 - share) * found + share * read
        return dict(zip(self.record.labels, map(float, found), strict=True))

    def limits(self, words: str) -> Limits:
        """Return the limits for words of this language: the reader draws a sharper line than the linear layer alone."""
        vector = np.asarray(self._encoders[-1].embed([words])[0], np.float32)
        return self.record.limits[TONGUES[self._english(vector) <= SURE]]

    def _english(self, vector: Vector) -> float:
        weights, bias = self._tongue
        return float(1 / (1 + np.exp(-(vector @ weights + bias))))

    def _linear(self, words: str, vectors: Sequence[Vector]) -> Vector:
        around = [centred(vector[None], centre)[0] for vector, centre in zip(vectors, self._centres, strict=True)]
        where, weights = buckets(words)
        scores = np.concatenate(around) @ self._dense + self._bias
        scores = scores + self.record.lexical_scale * (weights @ self._sparse[where])
        raised = np.exp(scores - scores.max())
        return np.asarray(raised / raised.sum(), np.float32)
