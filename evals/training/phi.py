"""Trains the recognizer of identities: ``python -m evals.training.phi [--rows N] [--rounds N] [--seed N] [--models N]``.

An averaged structured perceptron over generated utterances (phi_text). Deterministic: the same seed, lists and numpy
give the same file. Writes agent/phi/model/tagger.npz and tagger.json (hash, figures on generated rows of another seed).
"""

import argparse
import hashlib
import json
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.phi.lexicon import is_name
from agent.phi.tagger import BUCKETS, FOLDER, LABELS, Ids, Tagger, Weights, best_path, features, forbidden, hashed
from evals.training.phi_text import Made, make

_UNLISTED = 0.4  # share of names treated as in no list, so that the tagger learns to do without
_MISSED = 2.0  # margin wanted against taking an identity for talk
_MARGIN = 1.0
SAMPLED = 2_000
"""Utterances whose hash is recorded."""


@dataclass(frozen=True)
class Row:
    """An utterance ready for training: buckets a token, all in one array, and gold labels."""

    ids: Ids  # flat
    sizes: tuple[int, ...]
    gold: tuple[int, ...]


def gold_of(made: Made) -> tuple[int, ...]:
    """Return the label of each token."""
    labels = [0] * len(made.said.tokens)
    for start, end, kind in made.spans:
        inside = [at for at, token in enumerate(made.said.tokens) if token.start < end and start < token.end]
        for place, at in enumerate(inside):
            labels[at] = LABELS.index(f"{'I' if place else 'B'}-{kind}")
    return tuple(labels)


def row_of(made: Made, rng: random.Random) -> Row:
    unlisted = frozenset(low for low in set(made.said.lows) if is_name(low) and rng.random() < _UNLISTED)
    ids = hashed(features(made.said, unlisted))
    return Row(np.concatenate(ids), tuple(map(len, ids)), gold_of(made))


class Perceptron:
    """Averaged weights: `total` holds what was learnt times when, so that the mean costs nothing extra."""

    def __init__(self) -> None:
        self.weights = np.zeros((BUCKETS, len(LABELS)), dtype=np.float32)
        self.total = np.zeros_like(self.weights)
        self.moves = np.zeros((len(LABELS), len(LABELS)), dtype=np.float32)
        self.moves_total = np.zeros_like(self.moves)
        self.wall = forbidden()
        self.step = 1
        cost = np.full((len(LABELS), len(LABELS)), _MARGIN, dtype=np.float32)
        np.fill_diagonal(cost, 0.0)
        cost[1:, 0] = _MISSED
        self.cost = cost

    def learn(self, row: Row) -> bool:
        """Move towards the gold path if the best path within the margin is another; say whether it was."""
        starts = np.cumsum((0, *row.sizes[:-1]))
        scores = np.add.reduceat(self.weights[row.ids], starts, axis=0)
        gold = np.array(row.gold)
        guess = np.array(best_path(scores + self.cost[gold], self.moves + self.wall))
        self.step += 1
        if (guess == gold).all():
            return False
        for at in np.flatnonzero(guess != gold):
            ids = row.ids[starts[at] : starts[at] + row.sizes[at]]
            for label, sign in ((gold[at], 1.0), (guess[at], -1.0)):
                np.add.at(self.weights[:, label], ids, sign)
                np.add.at(self.total[:, label], ids, sign * self.step)
        for path, sign in ((gold, 1.0), (guess, -1.0)):
            before = np.concatenate(([0], path[:-1]))
            np.add.at(self.moves, (before, path), sign)
            np.add.at(self.moves_total, (before, path), sign * self.step)
        return True

    def averaged(self) -> tuple[Weights, Weights]:
        weights = self.weights - self.total / self.step
        moves = self.moves - self.moves_total / self.step + self.wall
        return weights.astype(np.float32), moves.astype(np.float32)


def train(rows: list[Row], *, rounds: int, seed: int) -> Perceptron:
    model, rng = Perceptron(), random.Random(seed)
    for number in range(rounds):
        began, wrong = time.monotonic(), 0
        rng.shuffle(rows)
        for row in rows:
            wrong += model.learn(row)
        print(
            f"round {number + 1}: {wrong} of {len(rows)} utterances wrong, {time.monotonic() - began:.0f} s", flush=True
        )
    return model


def digest(rows: Iterable[Made]) -> str:
    """Return the hash of generated utterances and their marks: another one says that lists or carriers have changed."""
    told = hashlib.sha256()
    for made in rows:
        told.update(repr((made.said.text, made.spans, gold_of(made), features(made.said))).encode())
    return told.hexdigest()


def trained(count: int, *, rounds: int, seed: int) -> tuple[Weights, Weights]:
    """Return the averaged weights of one model, trained on rows of its own."""
    rng = random.Random(seed)
    rows = [row_of(made, rng) for made in make(count, seed=seed) if made.said.tokens]
    print(f"{len(rows)} utterances made", flush=True)
    return train(rows, rounds=rounds, seed=seed).averaged()


def measured(tagger: Tagger, rows: list[Made]) -> dict[str, float]:
    """Return recall (spans wholly covered), precision (spans that touch one) and harmless rows touched."""
    whole = covered = found = right = harmless = touched = 0
    for made in rows:
        tokens = made.said.tokens
        spans = [(tokens[a].start, tokens[b - 1].end) for a, b, _ in tagger.spans(made.said)]
        for start, end, _ in made.spans:
            whole += 1
            inside = [at for at in range(start, end) if made.said.text[at].isalnum()]
            covered += all(any(a <= at < b for a, b in spans) for at in inside)
        found += len(spans)
        right += sum(any(a < end and start < b for start, end, _ in made.spans) for a, b in spans)
        harmless += not made.spans
        touched += not made.spans and bool(spans)
    return {
        "recall": round(covered / whole, 4),
        "precision": round(right / found, 4),
        "harmless_touched": round(touched / harmless, 4),
    }


def save(weights: Weights, moves: Weights, folder: Path, card: dict[str, object]) -> None:
    rows = np.flatnonzero(np.abs(weights).max(axis=1) > 0.02)
    scale = float(np.abs(weights).max()) / 127
    values = np.clip(np.round(weights[rows] / scale), -127, 127).astype(np.int8)
    folder.mkdir(exist_ok=True)
    file = folder / "tagger.npz"
    np.savez_compressed(file, rows=rows.astype(np.int32), values=values, scale=np.float32(scale), moves=moves)
    card["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (folder / "tagger.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")


def main() -> None:
    read = argparse.ArgumentParser(prog="python -m evals.training.phi", description=__doc__)
    read.add_argument("--rows", type=int, default=60_000)
    read.add_argument("--rounds", type=int, default=5)
    read.add_argument("--seed", type=int, default=7)
    read.add_argument("--models", type=int, default=4, help="how many are trained, on rows of their own, and averaged")
    read.add_argument("--out", type=Path, default=FOLDER)
    asked = read.parse_args()
    made = [trained(asked.rows, rounds=asked.rounds, seed=asked.seed + 100 * number) for number in range(asked.models)]
    weights = np.stack([one[0] for one in made]).mean(axis=0).astype(np.float32)
    moves = np.stack([one[1] for one in made]).mean(axis=0).astype(np.float32)
    fresh = list(make(2_000, seed=asked.seed + 1))
    figures = measured(Tagger(weights, moves), fresh)
    print(figures)
    save(
        weights,
        moves,
        asked.out,
        {
            "made_by": "python -m evals.training.phi",
            "rows": asked.rows,
            "rounds": asked.rounds,
            "seed": asked.seed,
            "models": asked.models,
            "text_sha256": digest(make(SAMPLED, seed=asked.seed)),
            "on_generated_rows": figures,
        },
    )


if __name__ == "__main__":
    main()
