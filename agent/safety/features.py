"""Hashed word and letter n-grams: what embeddings blur (negation, tense, spelling as recognised) stays visible."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import log
from zlib import crc32

import numpy as np
import numpy.typing as npt

from agent.safety.words import plain

BUCKETS = 1 << 15
Indices = npt.NDArray[np.int64]
Values = npt.NDArray[np.float32]


def ngrams(text: str) -> Iterator[str]:
    """Yield words, pairs, triples, and letters by three to five inside a word, of an utterance in plain words."""
    words = ["<", *plain(text).split(), ">"]
    yield from (f"w {word}" for word in words[1:-1])
    yield from (f"p {one} {two}" for one, two in pairwise(words))
    yield from (f"t {one} {two} {three}" for one, two, three in zip(words, words[1:], words[2:], strict=False))
    for word in words[1:-1]:
        padded = f" {word} "
        for size in (3, 4, 5):
            yield from (f"c {padded[start : start + size]}" for start in range(len(padded) - size + 1))


def hashed(text: str) -> tuple[Indices, Values]:
    """Return bucket numbers, ascending, and damped counts."""
    counts = Counter(crc32(gram.encode()) % BUCKETS for gram in ngrams(text))
    order = sorted(counts)
    return np.array(order, np.int64), np.array([1 + log(counts[bucket]) for bucket in order], np.float32)


def weighed(indices: Indices, values: Values, rarity: Values) -> Values:
    """Return the counts weighed by rarity, as a unit vector."""
    weights = values * rarity[indices]
    length = float(np.linalg.norm(weights))
    return np.asarray(weights / length if length else weights, np.float32)
