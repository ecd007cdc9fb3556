"""Attention layers that learn, in numpy: the same sums as agent/language/attention.py over a batch, and their slopes."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from agent.language.attention import HEADS, Floats

_SMALL = np.float32(1e-12)
_SLOPE, _CUBE = np.float32(0.7978845608), np.float32(0.044715)
_FAR = np.float32(-1e9)
Net = dict[str, Floats]


@dataclass
class Pass:
    """What a forward pass keeps for the way back."""

    kept: dict[str, Floats] = field(default_factory=dict)


def normed(rows: Floats, net: Net, name: str, kept: dict[str, Floats]) -> Floats:
    centred = rows - rows.mean(axis=-1, keepdims=True)
    over = 1 / np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + _SMALL)
    kept[f"{name}_even"], kept[f"{name}_over"] = centred * over, over
    return kept[f"{name}_even"] * net[f"{name}_scale"] + net[f"{name}_shift"]


def normed_back(steep: Floats, net: Net, name: str, kept: dict[str, Floats], slopes: Net) -> Floats:
    even = kept[f"{name}_even"]
    flat = tuple(range(steep.ndim - 1))
    slopes[f"{name}_scale"], slopes[f"{name}_shift"] = (steep * even).sum(axis=flat), steep.sum(axis=flat)
    inner = steep * net[f"{name}_scale"]
    inner -= inner.mean(axis=-1, keepdims=True) + even * (inner * even).mean(axis=-1, keepdims=True)
    return inner * kept[f"{name}_over"]


def linear_back(steep: Floats, rows: Floats, net: Net, name: str, slopes: Net) -> Floats:
    flat = steep.reshape(-1, steep.shape[-1])
    slopes[name] = rows.reshape(-1, rows.shape[-1]).T @ flat
    slopes[f"{name}_bias"] = flat.sum(axis=0)
    return steep @ net[name].T


def _by_head(rows: Floats) -> Floats:
    batch, length, width = rows.shape
    return np.ascontiguousarray(rows.reshape(batch, length, HEADS, width // HEADS).transpose(0, 2, 1, 3))


def _of_heads(rows: Floats) -> Floats:
    batch, heads, length, width = rows.shape
    return rows.transpose(0, 2, 1, 3).reshape(batch, length, heads * width)


def dropped(rows: Floats, share: float, rng: np.random.Generator | None) -> tuple[Floats, Floats | None]:
    """Return the rows with a share of their numbers left out, and what to multiply slopes by."""
    if rng is None or not share:
        return rows, None
    mask = (rng.random(rows.shape, dtype=np.float32) >= share).astype(np.float32) / np.float32(1 - share)
    return rows * mask, mask


def forward(
    rows: Floats, there: npt.NDArray[np.bool_], net: Net, share: float, rng: np.random.Generator | None
) -> tuple[Floats, dict[str, Floats]]:
    """Return a layer's result over a batch (utterances, pieces, width), and what the way back needs."""
    kept: dict[str, Floats] = {"rows": rows}
    for name in ("query", "key", "value"):
        kept[name] = _by_head(rows @ net[name] + net[f"{name}_bias"])
    near = kept["query"] @ kept["key"].transpose(0, 1, 3, 2) * np.float32((rows.shape[-1] / HEADS) ** -0.5)
    near += np.where(there, np.float32(0), _FAR)[:, None, None, :]
    near = np.exp(near - near.max(axis=-1, keepdims=True))
    near /= near.sum(axis=-1, keepdims=True)
    kept["near"] = near
    kept["seen"] = _of_heads(near @ kept["value"])
    told, mask = dropped(kept["seen"] @ net["joined"] + net["joined_bias"], share, rng)
    if mask is not None:
        kept["joined_mask"] = mask
    kept["middle"] = normed(rows + told, net, "first", kept)
    wide = kept["middle"] @ net["wide"] + net["wide_bias"]
    turn = np.tanh(_SLOPE * (wide + _CUBE * wide * wide * wide))
    kept["wide_in"], kept["turn"] = wide, turn
    kept["bent"] = np.float32(0.5) * wide * (1 + turn)
    told, mask = dropped(kept["bent"] @ net["narrow"] + net["narrow_bias"], share, rng)
    if mask is not None:
        kept["narrow_mask"] = mask
    return normed(kept["middle"] + told, net, "last", kept), kept


def backward(steep: Floats, net: Net, kept: dict[str, Floats]) -> tuple[Floats, Net]:
    """Return the slopes of a layer's rows and of its weights."""
    slopes: Net = {}
    out = normed_back(steep, net, "last", kept, slopes)
    told = out * kept["narrow_mask"] if "narrow_mask" in kept else out
    hidden = linear_back(told, kept["bent"], net, "narrow", slopes)
    wide, turn = kept["wide_in"], kept["turn"]
    hidden *= np.float32(0.5) * (1 + turn) + np.float32(0.5) * wide * (1 - turn * turn) * _SLOPE * (
        1 + 3 * _CUBE * wide * wide
    )
    middle = out + linear_back(hidden, kept["middle"], net, "wide", slopes)
    first = normed_back(middle, net, "first", kept, slopes)
    told = first * kept["joined_mask"] if "joined_mask" in kept else first
    seen = _by_head(linear_back(told, kept["seen"], net, "joined", slopes))
    near = kept["near"]
    value = near.transpose(0, 1, 3, 2) @ seen
    steep_near = seen @ kept["value"].transpose(0, 1, 3, 2)
    steep_near = near * (steep_near - (steep_near * near).sum(axis=-1, keepdims=True))
    steep_near *= np.float32((first.shape[-1] / HEADS) ** -0.5)
    query, key = steep_near @ kept["key"], steep_near.transpose(0, 1, 3, 2) @ kept["query"]
    rows = first
    for name, part in (("query", query), ("key", key), ("value", value)):
        rows = rows + linear_back(_of_heads(part), kept["rows"], net, name, slopes)
    return rows, slopes
