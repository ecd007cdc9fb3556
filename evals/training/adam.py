"""How weights learn, in numpy: Adam, the steps of a round, and the eight bits in which weights are kept.

Deterministic on one thread: the same weights, rows and seed give the same bytes.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from agent.language.attention import SCALE, Floats
from evals.training.layers import Net

_BATCH, _SORTED = 32, 20
"""Utterances of a step, and steps among whose utterances those of like length go together."""
_RATE, _RATE_NEW = 2e-4, 2e-3
_SMALL = 1e-8
_WARM = 0.06
_LONGEST_SLOPE = 1.0
Row = TypeVar("Row")
Slopes = Callable[[Net, list[Row], np.random.Generator], tuple[Net, float]]
"""Gives the slope of each weight, and the loss of a step's rows."""


class Adam:
    """Steps whose length follows each weight's own slopes; rises at first, then falls to nothing.

    `new` names the weights that begin from nothing: they go ten times as far.
    """

    def __init__(self, net: Net, whole: int, new: frozenset[str]) -> None:
        self._net, self._whole, self._new, self._step = net, whole, new, 0
        self._first = {name: np.zeros_like(value) for name, value in net.items()}
        self._second = {name: np.zeros_like(value) for name, value in net.items()}

    def learn(self, slopes: Net) -> None:
        """Change the weights by one step."""
        self._step += 1
        length = float(np.sqrt(sum(float(np.square(slope).sum()) for slope in slopes.values())))
        short = np.float32(min(1.0, _LONGEST_SLOPE / (length + 1e-6)))
        part = self._step / self._whole
        pace = min(1.0, part / _WARM) * max(0.0, 1 - part)
        lift = (1 - 0.999**self._step) ** 0.5 / (1 - 0.9**self._step)
        for name, steep in slopes.items():
            first, second, slope = self._first[name], self._second[name], steep * short
            first += np.float32(0.1) * (slope - first)
            second += np.float32(0.001) * (slope * slope - second)
            rate = np.float32((_RATE_NEW if name in self._new else _RATE) * pace * lift)
            self._net[name] -= rate * first / (np.sqrt(second) + np.float32(_SMALL))


def learnt(
    net: Net,
    rows: Sequence[Row],
    slopes_of: Slopes[Row],
    *,
    rounds: int,
    new: frozenset[str],
    length: Callable[[Row], int],
    rng: np.random.Generator,
) -> Net:
    """Train a net on rows for some rounds, and return it; tells each round's loss."""
    adam = Adam(net, rounds * -(-len(rows) // _BATCH) + 1, new)
    for number in range(rounds):
        began, losses = time.monotonic(), []
        for step in _steps(rows, length, rng):
            slopes, cost = slopes_of(net, step, rng)
            adam.learn(slopes)
            losses.append(cost)
        print(f"round {number + 1}: loss {np.mean(losses):.4f}, {time.monotonic() - began:.0f} s", flush=True)
    return net


def _steps(rows: Sequence[Row], length: Callable[[Row], int], rng: np.random.Generator) -> Iterator[list[Row]]:
    """Yield the rows in random steps, utterances of like length together."""
    order = rng.permutation(len(rows))
    steps: list[list[Row]] = []
    for start in range(0, len(order), _BATCH * _SORTED):
        near = sorted((int(at) for at in order[start : start + _BATCH * _SORTED]), key=lambda at: length(rows[at]))
        steps += [[rows[at] for at in near[place : place + _BATCH]] for place in range(0, len(near), _BATCH)]
    for number in rng.permutation(len(steps)):
        yield steps[number]


def packed(net: Net) -> dict[str, npt.NDArray[np.generic]]:
    """Return the weights as they are kept: matrices in eight bits, with a scale a column."""
    kept: dict[str, npt.NDArray[np.generic]] = {}
    for name, value in sorted(net.items()):
        if value.ndim == 1:
            kept[name] = value
            continue
        scale: Floats = np.maximum(np.abs(value).max(axis=0), np.float32(1e-8)) / np.float32(127)
        kept[name] = np.clip(np.round(value / scale), -127, 127).astype(np.int8)
        kept[f"{name}{SCALE}"] = scale.astype(np.float32)
    return kept
