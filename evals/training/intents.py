"""Trains, compares, calibrates and measures the classifier of intents: ``python -m evals.training.intents``.

Writes the weights and their record under agent/dialogue/understanding/model/. Deterministic: the same phrases and
encoders give the same file, to the byte, on the same kind of processor; sums are made on one thread, for several add up
in another order. About ten minutes, most of them for the comparison of alternatives, which ``--quick`` skips.
"""

import argparse
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from agent.dialogue.understanding.intents import FOLDER
from agent.dialogue.understanding.neighbours import Neighbours
from agent.encoder import load_encoders
from evals.training.intent_features import Features, counted, features
from evals.training.intent_figures import SEED, across_hands, figures, folded, honesty, temperature, written_only
from evals.training.intent_models import ALTERNATIVES, LEXICAL, WEIGHT, fit, near, together
from evals.training.phrases import Phrase, carried, hashes, read_phrases, writer

__all__ = ["counted", "main", "train"]


def packed(model: LogisticRegression, neighbours: Neighbours, made: Features) -> bytes:
    """Return the weights as a file: half precision for the dense part, bytes for n-grams and phrases."""
    weights = np.asarray(model.coef_.T, np.float32)
    width = made.meanings().shape[1]
    sparse = weights[width:] * LEXICAL
    scale = np.maximum(np.abs(sparse).max(axis=0) / 127.0, 1e-9).astype(np.float32)
    arrays: dict[str, Any] = {
        "centres": made.centres.astype(np.float32),
        "dense": weights[:width].astype(np.float16),
        "sparse": np.round(sparse / scale).astype(np.int8),
        "sparse_scale": scale,
        "bias": np.asarray(model.intercept_, np.float32),
        **neighbours.packed(),
    }
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    return content.getvalue()


def compare(made: Features, phrases: list[Phrase]) -> dict[str, dict[str, dict[str, float]]]:
    """Measure each alternative on every writer's phrases, learnt from the others'."""
    writers = np.array([writer(phrase) for phrase in phrases])
    found = {}
    for name, model in ALTERNATIVES.items():
        found[name] = across_hands(made, writers, model)
        for hand, values in found[name].items():
            print(f"{name:34}{hand:8}{values}", flush=True)
    return found


def train(folder: Path, *, quick: bool) -> None:
    """Train on every phrase, calibrate on folds, and write weights and record."""
    encoders = load_encoders()
    written = read_phrases()
    variants = carried(written, seed=SEED)
    phrases = [*written, *(variant for _, variant in variants)]
    made = features(phrases, [*range(len(written)), *(source for source, _ in variants)], encoders)
    record = folder / "intents.json"
    before = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    compared = before.get("across_hands", {}) if quick else compare(made, phrases)
    scores, names = folded(made, together)
    scores, gold = written_only(made, scores)
    divisor = temperature(scores, names, gold)
    everything = np.ones(len(phrases), bool)
    model = fit(made, everything, (0, 1), LEXICAL)
    content = packed(model, near(made, everything), made)
    (folder / "intents.npz").write_bytes(content)
    kept = {
        "weights": "intents.npz",
        "sha256": hashlib.sha256(content).hexdigest(),
        "encoders": [encoder.name for encoder in encoders],
        "labels": [str(name) for name in model.classes_],
        "temperature": divisor,
        "lexical_scale": 1.0,
        "neighbours_weight": WEIGHT,
        "phrases": hashes(),
        "cross_validated": figures(scores, names, gold),
        "right_by_confidence": honesty(scores, names, gold, divisor),
        "across_hands": compared,
    }
    record.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(kept["cross_validated"], "temperature", divisor, kept["right_by_confidence"])


def main() -> None:
    """Read the command line and train."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="do not compare alternatives; keep the recorded figures")
    asked.add_argument("--folder", type=Path, default=FOLDER, help="where weights and record are written")
    given = asked.parse_args()
    with threadpool_limits(limits=1):
        train(given.folder, quick=given.quick)


if __name__ == "__main__":
    main()
