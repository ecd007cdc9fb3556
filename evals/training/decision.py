"""Trains the order of topics and the decision of retrieval: ``python -m evals.training.decision [--cache DIR] [PAIR ...]``.

Which topic comes first, and answer, offer or decline: learnt from the made-up practices of evals/training/practices, with
the topic map that ``python -m evals.training.bands`` left. Practices are held out, a fifth at a time; the thresholds are those at
which, over all held-out practices, at most FALSE_ANSWERS of what has no answer is answered. Writes agent/dialogue/retrieval/
weights/<pair>.json, and the hashes of all that went in and came out beside it.
"""

import argparse
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from agent.dialogue.retrieval.bands import Bands
from agent.dialogue.retrieval.coverage import WordVectors
from agent.dialogue.retrieval.evidence import evidence
from agent.dialogue.retrieval.trained import PAIRS, load_bands, trained_encoders, word_encoder
from agent.domain.ports import Encoder
from evals.training.bands import OUT, remembering, write
from evals.training.practice_cases import Asked, Desk, cases
from evals.training.practices import HERE, practices
from evals.training.ranking import Answered, fit_rank
from evals.training.trust import Array, Flags, fit

FALSE_ANSWERS = 0.025
"""A share at held-out practices; practices of other hands are answered falsely about twice as often."""
FALSE_OFFERS = 0.35
FOLDS = 5
PULL = 2.0
"""How strongly the order of topics is held near that of general topics, which the practices know little of."""
ANSWERS_BEGIN = 0.6
"""The score at which answers begin in every language: scores are moved there, so that their readers need no retraining."""


def evidence_rows(some: Sequence[Asked], rank: Array, other: int) -> tuple[Array, Flags]:
    """Return the evidence for the first topic of each case, and whether that topic is right."""
    rows, right = [], []
    for case in some:
        fits = case.matches.features @ rank
        order = np.argsort(-fits, kind="stable")
        rows.append(evidence(case.matches, fits, order, other))
        right.append(case.right is not None and case.matches.entries[int(order[0])].id == case.right)
    return np.stack(rows), np.asarray(right)


def unambiguous(some: Sequence[Asked], rank: Array) -> Flags:
    """Leave out what is not surely wrong: a topic of another practice that may answer the question as well."""
    return np.asarray([not (case.beside and case.sort != "far" and _of_another(case, rank)) for case in some])


def _of_another(case: Asked, rank: Array) -> bool:
    return "." in case.matches.entries[int(np.argmax(case.matches.features @ rank))].id


def held_out(some: Sequence[Asked], rows: Array, right: Flags, taught: Flags) -> Array:
    """Return the trust in each case by a model that never saw its practice."""
    kinds = sorted({case.practice for case in some})
    fold_of = np.asarray([kinds.index(case.practice) % FOLDS for case in some])
    trust = np.zeros(len(some))
    for fold in range(FOLDS):
        learnt, asked = (fold_of != fold) & taught, fold_of == fold
        trust[asked] = fit(rows[learnt], right[learnt]).of(rows[asked])
    return trust


def false_share(trust: Array, some: Sequence[Asked], at: float) -> float:
    """Return the share of what has no answer that is answered: half of it strange questions, half near misses.

    Of these half are an aspect that the practice's texts do not state, half a topic that was left out of them.
    """
    said = trust >= at
    far = said[[case.sort == "far" and case.plain for case in some]].mean()
    near = said[[case.sort == "near" and case.plain for case in some]].mean()
    topics = said[[case.sort == "near" and not case.plain and not case.beside for case in some]].mean()
    return float(far / 2 + near / 4 + topics / 4)


def threshold(trust: Array, some: Sequence[Asked], share: float) -> float:
    """Return the lowest trust at which at most this share of what has no answer passes."""
    return next((float(at) for at in np.arange(0.02, 1.0, 0.0025) if false_share(trust, some, at) <= share), 1.0)


def answered(case: Asked) -> Answered:
    """Return a case as its features and the place of the right topic."""
    return case.matches.features, next(at for at, entry in enumerate(case.matches.entries) if entry.id == case.right)


def train(pair: str, encoders: Sequence[Encoder]) -> None:
    """Train one pair, write it and print the figures of the practices held out."""
    asked_in, _, written_in = pair.partition("-")
    asked_by = trained_encoders(asked_in, encoders)
    bands = load_bands(pair, tuple(encoder.name for encoder in asked_by))
    desk = Desk(
        lang=asked_in,
        asked_by=asked_by,
        written_by=trained_encoders(written_in or asked_in, encoders),
        words=WordVectors(word_encoder(encoders)),
        bands=bands,
    )
    all_of = practices(pair)
    some = [case for practice in all_of for case in cases(practice, all_of, desk)]
    other = bands.weights.other
    rank = fit_rank(
        [answered(case) for case in some if case.right is not None], near=np.asarray(bands.weights.general), pull=PULL
    )
    rows, right = evidence_rows(some, rank, other)
    sure = unambiguous(some, rank)
    taught = sure & np.asarray([not (case.beside and case.sort == "near") for case in some])
    trust = held_out(some, rows, right, taught)
    learnt = fit(rows[taught], right[taught])
    answer_at = threshold(trust, some, FALSE_ANSWERS)
    shift = _logit(ANSWERS_BEGIN) - _logit(answer_at)
    weights = bands.weights.model_copy(
        update={
            "rank": tuple(round(float(one), 5) for one in rank),
            "linear": tuple(float(one) for one in learnt.linear),
            "start": round(learnt.start + shift, 5),
            "answer_at": ANSWERS_BEGIN,
            "offer_at": round(_moved(threshold(trust, some, FALSE_OFFERS), shift), 4),
        }
    )
    write(pair, Bands(weights=weights, topics=bands.topics, trees=learnt.trees))
    record(pair)
    tell(pair, some, trust, right, answer_at)
    print(f"  false answers, topics left out too {false_share(trust, some, answer_at):.3f}", flush=True)


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _moved(share: float, shift: float) -> float:
    return float(1 / (1 + np.exp(-(_logit(share) + shift))))


def record(pair: str) -> None:
    """Write the hashes of what the decision was trained with and of what came out."""
    paths = [*(HERE / one.file for one in practices(pair)), OUT / f"{pair}.json", OUT / f"{pair}.npz"]
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    (OUT / f"{pair}.sha256.json").write_text(json.dumps(hashes, indent=1) + "\n", "utf-8")


def tell(pair: str, some: Sequence[Asked], trust: Array, right: Flags, at: float) -> None:
    """Print the shares over practices held out, each as it stands, before anything is left out of it."""
    said = trust >= at

    def share(flags: Flags, which: Callable[[Asked], bool]) -> float:
        return float(flags[[case.plain and which(case) for case in some]].mean())

    near, far = share(said, lambda case: case.sort == "near"), share(said, lambda case: case.sort == "far")
    wrong = said & ~right
    print(f"{pair}: {len({case.practice for case in some})} practices, each held out once; answered from {at:.3f}")
    print(f"  R@1 {share(right, lambda case: case.sort == 'asked'):.3f}")
    print(f"  answered right {share(said & right, lambda case: case.sort == 'asked'):.3f}")
    print(f"  answered wrong {share(wrong, lambda case: case.sort == 'asked'):.3f}")
    print(f"  false answers {(near + far) / 2:.3f} (near {near:.3f}, far {far:.3f})")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.decision", description=__doc__)
    parser.add_argument("pairs", nargs="*", default=PAIRS)
    parser.add_argument("--cache", type=Path, help="where vectors are kept from run to run")
    given = parser.parse_args()
    encoders = remembering(given.cache)
    with threadpool_limits(limits=1):
        for pair in given.pairs:
            train(pair, cast(Sequence[Encoder], encoders))
            for encoder in encoders:
                encoder.save()


if __name__ == "__main__":
    main()
