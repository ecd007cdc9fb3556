"""Trains the second recognizer: ``python -m evals.training.phi_context [--rows N] [--rounds N] [--seed N]``.

A small net over the encoder's states of each token (agent.encoder) and what the word lists know, trained on generated
utterances (phi_text) with Adam in numpy. Deterministic: the same seed, lists, encoder and numpy give the same file.
Writes agent/phi/model/context.npz and context.json (hash, encoder, figures on generated rows of another seed).
"""

import argparse
import hashlib
import json
import random
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agent.encoder.minilm import MiniLM
from agent.phi.context import FOLDER, Context, inputs
from agent.phi.lexicon import is_name
from agent.phi.tagger import LABELS
from evals.training.phi import SAMPLED, digest, gold_of
from evals.training.phi_text import Made, make

_HIDDEN = 96
_BATCH = 256
_RATE, _DECAY, _SMALL = 2e-3, 1e-4, 1e-8
_UNLISTED = 0.4
Floats = npt.NDArray[np.float32]


def examples(rows: list[Made], encoder: MiniLM, seed: int) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return what the net sees of every token, and the gold labels. About 6 ms CPU an utterance."""
    rng = random.Random(seed)
    seen: list[npt.NDArray[np.float16]] = []
    gold: list[int] = []
    for made in rows:
        unlisted = frozenset(low for low in set(made.said.lows) if is_name(low) and rng.random() < _UNLISTED)
        seen.append(inputs(made.said, encoder, unlisted).astype(np.float16))
        gold += gold_of(made)
    return np.concatenate(seen), np.array(gold)


def train(seen: Floats, gold: npt.NDArray[np.int64], *, rounds: int, seed: int) -> dict[str, Floats]:
    """Return the weights of a net with one hidden layer."""
    rng = np.random.default_rng(seed)
    width = seen.shape[1]
    net = {
        "w1": rng.normal(0, (2 / width) ** 0.5, (width, _HIDDEN)).astype(np.float32), "b1": np.zeros(_HIDDEN, np.float32),
        "w2": rng.normal(0, (2 / _HIDDEN) ** 0.5, (_HIDDEN, len(LABELS))).astype(np.float32),
        "b2": np.zeros(len(LABELS), np.float32),
    }  # fmt: skip
    first = {name: np.zeros_like(value) for name, value in net.items()}
    second = {name: np.zeros_like(value) for name, value in net.items()}
    step, whole = 0, rounds * (len(gold) // _BATCH)
    for number in range(rounds):
        began, loss = time.monotonic(), 0.0
        order = rng.permutation(len(gold))
        for start in range(0, len(order) - _BATCH + 1, _BATCH):
            picked = order[start : start + _BATCH]
            slopes, cost = _slopes(net, seen[picked].astype(np.float32), gold[picked])
            step, loss = step + 1, loss + cost
            rate = _RATE * (1 - step / (whole + 1))
            for name, steep in slopes.items():
                slope = steep + _DECAY * net[name]
                first[name] += 0.1 * (slope - first[name])
                second[name] += 0.001 * (slope**2 - second[name])
                lift = (1 - 0.999**step) ** 0.5 / (1 - 0.9**step)
                net[name] -= rate * lift * first[name] / (np.sqrt(second[name]) + _SMALL)
        print(f"round {number + 1}: loss {loss * _BATCH / len(gold):.4f}, {time.monotonic() - began:.0f} s", flush=True)
    return net


def _slopes(net: dict[str, Floats], seen: Floats, gold: npt.NDArray[np.int64]) -> tuple[dict[str, Floats], float]:
    hidden = np.maximum(seen @ net["w1"] + net["b1"], 0)
    scores = hidden @ net["w2"] + net["b2"]
    scores -= scores.max(axis=1, keepdims=True)
    chance = np.exp(scores)
    chance /= chance.sum(axis=1, keepdims=True)
    rows = np.arange(len(gold))
    cost = float(-np.log(np.maximum(chance[rows, gold], 1e-9)).mean())
    chance[rows, gold] -= 1
    chance /= len(gold)
    back = (chance @ net["w2"].T) * (hidden > 0)
    return {"w1": seen.T @ back, "b1": back.sum(axis=0), "w2": hidden.T @ chance, "b2": chance.sum(axis=0)}, cost


def measured(context: Context, rows: list[Made]) -> dict[str, float]:
    """Return how many tokens of identities are seen as such, and how many of those seen are."""
    right = seen = there = 0
    for made in rows:
        marked = context.chances(made.said)[:, 0] < 0.5
        gold = np.array(gold_of(made)) > 0
        right, seen, there = right + int((marked & gold).sum()), seen + int(marked.sum()), there + int(gold.sum())
    return {"token_recall": round(right / there, 4), "token_precision": round(right / seen, 4)}


def save(net: dict[str, Floats], folder: Path, card: dict[str, object]) -> None:
    folder.mkdir(exist_ok=True, parents=True)
    file = folder / "context.npz"
    scale = np.abs(net["w1"]).max(axis=0) / 127
    small = np.clip(np.round(net["w1"] / scale), -127, 127).astype(np.int8)
    np.savez_compressed(file, w1=small, scale=scale, b1=net["b1"], w2=net["w2"], b2=net["b2"])
    card["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (folder / "context.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")


def main() -> None:
    read = argparse.ArgumentParser(prog="python -m evals.training.phi_context", description=__doc__)
    read.add_argument("--rows", type=int, default=24_000)
    read.add_argument("--rounds", type=int, default=6)
    read.add_argument("--seed", type=int, default=11)
    read.add_argument("--out", type=Path, default=FOLDER)
    asked = read.parse_args()
    encoder = MiniLM()
    rows = [made for made in make(asked.rows, seed=asked.seed) if made.said.tokens]
    began = time.monotonic()
    seen, gold = examples(rows, encoder, asked.seed)
    print(f"{len(rows)} utterances, {len(gold)} tokens read in {time.monotonic() - began:.0f} s", flush=True)
    net = train(seen, gold, rounds=asked.rounds, seed=asked.seed)
    card: dict[str, object] = {
        "made_by": "python -m evals.training.phi_context", "rows": asked.rows, "rounds": asked.rounds,
        "seed": asked.seed, "encoder": MiniLM.name, "text_sha256": digest(rows[:SAMPLED]),
    }  # fmt: skip
    save(net, asked.out, card)
    figures = measured(
        Context(asked.out, encoder), [made for made in make(600, seed=asked.seed + 1) if made.said.tokens]
    )
    print(figures)
    save(net, asked.out, card | {"on_generated_rows": figures})


if __name__ == "__main__":
    main()
