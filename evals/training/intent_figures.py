"""How well intents are told apart: by fold, across hands, and whether a probability means what it says."""

import numpy as np
import numpy.typing as npt

from agent.dialogue.understanding.neighbours import log_shares
from evals.training.intent_features import Features, Floats, Mask
from evals.training.intent_models import Model

SEED = 7
FOLDS = 5
ELSEWHERE = "out_of_scope"
Names = npt.NDArray[np.str_]


def figures(scores: Floats, names: Names, gold: Names) -> dict[str, float]:
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


def across_hands(made: Features, writers: Names, model: Model) -> dict[str, dict[str, float]]:
    """Learn from all writers but one and measure on that one: closest to people whose words were never seen."""
    found = {}
    for writer in np.unique(writers):
        known = writers != writer
        names = np.unique(made.labels[known])
        asked = ~known & made.written & np.isin(made.labels, names)
        found[str(writer)] = figures(model(made, known, asked), names, made.labels[asked])
    return found


def folded(made: Features, model: Model) -> tuple[Floats, Names]:
    """Return scores of every phrase from a model that saw neither it nor a variant of it."""
    fold = (np.random.default_rng(SEED).permutation(int(made.sources.max()) + 1) % FOLDS)[made.sources]
    names = np.unique(made.labels)
    scores = np.zeros((len(made.labels), len(names)), np.float32)
    for part in range(FOLDS):
        scores[fold == part] = model(made, fold != part, fold == part)
    return scores, names


def temperature(scores: Floats, names: Names, gold: Names) -> float:
    """Return the divisor of scores that makes unseen probabilities honest (least negative log likelihood)."""
    right = np.searchsorted(names, gold)

    def loss(divisor: float) -> float:
        return float(-log_shares(scores / divisor)[np.arange(len(right)), right].mean())

    return min((round(0.4 + 0.05 * step, 2) for step in range(60)), key=loss)


def honesty(scores: Floats, names: Names, gold: Names, divisor: float) -> dict[str, float]:
    """Return, by band of confidence from its lower edge on, how often the likeliest intent was right."""
    chances = np.exp(log_shares(scores / divisor))
    sure, right = chances.max(axis=1), names[chances.argmax(axis=1)] == gold
    edges = (0.0, 0.35, 0.6, 0.8, 0.95)
    bands = [(low, (sure >= low) & (sure < high)) for low, high in zip(edges, (*edges[1:], 1.01), strict=True)]
    return {f"{low:.2f}": round(float(right[inside].mean()), 3) for low, inside in bands if inside.any()}


def written_only(made: Features, scores: Floats) -> tuple[Floats, Names]:
    """Return the scores and labels of phrases that were written, not made from others."""
    asked: Mask = made.written
    return scores[asked], made.labels[asked]
