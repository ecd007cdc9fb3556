"""Trains the second recognizer: ``python -m evals.training.phi_context [--rows N] [--rounds N] [--seed N]
[--models N]``.

Three attention layers of our own over the lower half of the encoder (agent.encoder.lower), begun as the encoder's own
upper half, with what the word lists know put in before them; trained on generated utterances (phi_text) with Adam in
numpy, on one thread. Deterministic: the same seed, lists, encoder and numpy give the same file. Writes
agent/phi/model/context.npz and context.json (hash, encoder, figures on generated rows of another seed).
"""

import argparse
import hashlib
import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from agent.encoder.lower import LowerMiniLM, upper_layers
from agent.language.attention import Floats
from agent.phi.context import FOLDER, KNOWN, LAYERS, WIDTH, Context, known_of, pieces_of
from agent.phi.lexicon import is_name
from agent.phi.tagger import LABELS
from evals.training.adam import learnt, packed
from evals.training.layers import Net, backward, dropped, forward
from evals.training.phi import SAMPLED, digest, gold_of
from evals.training.phi_text import Made, make

_DROPPED = 0.1
_NEW = frozenset({"known", "out", "known_out", "out_bias"})
"""What begins from nothing."""
_UNLISTED = 0.4


@dataclass(frozen=True)
class Row:
    """An utterance ready for training."""

    pieces: npt.NDArray[np.float16]
    known: npt.NDArray[np.float16]
    share: npt.NDArray[np.float16]
    gold: tuple[int, ...]


def examples(rows: Sequence[Made], encoder: LowerMiniLM, seed: int) -> list[Row]:
    """Return what the classifier sees of every utterance, and the gold labels. About 3 ms CPU each."""
    rng = random.Random(seed)
    made: list[Row] = []
    for one in rows:
        unlisted = frozenset(low for low in sorted(set(one.said.lows)) if is_name(low) and rng.random() < _UNLISTED)
        pieces, offsets = encoder.states(one.said.text)
        share = pieces_of(one.said, offsets)
        known = known_of(one.said, unlisted)
        small_pieces, small_known, small_share = (part.astype(np.float16) for part in (pieces, known, share))
        made.append(Row(small_pieces, small_known, small_share, gold_of(one)))
    return made


@dataclass(frozen=True)
class Batch:
    """Utterances side by side, filled up to the longest."""

    pieces: Floats
    there: npt.NDArray[np.bool_]
    known: Floats
    share: Floats
    gold: npt.NDArray[np.int64]


def batch_of(rows: Sequence[Row]) -> Batch:
    many, long, tokens = len(rows), max(len(row.pieces) for row in rows), max(len(row.gold) for row in rows)
    batch = Batch(
        np.zeros((many, long, WIDTH), np.float32), np.zeros((many, long), np.bool_),
        np.zeros((many, tokens, KNOWN), np.float32), np.zeros((many, tokens, long), np.float32),
        np.full((many, tokens), -1, np.int64),
    )  # fmt: skip
    for at, row in enumerate(rows):
        batch.pieces[at, : len(row.pieces)] = row.pieces
        batch.there[at, : len(row.pieces)] = True
        batch.known[at, : len(row.gold)] = row.known
        batch.share[at, : len(row.gold), : len(row.pieces)] = row.share
        batch.gold[at, : len(row.gold)] = row.gold
    return batch


def begun(seed: int) -> Net:
    """Return the weights before training: the encoder's own upper layers, and nothing known yet."""
    rng = np.random.default_rng(seed)
    net = {f"{at}.{name}": value.copy() for at, layer in enumerate(upper_layers()) for name, value in layer.items()}
    net["known"] = rng.normal(0, 0.02, (KNOWN, WIDTH)).astype(np.float32)
    net["out"] = rng.normal(0, 0.02, (WIDTH, len(LABELS))).astype(np.float32)
    net["known_out"] = np.zeros((KNOWN, len(LABELS)), np.float32)
    net["out_bias"] = np.zeros(len(LABELS), np.float32)
    return net


def slopes_of(net: Net, batch: Batch, rng: np.random.Generator) -> tuple[Net, float]:
    """Return the slope of each weight and the loss of a batch."""
    held = (batch.share > 0).transpose(0, 2, 1).astype(np.float32) @ batch.known
    rows, first_mask = dropped(np.asarray(batch.pieces + held @ net["known"], np.float32), _DROPPED, rng)
    passes = []
    for at in range(LAYERS):
        layer = {name[2:]: value for name, value in net.items() if name.startswith(f"{at}.")}
        rows, kept = forward(rows, batch.there, layer, _DROPPED, rng)
        passes.append((at, layer, kept))
    tokens, last_mask = dropped(batch.share @ rows, _DROPPED, rng)
    scores = tokens @ net["out"] + batch.known @ net["known_out"] + net["out_bias"]
    steep, cost = _steep(scores, batch.gold)
    flat, flat_known = steep.reshape(-1, steep.shape[-1]), batch.known.reshape(-1, KNOWN)
    slopes: Net = {
        "out": tokens.reshape(-1, WIDTH).T @ flat, "known_out": flat_known.T @ flat, "out_bias": flat.sum(axis=0),
    }  # fmt: skip
    back = steep @ net["out"].T
    back = batch.share.transpose(0, 2, 1) @ (back if last_mask is None else back * last_mask)
    for at, layer, kept in reversed(passes):
        back, found = backward(back, layer, kept)
        slopes.update({f"{at}.{name}": value for name, value in found.items()})
    back = back if first_mask is None else back * first_mask
    slopes["known"] = held.reshape(-1, KNOWN).T @ back.reshape(-1, WIDTH)
    return slopes, cost


def _steep(scores: Floats, gold: npt.NDArray[np.int64]) -> tuple[Floats, float]:
    chance = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chance /= chance.sum(axis=-1, keepdims=True)
    real = gold >= 0
    where = np.nonzero(real)
    count = max(1, len(where[0]))
    cost = float(-np.log(np.maximum(chance[(*where, gold[real])], 1e-9)).sum()) / count
    chance[(*where, gold[real])] -= 1
    chance[~real] = 0
    return chance / np.float32(count), cost


def train(rows: Sequence[Row], *, rounds: int, seed: int) -> Net:
    """Return the trained weights."""
    return learnt(
        begun(seed),
        rows,
        lambda net, step, rng: slopes_of(net, batch_of(step), rng),
        rounds=rounds,
        new=_NEW,
        length=lambda row: len(row.pieces),
        rng=np.random.default_rng(seed),
    )


def measured(context: Context, rows: Sequence[Made]) -> dict[str, float]:
    """Return how many tokens of identities are seen as such, and how many of those seen are."""
    right = seen = there = 0
    for made in rows:
        marked = context.chances(made.said)[:, 0] < 0.5
        gold = np.array(gold_of(made)) > 0
        right, seen, there = right + int((marked & gold).sum()), seen + int(marked.sum()), there + int(gold.sum())
    return {"token_recall": round(right / there, 4), "token_precision": round(right / seen, 4)}


def save(nets: Sequence[Mapping[str, npt.NDArray[np.generic]]], folder: Path, card: dict[str, object]) -> None:
    """Write the nets, each name after its net's number, and the card with their hash."""
    folder.mkdir(exist_ok=True, parents=True)
    file = folder / "context.npz"
    stored = {f"{number}/{name}": value for number, net in enumerate(nets) for name, value in net.items()}
    np.savez_compressed(file, allow_pickle=False, **stored)
    told = {**card, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    (folder / "context.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def main() -> None:
    read = argparse.ArgumentParser(prog="python -m evals.training.phi_context", description=__doc__)
    read.add_argument("--rows", type=int, default=24_000)
    read.add_argument("--rounds", type=int, default=2)
    read.add_argument("--seed", type=int, default=11)
    read.add_argument("--models", type=int, default=2, help="how many are trained, on rows of their own")
    read.add_argument("--out", type=Path, default=FOLDER)
    asked = read.parse_args()
    encoder = LowerMiniLM()
    nets = [
        packed(trained(asked.rows, encoder, rounds=asked.rounds, seed=asked.seed + 100 * number))
        for number in range(asked.models)
    ]
    card: dict[str, object] = {
        "made_by": "python -m evals.training.phi_context", "rows": asked.rows, "rounds": asked.rounds,
        "seed": asked.seed, "models": asked.models, "encoder": LowerMiniLM.name,
        "text_sha256": digest(spoken(SAMPLED, asked.seed)),
    }  # fmt: skip
    save(nets, asked.out, card)
    figures = measured(Context(asked.out, encoder), spoken(600, asked.seed + 1))
    print(figures)
    save(nets, asked.out, card | {"on_generated_rows": figures})


def spoken(count: int, seed: int) -> list[Made]:
    """Return generated utterances that say anything."""
    return [made for made in make(count, seed=seed) if made.said.tokens]


def trained(count: int, encoder: LowerMiniLM, *, rounds: int, seed: int) -> Net:
    """Return the weights of one net, trained on rows of its own. About ten minutes of CPU for 24,000."""
    began = time.monotonic()
    seen = examples(spoken(count, seed), encoder, seed)
    print(f"{len(seen)} utterances read in {time.monotonic() - began:.0f} s", flush=True)
    with threadpool_limits(limits=1):
        return train(seen, rounds=rounds, seed=seed)


if __name__ == "__main__":
    main()
