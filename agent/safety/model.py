"""The calibrated classifier of the screen: logistic regression over sentence embeddings and n-grams, small nets over
the embeddings alone, and readers of every piece of it (agent/language/reader.py).

The whole utterance is read by all: the nets' probabilities are averaged with those of the regression; the readers know
English, so that their word counts as far as the utterance sounds English, up to half.

Made by `python -m evals.training.red_flags`; the record beside the weights holds their hash, the thresholds and figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agent.domain.ports import States
from agent.language.attention import unpacked, within
from agent.language.reader import Reader, heard_by_all, reader_of
from agent.language.trained import Record, read_trained
from agent.safety.features import hashed, weighed

FOLDER = Path(__file__).with_name("model")
RECORD, WEIGHTS = "red_flags.json", "red_flags.npz"
DESK_CLASSES = ("desk", "other")
TONGUES = ("en", "es")
SHARE, LEAST = 0.5, 0.02
"""The share of the readers' word about surely English words, and the share below which they are not asked."""
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Net:
    """One hidden layer over the joined vectors of some encoders, in this order; softmax over its head's classes."""

    encoders: tuple[str, ...]
    hidden: tuple[Floats, Floats]  # weights of shape (dimensions, units), bias
    out: tuple[Floats, Floats]  # weights of shape (units, classes), bias

    def probabilities(self, vectors: Mapping[str, Floats]) -> Floats:
        """Return the probability of each class, in the head's order."""
        joined = np.concatenate([vectors[encoder] for encoder in self.encoders])
        return _softmax(np.maximum(joined @ self.hidden[0] + self.hidden[1], 0) @ self.out[0] + self.out[1])


@dataclass(frozen=True, kw_only=True)
class Head:
    """One linear layer over some encoders' vectors and n-grams, softmax over its classes; averaged with nets if any."""

    classes: tuple[str, ...]
    bias: Floats
    dense: Mapping[str, tuple[Floats, Floats]]  # encoder -> (mean, weights of shape (classes, dimensions))
    rarity: Floats
    sparse: Floats  # (classes, buckets)
    nets: tuple[Net, ...] = ()

    def probabilities(self, text: str, vectors: Mapping[str, Floats]) -> dict[str, float]:
        """Return the probability of each class. `vectors` holds one unit vector for each encoder of this head."""
        indices, counts = hashed(text)
        logits: Floats = self.bias + self.sparse[:, indices] @ weighed(indices, counts, self.rarity)
        for encoder, (mean, weights) in self.dense.items():
            logits = np.asarray(logits + weights @ (vectors[encoder] - mean), np.float32)
        found = _softmax(logits)
        if self.nets:
            voted = sum(net.probabilities(vectors) for net in self.nets) / len(self.nets)
            found = np.asarray((found + voted) / 2, np.float32)
        return {name: float(share) for name, share in zip(self.classes, found, strict=True)}


def _softmax(logits: Floats) -> Floats:
    odds = np.exp(logits - logits.max())
    return np.asarray(odds / odds.sum(), np.float32)


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Probabilities from which a level is raised.

    `alarm` is held against 911 and 988 together, `ask` against those and ask, `urgent` against all but none.
    """

    alarm: float
    ask: float
    urgent: float

    def stricter(self) -> "Thresholds":
        """Return the limits for one stretch of a long call, or for the answer to a plain question: half of the room above each."""
        return Thresholds(alarm=(1 + self.alarm) / 2, ask=(1 + self.ask) / 2, urgent=(1 + self.urgent) / 2)

    def for_plain_talk(self, share: float) -> "Thresholds":
        """Return the limits for what sounds like the plain talk of a desk, `share` how much: doubts take up to a third of their room more."""
        more = share / 3
        return Thresholds(
            alarm=self.alarm, ask=self.ask + (1 - self.ask) * more, urgent=self.urgent + (1 - self.urgent) * more
        )

    def for_a_name(self) -> "Thresholds":
        """Return the limits where a name or a birth date was asked: stricter, but no alarm is lowered."""
        strict = self.stricter()
        return Thresholds(alarm=self.alarm, ask=strict.ask, urgent=strict.urgent)


@dataclass(frozen=True, kw_only=True)
class RedFlagModel:
    """Five heads: the whole utterance, a stretch of a long one, what an alarm is about, the plain talk of a desk, and
    the language; and the readers.
    """

    whole: Head
    window: Head
    family: Head
    desk: Head
    tongue: Head
    readers: tuple[Reader, ...]
    thresholds: Thresholds
    encoders: tuple[str, ...]

    def probabilities(self, text: str, vectors: Mapping[str, Floats], pieces: States) -> dict[str, float]:
        """Return the probability of each level for a whole utterance."""
        found = self.whole.probabilities(text, vectors)
        share = SHARE * self.tongue.probabilities(text, vectors)["en"]
        if share < LEAST:
            return found
        read = heard_by_all(self.readers, pieces.states(text)[0], vectors)
        return {name: (1 - share) * found[name] + share * float(said) for name, said in zip(found, read, strict=True)}


class RedFlagRecord(Record):
    """What is known of the weights."""

    encoders: tuple[str, ...]
    classes: tuple[str, ...]
    families: tuple[str, ...]
    nets: int
    readers: int
    read_with: str  # the encoder whose vectors go into the readers
    thresholds: Thresholds


def load_model(folder: Path = FOLDER) -> RedFlagModel:
    """Read the weights, verified against their record. Raises ConfigError when one is missing or altered."""
    record, arrays = read_trained("the red-flag model", folder / RECORD, RedFlagRecord)
    return RedFlagModel(
        whole=replace(
            _head("whole", arrays, record.classes),
            nets=tuple(_net(f"net{number}", arrays, record.encoders) for number in range(record.nets)),
        ),
        window=_head("window", arrays, record.classes),
        family=_head("family", arrays, record.families),
        desk=_head("desk", arrays, DESK_CLASSES),
        tongue=_head("tongue", arrays, TONGUES),
        readers=tuple(
            reader_of(unpacked(within(arrays, f"reader{number}/")), record.read_with)
            for number in range(record.readers)
        ),
        thresholds=record.thresholds,
        encoders=record.encoders,
    )


def _net(name: str, arrays: Mapping[str, npt.NDArray[np.generic]], encoders: tuple[str, ...]) -> Net:
    def floats(key: str) -> Floats:
        return np.asarray(arrays[f"{name}/{key}"], np.float32)

    return Net(
        encoders=encoders,
        hidden=(floats("hidden"), floats("hidden_bias")),
        out=(floats("out"), floats("out_bias")),
    )


def _head(name: str, arrays: Mapping[str, npt.NDArray[np.generic]], classes: tuple[str, ...]) -> Head:
    def floats(key: str) -> Floats:
        return np.asarray(arrays[f"{name}/{key}"], np.float32)

    def rows(key: str) -> Floats:
        """Return a row for each class: of two classes only the second one's is kept, against nothing for the first."""
        kept = floats(key)
        return kept if len(kept) == len(classes) else np.concatenate([np.zeros_like(kept), kept])

    encoders = sorted(key.split("/")[2] for key in arrays if key.startswith(f"{name}/mean/"))
    return Head(
        classes=classes,
        bias=rows("bias"),
        dense={encoder: (floats(f"mean/{encoder}"), rows(f"dense/{encoder}")) for encoder in encoders},
        rarity=floats("rarity"),
        sparse=rows("sparse"),
    )
