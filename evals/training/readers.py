"""Teaches readers (agent/language/reader.py): the encoder's own upper half, taught further for one question.

They read English alone, for the encoder knows no Spanish; they err elsewhere than what stands on sentence vectors. Of
red flags on two fresh files in English, at .93 of the alarms raised at once, the regression and the nets send .029 of
the harmless phrases to 911 or 988, with one reader .014; at .98 caught they stop .092 and .054.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.encoder.lower import upper_layers
from agent.language.attention import Floats, unpacked
from agent.language.reader import LAYERS, Reader, reader_of
from evals.training.adam import learnt, packed
from evals.training.layers import Net, backward, dropped, forward

ROUNDS = 2
SEEDS = (1, 2)
WIDTH = 384
_DROPPED, _DROPPED_LAST = 0.1, 0.2
_NEW = frozenset({"out", "out_bias"})


@dataclass(frozen=True)
class Heard:
    """An utterance ready for training."""

    pieces: npt.NDArray[np.float16]
    vector: Floats
    level: int


@dataclass(frozen=True, kw_only=True)
class FittedReader:
    """A reader and its weights as they are kept."""

    reader: Reader
    arrays: dict[str, npt.NDArray[np.generic]]

    def predict(self, pieces: Sequence[npt.NDArray[np.float16]], vectors: Floats) -> Floats:
        """Return probabilities, shape (rows, classes)."""
        by_name = ({self.reader.encoder: vector} for vector in vectors)
        return np.stack(
            [
                self.reader.probabilities(np.asarray(one, np.float32), vector)
                for one, vector in zip(pieces, by_name, strict=True)
            ]
        )


def fit_reader(
    pieces: Sequence[npt.NDArray[np.float16]], vectors: Floats, levels: Sequence[int], encoder: str, seed: int
) -> FittedReader:
    """Fit a reader on some utterances: the states of their pieces, their sentence vectors and levels."""
    mean = vectors.mean(axis=0)
    scale = np.float32((vectors - mean).std())
    rows = [Heard(*one) for one in zip(pieces, np.asarray((vectors - mean) / scale, np.float32), levels, strict=True)]
    net = learnt(
        begun(max(levels) + 1, vectors.shape[1], seed),
        rows,
        slopes_of,
        rounds=ROUNDS,
        new=_NEW,
        length=lambda row: len(row.pieces),
        rng=np.random.default_rng(seed),
    )
    out, bias = net.pop("out"), net.pop("out_bias")
    out[WIDTH:] /= scale  # the reader gets vectors as they are
    arrays: dict[str, npt.NDArray[np.generic]] = {**packed(net), "out": out, "out_bias": bias - mean @ out[WIDTH:]}
    return FittedReader(reader=reader_of(unpacked(arrays), encoder), arrays=arrays)


def begun(classes: int, width: int, seed: int) -> Net:
    """Return the weights before training: the encoder's own upper layers, and a last step that knows nothing."""
    rng = np.random.default_rng(seed)
    net = {f"{at}.{name}": value.copy() for at, layer in enumerate(upper_layers()) for name, value in layer.items()}
    net["out"] = rng.normal(0, 0.02, (WIDTH + width, classes)).astype(np.float32)
    net["out_bias"] = np.zeros(classes, np.float32)
    return net


def slopes_of(net: Net, step: list[Heard], rng: np.random.Generator) -> tuple[Net, float]:
    """Return the slope of each weight and the loss over a step's utterances."""
    pieces, there = _side_by_side(step)
    vectors = np.stack([row.vector for row in step])
    rows, passes = np.asarray(dropped(pieces, _DROPPED, rng)[0], np.float32), []
    for at in range(LAYERS):
        layer = {name[2:]: value for name, value in net.items() if name.startswith(f"{at}.")}
        rows, kept = forward(rows, there, layer, _DROPPED, rng)
        passes.append((at, layer, kept))
    shares = there.astype(np.float32) / there.sum(axis=1, keepdims=True)
    meant = np.einsum("rp,rpw->rw", shares, rows)
    last, mask = dropped(np.concatenate([meant, vectors], axis=1), _DROPPED_LAST, rng)
    steep, cost = _steep(last @ net["out"] + net["out_bias"], np.array([row.level for row in step]))
    slopes: Net = {"out": last.T @ steep, "out_bias": steep.sum(axis=0)}
    back = steep @ net["out"].T
    back = (back if mask is None else back * mask)[:, :WIDTH]
    deep = np.asarray(shares[:, :, None] * back[:, None, :], np.float32)
    for at, layer, kept in reversed(passes):
        deep, found = backward(deep, layer, kept)
        slopes.update({f"{at}.{name}": value for name, value in found.items()})
    return slopes, cost


def _side_by_side(step: Sequence[Heard]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the pieces of some utterances, filled up to the longest, and which of them are there."""
    longest = max(len(row.pieces) for row in step)
    pieces, there = np.zeros((len(step), longest, WIDTH), np.float32), np.zeros((len(step), longest), np.bool_)
    for at, row in enumerate(step):
        pieces[at, : len(row.pieces)] = row.pieces
        there[at, : len(row.pieces)] = True
    return pieces, there


def _steep(scores: Floats, gold: npt.NDArray[np.int64]) -> tuple[Floats, float]:
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    odds /= odds.sum(axis=1, keepdims=True)
    rows = np.arange(len(gold))
    cost = float(-np.log(np.maximum(odds[rows, gold], 1e-9)).mean())
    odds[rows, gold] -= 1
    return np.asarray(odds / len(gold), np.float32), cost
