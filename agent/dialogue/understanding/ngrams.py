"""Hashed n-grams of words and letters: what an utterance looks like, beside what it means."""

import itertools
import math
from collections import Counter
from zlib import crc32

import numpy as np
import numpy.typing as npt

BUCKETS = 1 << 15


def ngrams(text: str) -> list[str]:
    """Return word 1- and 2-grams and, within words, letter 3- to 5-grams, of plain text."""
    words = text.split()
    found = [f"w {word}" for word in words]
    marked = ["^", *words, "$"]
    found += [f"b {one} {two}" for one, two in itertools.pairwise(marked)]
    for word in words:
        padded = f" {word} "
        found += [padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1)]
    return found


def buckets(text: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return the sorted bucket numbers of a plain text and their weights: dampened counts, a unit vector."""
    counts = Counter(crc32(gram.encode()) % BUCKETS for gram in ngrams(text))
    where = np.array(sorted(counts), np.int64)
    weights = np.array([1.0 + math.log(counts[int(bucket)]) for bucket in where], np.float32)
    return where, weights / max(float(np.linalg.norm(weights)), 1e-9)
