"""Phrases as numbers, for the trainer of intents: a block of meanings an encoder, and hashed n-grams."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]

from agent.dialogue.understanding.intents import centred
from agent.dialogue.understanding.ngrams import BUCKETS, buckets
from agent.dialogue.understanding.plain import plain
from agent.domain.ports import Encoder
from evals.training.phrases import Phrase

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Features:
    """All phrases, row by row."""

    dense: tuple[Floats, ...]
    centres: Floats
    sparse: csr_matrix
    labels: npt.NDArray[np.str_]
    written: Mask  # by a hand, not made from another phrase: only these measure, and only these are neighbours
    sources: npt.NDArray[np.intp]  # the number of the phrase a variant was made from, else its own

    def matrix(self, blocks: tuple[int, ...], lexical: float) -> csr_matrix:
        """Return the chosen encoders' meanings beside weighted n-grams."""
        parts = [csr_matrix(self.dense[block]) for block in blocks]
        return hstack([*parts, lexical * self.sparse] if lexical else parts).tocsr()

    def meanings(self, blocks: tuple[int, ...] = (0, 1)) -> Floats:
        """Return the chosen encoders' meanings side by side."""
        return np.concatenate([self.dense[block] for block in blocks], axis=1)


def features(phrases: list[Phrase], sources: list[int], encoders: tuple[Encoder, ...]) -> Features:
    """Embed and count. N-grams seen in one phrase only are left out: they tell nothing of other phrases."""
    texts = [plain(phrase.text) for phrase in phrases]
    raw = [np.asarray(encoder.embed(texts), np.float32) for encoder in encoders]
    centres = np.stack([np.zeros(raw[0].shape[1], np.float32), *(block.mean(axis=0) for block in raw[1:])])
    dense = tuple(centred(block, centre) for block, centre in zip(raw, centres, strict=True))
    sparse = counted(texts)
    kept = np.asarray((sparse > 0).sum(axis=0)).ravel() >= 2
    return Features(
        dense=dense,
        centres=centres,
        sparse=sparse.multiply(kept).tocsr(),
        labels=np.array([phrase.label for phrase in phrases]),
        written=np.array([not phrase.carried for phrase in phrases]),
        sources=np.array(sources, np.intp),
    )


def counted(texts: list[str]) -> csr_matrix:
    """Return the hashed n-grams of plain texts."""
    rows = [buckets(text) for text in texts]
    ends = np.cumsum([0, *(len(where) for where, _ in rows)])
    where = np.concatenate([where for where, _ in rows])
    weights = np.concatenate([weights for _, weights in rows])
    return csr_matrix((weights, where, ends), shape=(len(texts), BUCKETS))
