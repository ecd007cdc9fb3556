"""Trains the red-flag classifier: `python -m evals.training.red_flags [--remember FOLDER]`.

Reads agent/safety/phrases, writes agent/safety/model/. Deterministic: the same rows give the same file, with or without
remembered vectors. Thresholds come from cross-validation: the lowest that keep false alarms and needless questions
within budget. Half an hour of CPU, most of it for the readers (readers.py).
"""

import argparse
import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from agent.domain.ports import Encoder, States
from agent.encoder.lower import LowerMiniLM
from agent.language.reader import PIECES
from agent.safety.features import BUCKETS, hashed, weighed
from agent.safety.model import DESK_CLASSES, FOLDER, LEAST, RECORD, SHARE, TONGUES, WEIGHTS, Thresholds
from agent.safety.words import for_encoder
from evals.training.readers import SEEDS as READERS
from evals.training.readers import FittedReader, fit_reader
from evals.training.red_flag_desk import desk_talk
from evals.training.red_flag_net import SEEDS, fit_net
from evals.training.red_flag_rows import PHRASES, Row, phrase_files, read_rows
from evals.training.red_flag_variants import contrasted, damaged, embedded, framed, read_conditions, read_frames, told
from evals.training.remembered import Remembering

CLASSES = ("911", "988", "ask", "none", "urgent")
FAMILY_CLASSES = ("911.newborn", "911.other", "911.poison", "911.pregnancy", "911.violence", "988.abuse", "988.suicide")
DENSE_SCALE, SPARSE_SCALE, STRENGTH = 0.04, 1.5, 8.0
FALSE_ALARMS, ASKED, STOPPED = 0.033, 0.085, 0.15
"""Shares of the harmless rows, written to be mistaken, that may be sent to 911 or 988, be asked besides, be stopped by anything.

The fresh files are easier than these rows: half as many false alarms there, and two thirds of the needless stops.
"""
OUTNUMBERED = {"third-author": 2.0}
"""How much a phrase of a hand that wrote few of them weighs."""
SEED = 7
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What the heads read: hashed counts, for each encoder unit vectors, and the states of the pieces."""

    counts: list[tuple[npt.NDArray[np.int64], Floats]]
    vectors: dict[str, Floats]
    pieces: list[npt.NDArray[np.float16]]
    english: npt.NDArray[np.bool_]

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


def fit(
    inputs: Inputs,
    labels: npt.NDArray[np.str_],
    rows: npt.NDArray[np.int64],
    encoders: Sequence[str],
    weights: Floats,
) -> Fitted:
    """Fit one head on some rows with some encoders; `weights` says how much each row counts."""
    rarity = inputs.rarity(rows)
    means: dict[str, tuple[Floats, float]] = {}
    for name in encoders:
        vectors = inputs.vectors[name][rows]
        centred = vectors - vectors.mean(axis=0)
        means[name] = (np.asarray(vectors.mean(axis=0), np.float32), DENSE_SCALE / float(centred.std()))
    model = LogisticRegression(C=STRENGTH, max_iter=400)
    model.fit(inputs.table(rows, rarity, means), labels[rows], sample_weight=weights[rows])
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


def read_by(
    inputs: Inputs, labels: npt.NDArray[np.str_], rows: npt.NDArray[np.int64], encoder: str, seed: int
) -> FittedReader:
    """Fit a reader on the English ones of some rows."""
    rows = rows[inputs.english[rows]]
    levels = [CLASSES.index(label) for label in labels[rows]]
    return fit_reader([inputs.pieces[row] for row in rows], inputs.vectors[encoder][rows], levels, encoder, seed)


def crossed(
    inputs: Inputs,
    labels: npt.NDArray[np.str_],
    groups: Sequence[str],
    encoders: Sequence[str],
    weights: Floats,
) -> Floats:
    """Return out-of-fold probabilities of all rows: five folds, rows of one group in one fold, one reader each."""
    found = np.zeros((len(labels), len(set(labels))), np.float32)
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=SEED)
    for train, test in folds.split(labels, labels, groups):
        linear = fit(inputs, labels, train, encoders, weights).predict(inputs, test)
        nets = [fit_net(inputs.vectors, labels, train, encoders, seed).predict(inputs.vectors, test) for seed in SEEDS]
        tongue = fit(inputs, _tongues(inputs), train, encoders, weights).predict(inputs, test)
        reader = read_by(inputs, labels, train, encoders[-1], READERS[0])
        read = reader.predict([inputs.pieces[row] for row in test], inputs.vectors[encoders[-1]][test])
        share = SHARE * tongue[:, TONGUES.index("en")]
        share[share < LEAST] = 0
        found[test] = (1 - share)[:, None] * (linear + sum(nets) / len(nets)) / 2 + share[:, None] * read
    return found


def _tongues(inputs: Inputs) -> npt.NDArray[np.str_]:
    return np.where(inputs.english, *TONGUES)


def thresholds(found: Floats, labels: npt.NDArray[np.str_]) -> Thresholds:
    """Return the lowest limits within budget on harmless rows."""
    harmless = found[labels == "none"]

    def limit(scores: Floats, budget: float) -> float:
        return round(float(np.quantile(scores, 1 - budget)), 4)

    alarm, ask, any_level = _scores(harmless)
    return Thresholds(
        alarm=limit(alarm, FALSE_ALARMS), ask=limit(ask, FALSE_ALARMS + ASKED), urgent=limit(any_level, STOPPED)
    )


def _scores(found: Floats) -> tuple[Floats, Floats, Floats]:
    """Return what the three limits are held against."""
    alarm = found[:, CLASSES.index("911")] + found[:, CLASSES.index("988")]
    return alarm, alarm + found[:, CLASSES.index("ask")], 1 - found[:, CLASSES.index("none")]


def figures(found: Floats, labels: npt.NDArray[np.str_], limits: Thresholds) -> dict[str, float]:
    """Return what the classifier alone does, out of fold."""
    alarm, ask, any_level = _scores(found)
    alarmed = alarm >= limits.alarm
    asked = (ask >= limits.ask) & (ask >= found[:, CLASSES.index("urgent")])
    stopped = alarmed | asked | (any_level >= limits.urgent)
    must, harmless = np.isin(labels, ("911", "988")), labels == "none"
    tier = np.where(found[:, 0] >= found[:, 1], "911", "988") == labels
    return {
        "caught": _share(stopped[must]),
        "straight_alarm": _share(alarmed[must]),
        "right_tier": _share((alarmed & tier)[must]),
        "urgent_caught": _share(stopped[labels == "urgent"]),
        "false_alarm": _share(alarmed[harmless]),
        "needless_question": _share((stopped & ~alarmed)[harmless]),
    }


def _share(hits: npt.NDArray[np.bool_]) -> float:
    return round(float(hits.mean()), 4)


def read_inputs(rows: Sequence[Row], encoders: Sequence[Encoder], lower: States) -> Inputs:
    """Embed and hash all rows."""
    texts = [for_encoder(row.text) for row in rows]
    vectors = {
        encoder.name: np.asarray(np.stack([np.asarray(encoder.embed([text])[0], np.float32) for text in texts]))
        for encoder in encoders
    }
    return Inputs(
        counts=[hashed(text) for text in texts],
        vectors=vectors,
        pieces=[lower.states(text)[0][:PIECES].astype(np.float16) for text in texts],
        english=np.array([row.lang == TONGUES[0] for row in rows]),
    )


def write(folder: Path, parts: Mapping[str, Mapping[str, npt.NDArray[np.generic]]], record: dict[str, object]) -> None:
    """Write the weights and their record."""
    folder.mkdir(exist_ok=True)
    arrays = {f"{part}/{key}": array for part, named in parts.items() for key, array in named.items()}
    weights = folder / WEIGHTS
    np.savez_compressed(weights, **arrays)  # type: ignore[arg-type]
    record["sha256"] = hashlib.sha256(weights.read_bytes()).hexdigest()
    (folder / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def all_rows() -> list[Row]:
    """Return the phrases as written, then conditions told in several ways, then damaged, framed and embedded variants."""
    rows = read_rows(phrase_files())
    talk = [row for row in rows if row.desk and row.lang == "en" and len(row.text.split()) > 3]
    conditions = read_conditions(PHRASES / "conditions.yaml")
    told_ones = [row for each in conditions for row in told(each, 12 if each.level == "none" else 8, _rng(each.name))]
    framed_ones = [
        row
        for lang, frames in read_frames(PHRASES / "contrasts.yaml").items()
        for event in frames.events
        for row in contrasted(frames, event, lang, _rng(event.name))
    ]
    talked = desk_talk(PHRASES / "desk_talk.yaml", SEED)
    made = (variant for row in rows for variant in variants(row, talk, _rng(row.text)))
    return [*rows, *told_ones, *framed_ones, *talked, *made]


def _rng(seed: str) -> random.Random:
    """Return randomness of its own for each row, so that a new row changes no other row's variants."""
    return random.Random(f"{SEED} {seed}")


def variants(row: Row, talk: Sequence[Row], rng: random.Random) -> Iterator[Row]:
    """Yield a few variants of a row."""
    if row.desk:
        return
    if rng.random() < 0.25:
        yield damaged(row, rng)
    if rng.random() < 0.05:
        yield framed(row, rng)
    if rng.random() < 0.1 and row.level != "ask" and row.lang == "en":
        yield embedded(row, talk, rng)


def train(encoders: Sequence[Encoder], lower: States, folder: Path = FOLDER) -> dict[str, object]:
    """Fit all heads, choose thresholds, write the model; return its record.

    The first encoder reads stretches; what the last one makes of an utterance goes into the readers.
    """
    rows = all_rows()
    inputs = read_inputs(rows, encoders, lower)
    names = [encoder.name for encoder in encoders]
    labels = np.array([row.level for row in rows])
    # Limits and figures count rows as people wrote them, without the easy talk of a front desk.
    hard = np.array([not row.author.endswith("varied") and not row.desk for row in rows])
    weights = np.array([OUTNUMBERED.get(row.author.partition(",")[0], 1.0) for row in rows], np.float32)
    found = crossed(inputs, labels, [row.group or row.text for row in rows], names, weights)[hard]
    limits = thresholds(found, labels[hard])
    everything = np.arange(len(rows))
    alarms = np.flatnonzero(np.isin(labels, ("911", "988")))
    families = np.array([row.family for row in rows])
    desk = np.array([DESK_CLASSES[not row.desk] for row in rows])
    parts = {
        "whole": fit(inputs, labels, everything, names, weights).arrays,
        **{
            f"net{number}": fit_net(inputs.vectors, labels, everything, names, seed).arrays
            for number, seed in enumerate(SEEDS)
        },
        "window": fit(inputs, labels, everything, names[:1], weights).arrays,
        "family": fit(inputs, families, alarms, names, weights).arrays,
        "desk": fit(inputs, desk, everything, names, np.ones(len(rows), np.float32)).arrays,
        "tongue": fit(inputs, _tongues(inputs), everything, names, weights).arrays,
        **{
            f"reader{number}": read_by(inputs, labels, everything, names[-1], seed).arrays
            for number, seed in enumerate(READERS)
        },
    }
    record: dict[str, object] = {
        "made_by": "python -m evals.training.red_flags",
        "weights": WEIGHTS,
        "encoders": names,
        "nets": len(SEEDS),
        "readers": len(READERS),
        "read_with": names[-1],
        "classes": list(CLASSES),
        "families": list(FAMILY_CLASSES),
        "thresholds": asdict(limits),
        "rows": dict(sorted(Counter(labels.tolist()).items())),
        "written": dict(sorted(Counter(labels[hard].tolist()).items())),
        "phrases": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(PHRASES.iterdir())},
        "cross_validation": figures(found, labels[hard], limits),
    }
    write(folder, parts, record)
    return record


def main() -> None:
    """Train with the encoders Careline ships and print the record's figures."""
    from agent.encoder.e5 import E5
    from agent.encoder.minilm import MiniLM

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--remember", type=Path, help="a folder for vectors, so that a second run is quick")
    folder = parser.parse_args().remember
    encoders = [Remembering(cast(Encoder, encoder), folder) for encoder in (MiniLM(), E5())]
    with threadpool_limits(limits=1):  # sums in another order give other bytes
        record = train([cast(Encoder, encoder) for encoder in encoders], LowerMiniLM())
    for encoder in encoders:
        encoder.save()
    print(json.dumps({key: record[key] for key in ("rows", "written", "thresholds", "cross_validation")}, indent=2))


if __name__ == "__main__":
    main()
