"""Plain attention layers in numpy, over one utterance: the upper layers of classifiers of our own, kept in eight bits."""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

HEADS = 12
_SMALL = 1e-12
_SLOPE, _CUBE = 0.7978845608, 0.044715
Floats = npt.NDArray[np.float32]
Layer = Mapping[str, Floats]
SCALE = ":scale"
Kept = TypeVar("Kept")


def unpacked(stored: Mapping[str, npt.NDArray[np.generic]]) -> dict[str, Floats]:
    """Return weights as they are computed with: those in eight bits times the scale of their column, kept beside them."""
    names = [name for name in stored if not name.endswith(SCALE)]
    return {name: _whole(stored[name], stored.get(f"{name}{SCALE}")) for name in names}


def within(weights: Mapping[str, Kept], front: str) -> dict[str, Kept]:
    """Return the weights whose names begin so, without that beginning."""
    return {name.removeprefix(front): value for name, value in weights.items() if name.startswith(front)}


def _whole(stored: npt.NDArray[np.generic], scale: npt.NDArray[np.generic] | None) -> Floats:
    plain = np.asarray(stored, np.float32)
    return plain if scale is None else plain * np.asarray(scale, np.float32)


def normed(rows: Floats, scale: Floats, shift: Floats) -> Floats:
    """Return rows with mean 0 and deviation 1, scaled and shifted."""
    centred = rows - rows.mean(axis=-1, keepdims=True)
    return np.asarray(
        centred / np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + _SMALL) * scale + shift, np.float32
    )


def bent(rows: Floats) -> Floats:
    """Return the smooth step (GELU, by tanh) of each number."""
    return np.asarray(0.5 * rows * (1 + np.tanh(_SLOPE * (rows + _CUBE * rows * rows * rows))), np.float32)


def attended(rows: Floats, layer: Layer) -> Floats:
    """Return what one layer makes of an utterance's pieces, shape (pieces, width) in and out."""
    query, key, value = (_by_head(rows @ layer[name] + layer[f"{name}_bias"]) for name in ("query", "key", "value"))
    near = query @ key.transpose(0, 2, 1) / np.float32((rows.shape[1] / HEADS) ** 0.5)
    near = np.exp(near - near.max(axis=-1, keepdims=True))
    near /= near.sum(axis=-1, keepdims=True)
    seen = (near @ value).transpose(1, 0, 2).reshape(rows.shape)
    rows = normed(rows + seen @ layer["joined"] + layer["joined_bias"], layer["first_scale"], layer["first_shift"])
    wide = bent(rows @ layer["wide"] + layer["wide_bias"])
    return normed(rows + wide @ layer["narrow"] + layer["narrow_bias"], layer["last_scale"], layer["last_shift"])


def _by_head(rows: Floats) -> Floats:
    return rows.reshape(len(rows), HEADS, -1).transpose(1, 0, 2)
