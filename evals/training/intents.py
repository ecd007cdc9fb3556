"""Trains, compares, calibrates and measures the classifier of intents: ``python -m evals.training.intents``.

Writes the weights and their record under agent/dialogue/understanding/model/. Deterministic: the same phrases and
encoders give the same file. About five minutes on two cores; ``--quick`` skips the comparison.
"""

import argparse
import hashlib
import io
import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from agent.dialogue.understanding.intents import FOLDER, centred
from agent.dialogue.understanding.ngrams import BUCKETS, buckets
from agent.dialogue.understanding.plain import plain
from agent.domain.ports import Encoder
from agent.encoder import load_encoders
from evals.training.phrases import Phrase, carried, hashes, read_phrases

SEED = 7
FOLDS = 3
STRENGTH = 20.0
LEXICAL = 0.7
ELSEWHERE = "out_of_scope"
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Features:
    """All phrases as vectors: one block an encoder, and n-grams."""

    dense: tuple[Floats, ...]
    centres: Floats
    sparse: csr_matrix
    labels: npt.NDArray[np.str_]

    def matrix(self, blocks: tuple[int, ...], lexical: float) -> csr_matrix:
        """Return the chosen encoders' vectors beside weighted n-grams."""
        parts = [csr_matrix(self.dense[block]) for block in blocks]
        return hstack([*parts, lexical * self.sparse] if lexical else parts).tocsr()


def features(phrases: list[Phrase], encoders: tuple[Encoder, ...]) -> Features:
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
    )


def counted(texts: list[str]) -> csr_matrix:
    """Return the hashed n-grams of plain texts."""
    rows = [buckets(text) for text in texts]
    ends = np.cumsum([0, *(len(where) for where, _ in rows)])
    where = np.concatenate([where for where, _ in rows])
    weights = np.concatenate([weights for _, weights in rows])
    return csr_matrix((weights, where, ends), shape=(len(texts), BUCKETS))


def fit(matrix: csr_matrix, labels: npt.NDArray[np.str_]) -> LogisticRegression:
    """Fit one linear layer; no randomness is involved."""
    return LogisticRegression(C=STRENGTH, max_iter=80, tol=1e-3).fit(matrix, labels)


def figures(
    scores: npt.NDArray[np.float64], names: npt.NDArray[np.str_], gold: npt.NDArray[np.str_]
) -> dict[str, float]:
    """Return in-scope accuracy, best two, out-of-scope recall and how much in-scope is sent there."""
    order = np.argsort(-scores, axis=1, kind="stable")
    best, second = names[order[:, 0]], names[order[:, 1]]
    inside = gold != ELSEWHERE
    values = {
        "n": float(len(gold)),
        "in_scope": float((best == gold)[inside].mean()),
        "best_two": float(((best == gold) | (second == gold))[inside].mean()),
        "out_of_scope_recall": float((best == gold)[~inside].mean()),
        "in_scope_sent_out": float((best == ELSEWHERE)[inside].mean()),
    }
    return {name: round(value, 4) for name, value in values.items()}


def original(phrases: list[Phrase]) -> npt.NDArray[np.bool_]:
    """Return which phrases were written, not made from others: only these measure."""
    return np.array([not phrase.carried for phrase in phrases])


def across_hands(made: Features, phrases: list[Phrase], matrix: csr_matrix) -> dict[str, float]:
    """Train on our phrases, measure on another author's: closest to people whose words were never seen."""
    other = np.array([phrase.author == "A" for phrase in phrases])
    known = np.isin(made.labels, np.unique(made.labels[other])) & original(phrases)
    model = fit(matrix[~other], made.labels[~other])
    return figures(model.decision_function(matrix[other & known]), model.classes_, made.labels[other & known])


def folded(
    made: Features, matrix: csr_matrix, sources: list[int]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.str_]]:
    """Return scores of every phrase from a model that saw neither it nor a variant of it."""
    fold = (np.random.default_rng(SEED).permutation(max(sources) + 1) % FOLDS)[sources]
    names = np.unique(made.labels)
    scores = np.zeros((len(made.labels), len(names)))
    for part in range(FOLDS):
        model = fit(matrix[fold != part], made.labels[fold != part])
        scores[fold == part] = model.decision_function(matrix[fold == part])
    return scores, names


def temperature(scores: npt.NDArray[np.float64], names: npt.NDArray[np.str_], gold: npt.NDArray[np.str_]) -> float:
    """Return the divisor of scores that makes unseen probabilities honest (least negative log likelihood)."""
    right = np.searchsorted(names, gold)

    def loss(divisor: float) -> float:
        spread = scores / divisor
        spread = spread - spread.max(axis=1, keepdims=True)
        chosen = spread[np.arange(len(right)), right] - np.log(np.exp(spread).sum(axis=1))
        return float(-chosen.mean())

    return min((round(0.4 + 0.05 * step, 2) for step in range(40)), key=loss)


def packed(model: LogisticRegression, made: Features) -> bytes:
    """Return the weights as a file: half precision for the dense part, bytes for the n-grams."""
    weights = np.asarray(model.coef_.T, np.float32)
    width = sum(block.shape[1] for block in made.dense)
    sparse = weights[width:] * LEXICAL
    scale = np.maximum(np.abs(sparse).max(axis=0) / 127.0, 1e-9).astype(np.float32)
    content = io.BytesIO()
    np.savez_compressed(
        content,
        centres=made.centres.astype(np.float32),
        dense=weights[:width].astype(np.float16),
        sparse=np.round(sparse / scale).astype(np.int8),
        sparse_scale=scale,
        bias=np.asarray(model.intercept_, np.float32),
    )
    return content.getvalue()


def compare(made: Features, phrases: list[Phrase]) -> dict[str, dict[str, float]]:
    """Measure each alternative on another author's phrases."""
    alternatives = {
        "minilm": ((0,), 0.0), "minilm + n-grams": ((0,), LEXICAL), "e5": ((1,), 0.0), "e5 + n-grams": ((1,), LEXICAL),
        "minilm + e5": ((0, 1), 0.0), "minilm + e5 + n-grams": ((0, 1), LEXICAL),
    }  # fmt: skip
    found = {}
    for name, (blocks, lexical) in alternatives.items():
        found[name] = across_hands(made, phrases, made.matrix(blocks, lexical))
        print(f"{name:24} {found[name]}", flush=True)
    return found


def main() -> None:
    """Train and write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="do not compare alternatives; keep the recorded figures")
    quick = asked.parse_args().quick
    encoders = load_encoders()
    written = read_phrases()
    variants = carried(written, seed=SEED)
    phrases = [*written, *(variant for _, variant in variants)]
    sources = [*range(len(written)), *(source for source, _ in variants)]
    made = features(phrases, encoders)
    matrix = made.matrix((0, 1), LEXICAL)
    record = FOLDER / "intents.json"
    before = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    compared = before.get("across_hands", {}) if quick else compare(made, phrases)
    scores, names = folded(made, matrix, sources)
    scores, gold = scores[original(phrases)], made.labels[original(phrases)]
    model = fit(matrix, made.labels)
    content = packed(model, made)
    (FOLDER / "intents.npz").write_bytes(content)
    kept = {
        "weights": "intents.npz",
        "sha256": hashlib.sha256(content).hexdigest(),
        "encoders": [encoder.name for encoder in encoders],
        "labels": [str(name) for name in model.classes_],
        "temperature": temperature(scores, names, gold),
        "lexical_scale": 1.0,
        "phrases": hashes(),
        "cross_validated": figures(scores, names, gold),
        "across_hands": compared,
    }
    record.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(kept["cross_validated"], "temperature", kept["temperature"])


if __name__ == "__main__":
    main()
