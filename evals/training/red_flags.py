"""Trains the red-flag classifier: `python -m evals.training.red_flags`.

Reads agent/safety/phrases/*.jsonl, writes agent/safety/model/. Deterministic: the same rows give the same file.
Thresholds come from cross-validation: the lowest that keep false alarms and needless questions within budget.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from agent.domain.ports import Encoder
from agent.safety.features import BUCKETS, hashed, weighed
from agent.safety.model import FOLDER, RECORD, WEIGHTS, Thresholds
from agent.safety.words import for_encoder

PHRASES = FOLDER.with_name("phrases")
CLASSES = ("911", "988", "ask", "none", "urgent")
FAMILIES = {
    "poisoning": "911.poison", "overdose": "911.poison", "pregnancy": "911.pregnancy", "newborn": "911.newborn",
    "violence": "911.violence", "abuse": "988.abuse",
}  # fmt: skip
FAMILY_CLASSES = ("911.newborn", "911.other", "911.poison", "911.pregnancy", "911.violence", "988.abuse", "988.suicide")
DENSE_SCALE, SPARSE_SCALE, STRENGTH = 1.2, 1.5, 8.0
FALSE_ALARMS, NEEDLESS, FALSE_STRETCHES = 0.025, 0.07, 0.003
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One phrase."""

    text: str
    level: str
    kind: str
    lang: str
    author: str

    @property
    def family(self) -> str:
        return FAMILIES.get(self.kind, "988.suicide" if self.level == "988" else "911.other")


def read_rows(folder: Path = PHRASES) -> list[Row]:
    """Return all phrases, each text once, ordered by file and line."""
    rows: dict[str, Row] = {}
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = Row(**json.loads(line))
            rows.setdefault(for_encoder(row.text), row)
    return list(rows.values())


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What the heads read: hashed counts and, for each encoder, unit vectors."""

    counts: list[tuple[npt.NDArray[np.int64], Floats]]
    vectors: dict[str, Floats]

    def rarity(self, rows: npt.NDArray[np.int64]) -> Floats:
        """Return the inverse document frequency of each bucket over some rows."""
        seen = np.zeros(BUCKETS)
        for row in rows:
            seen[self.counts[row][0]] += 1
        return np.asarray(np.log((1 + len(rows)) / (1 + seen)) + 1, np.float32)

    def table(self, rows: npt.NDArray[np.int64], rarity: Floats, means: dict[str, tuple[Floats, float]]) -> csr_matrix:
        """Return the scaled features of some rows, n-grams first."""
        picked = [self.counts[row] for row in rows]
        ends = np.cumsum([0, *(len(buckets) for buckets, _ in picked)])
        values = np.concatenate([weighed(buckets, counts, rarity) for buckets, counts in picked]) * SPARSE_SCALE
        grams = csr_matrix((values, np.concatenate([pair[0] for pair in picked]), ends), shape=(len(rows), BUCKETS))
        dense = [csr_matrix((self.vectors[name][rows] - mean) * scale) for name, (mean, scale) in means.items()]
        return hstack([grams, *dense]).tocsr()


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A head as arrays, and as what predicts during cross-validation."""

    arrays: dict[str, npt.NDArray[np.generic]]
    model: LogisticRegression
    rarity: Floats
    means: dict[str, tuple[Floats, float]]

    def predict(self, inputs: Inputs, rows: npt.NDArray[np.int64]) -> Floats:
        """Return probabilities, shape (rows, classes)."""
        return np.asarray(self.model.predict_proba(inputs.table(rows, self.rarity, self.means)), np.float32)


def fit(inputs: Inputs, labels: npt.NDArray[np.str_], rows: npt.NDArray[np.int64], encoders: Sequence[str]) -> Fitted:
    """Fit one head on some rows with some encoders."""
    rarity = inputs.rarity(rows)
    means: dict[str, tuple[Floats, float]] = {}
    for name in encoders:
        vectors = inputs.vectors[name][rows]
        centred = vectors - vectors.mean(axis=0)
        means[name] = (np.asarray(vectors.mean(axis=0), np.float32), DENSE_SCALE / 20 / float(centred.std()))
    model = LogisticRegression(C=STRENGTH, max_iter=400).fit(inputs.table(rows, rarity, means), labels[rows])
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "bias": np.asarray(model.intercept_, np.float32),
        "rarity": rarity.astype(np.float16),
        "sparse": (model.coef_[:, :BUCKETS] * SPARSE_SCALE).astype(np.float16),
    }
    start = BUCKETS
    for name, (mean, scale) in means.items():
        end = start + len(mean)
        arrays[f"mean/{name}"] = mean
        arrays[f"dense/{name}"] = np.asarray(model.coef_[:, start:end] * scale, np.float32)
        start = end
    return Fitted(arrays=arrays, model=model, rarity=rarity, means=means)


def crossed(inputs: Inputs, labels: npt.NDArray[np.str_], encoders: Sequence[str]) -> Floats:
    """Return out-of-fold probabilities of all rows, five folds."""
    found = np.zeros((len(labels), len(set(labels))), np.float32)
    for train, test in StratifiedKFold(5, shuffle=True, random_state=7).split(labels, labels):
        found[test] = fit(inputs, labels, train, encoders).predict(inputs, test)
    return found


def thresholds(whole: Floats, window: Floats, labels: npt.NDArray[np.str_]) -> Thresholds:
    """Return the lowest limits within budget on harmless rows."""
    harmless = labels == "none"

    def limit(scores: Floats, budget: float) -> float:
        return round(float(np.quantile(scores[harmless], 1 - budget)), 4)

    alarm = limit(whole[:, 0] + whole[:, 1], FALSE_ALARMS)
    soft = limit(1 - whole[:, CLASSES.index("none")], FALSE_ALARMS + NEEDLESS)
    return Thresholds(alarm=alarm, soft=soft, window=limit(window[:, 0] + window[:, 1], FALSE_STRETCHES))


def figures(probabilities: Floats, labels: npt.NDArray[np.str_], limits: Thresholds) -> dict[str, float]:
    """Return what the classifier alone does, out of fold."""
    alarm = probabilities[:, 0] + probabilities[:, 1]
    alarmed = alarm >= limits.alarm
    soft = 1 - probabilities[:, CLASSES.index("none")] >= limits.soft
    must, harmless = np.isin(labels, ("911", "988")), labels == "none"
    tier = np.where(probabilities[:, 0] >= probabilities[:, 1], "911", "988") == labels
    return {
        "caught": _share((alarmed | soft)[must]),
        "straight_alarm": _share(alarmed[must]),
        "right_tier": _share((alarmed & tier)[must]),
        "urgent_caught": _share((alarmed | soft)[labels == "urgent"]),
        "false_alarm": _share(alarmed[harmless]),
        "needless_question": _share((soft & ~alarmed)[harmless]),
    }


def _share(hits: npt.NDArray[np.bool_]) -> float:
    return round(float(hits.mean()), 4)


def read_inputs(rows: Sequence[Row], encoders: Sequence[Encoder]) -> Inputs:
    """Embed and hash all rows."""
    texts = [for_encoder(row.text) for row in rows]
    vectors = {
        encoder.name: np.asarray(np.stack([np.asarray(encoder.embed([text])[0], np.float32) for text in texts]))
        for encoder in encoders
    }
    return Inputs(counts=[hashed(text) for text in texts], vectors=vectors)


def write(folder: Path, heads: dict[str, Fitted], record: dict[str, object]) -> None:
    """Write the weights and their record."""
    folder.mkdir(exist_ok=True)
    arrays = {f"{head}/{key}": array for head, fitted in heads.items() for key, array in fitted.arrays.items()}
    weights = folder / WEIGHTS
    np.savez_compressed(weights, **arrays)  # type: ignore[arg-type]
    record["sha256"] = hashlib.sha256(weights.read_bytes()).hexdigest()
    (folder / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def train(encoders: Sequence[Encoder], folder: Path = FOLDER) -> dict[str, object]:
    """Fit all heads, choose thresholds, write the model; return its record. The first encoder reads stretches."""
    rows = read_rows()
    inputs = read_inputs(rows, encoders)
    names = [encoder.name for encoder in encoders]
    labels = np.array([row.level for row in rows])
    whole, window = crossed(inputs, labels, names), crossed(inputs, labels, names[:1])
    limits = thresholds(whole, window, labels)
    everything = np.arange(len(rows))
    alarms = np.flatnonzero(np.isin(labels, ("911", "988")))
    heads = {
        "whole": fit(inputs, labels, everything, names),
        "window": fit(inputs, labels, everything, names[:1]),
        "family": fit(inputs, np.array([row.family for row in rows]), alarms, names),
    }
    record: dict[str, object] = {
        "made_by": "python -m evals.training.red_flags",
        "encoders": names,
        "classes": list(CLASSES),
        "families": list(FAMILY_CLASSES),
        "thresholds": asdict(limits),
        "rows": dict(sorted(Counter(labels.tolist()).items())),
        "phrases": {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(PHRASES.glob("*.jsonl"))
        },
        "cross_validation": figures(whole, labels, limits),
    }
    write(folder, heads, record)
    return record


def main() -> None:
    """Train with the encoders Careline ships and print the record's figures."""
    from agent.encoder.e5 import E5
    from agent.encoder.minilm import MiniLM

    record = train([cast(Encoder, MiniLM()), cast(Encoder, E5())])
    print(json.dumps({key: record[key] for key in ("rows", "thresholds", "cross_validation")}, indent=2))


if __name__ == "__main__":
    main()
