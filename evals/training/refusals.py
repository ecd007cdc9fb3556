"""Trains the classifier of what must be declined: `python -m evals.training.refusals`.

Reads refusals*.{en,es}.txt with their blanks, the blind sets whose errors were read (they measure nothing any more), and
the phrases of intents as what a front desk answers (refusal_rows.py). Writes agent/dialogue/refusals/model/.
Deterministic: the same phrases and encoders give the same file. The limits come from cross-validation by phrase, all
fillings of one phrase together, and by blind set. A quarter of an hour of CPU, most of it for the readers.
"""

import argparse
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from agent.dialogue.refusals.model import FOLDER, HARMLESS, LEAST, SHARE, SURE, TONGUES
from agent.dialogue.understanding.intents import centred
from agent.dialogue.understanding.plain import plain
from agent.domain.ports import Encoder, States
from agent.encoder import load_encoders
from agent.encoder.lower import LowerMiniLM
from agent.language.reader import PIECES
from evals.training.intent_features import counted
from evals.training.readers import FittedReader, fit_reader
from evals.training.refusal_rows import SEED, Row, files, read_rows
from evals.training.remembered import Remembering

FOLDS, STRENGTH, LEXICAL, STRENGTH_OF_TONGUE = 4, 1.0, 1.2, 100.0
FALSELY, FALSELY_ADRIFT, FALSELY_ANSWERING = 0.02, 0.04, 0.005
"""Share of harmless rows that may be declined in cross-validation: at the beginning of a talk, where no wish was
understood (which is seldom with harmless rows), as an answer to a question. The first two are taken from the spent sets,
which are like what callers say, each read by what has not learnt from it; the phrases are written to be as near to a
refusal as can be. English words have limits of their own, for the reader draws a sharper line."""
ENGLISH = TONGUES[0]
Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.str_]
Picked = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Chances = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What is read of all rows; `langs` holds an empty word where nobody noted the language."""

    raw: Sequence[Floats]  # unit vectors, an encoder each
    centres: Floats
    table: csr_matrix
    pieces: Sequence[npt.NDArray[np.float16]]
    langs: Labels
    read_with: str  # the encoder whose vectors go into the reader, the last one


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """The three parts of the classifier."""

    linear: LogisticRegression
    tongue: LogisticRegression
    reader: FittedReader

    def predict(self, inputs: Inputs, rows: Picked) -> Chances:
        """Return probabilities, shape (rows, labels): the reader's word counts as far as the words are English."""
        share = SHARE * _english(self.tongue, inputs, rows)
        share[share < LEAST] = 0
        read = self.reader.predict([inputs.pieces[row] for row in rows], inputs.raw[-1][rows])
        found = self.linear.predict_proba(inputs.table[rows])
        return np.asarray((1 - share)[:, None] * found + share[:, None] * read)


def read_inputs(rows: Sequence[Row], encoders: Sequence[Encoder], lower: States) -> Inputs:
    """Embed, hash and read all rows."""
    texts = [plain(row.text) for row in rows]
    raw = [embedded(texts, encoder) for encoder in encoders]
    centres = np.stack([np.zeros(raw[0].shape[1], np.float32), *(block.mean(axis=0) for block in raw[1:])])
    dense = np.concatenate([centred(block, centre) for block, centre in zip(raw, centres, strict=True)], axis=1)
    return Inputs(
        raw=raw,
        centres=centres,
        table=hstack([csr_matrix(dense), LEXICAL * counted(texts)]).tocsr(),
        pieces=[lower.states(text)[0][:PIECES].astype(np.float16) for text in texts],
        langs=np.array([row.lang or "" for row in rows]),
        read_with=encoders[-1].name,
    )


def embedded(texts: Sequence[str], encoder: Encoder) -> Floats:
    """Return unit vectors, one text at a time: batches differ in their last digits from what runs later."""
    return np.asarray([encoder.embed([text])[0] for text in texts], np.float32)


def fit(inputs: Inputs, labels: Labels, rows: Picked) -> Fitted:
    """Fit all parts on some rows; the reader on those of them that are English, or sound English."""
    linear = LogisticRegression(C=STRENGTH, max_iter=400, tol=1e-3).fit(inputs.table[rows], labels[rows])
    noted = rows[inputs.langs[rows] != ""]
    tongue = LogisticRegression(C=STRENGTH_OF_TONGUE, max_iter=400)
    tongue.fit(inputs.raw[-1][noted], inputs.langs[noted] == ENGLISH)
    sounds = (inputs.langs[rows] == "") & (_english(tongue, inputs, rows) > SURE)
    english = rows[(inputs.langs[rows] == ENGLISH) | sounds]
    kinds = [int(at) for at in np.searchsorted(linear.classes_, labels[english])]
    pieces = [inputs.pieces[row] for row in english]
    reader = fit_reader(pieces, inputs.raw[-1][english], kinds, inputs.read_with, SEED)
    return Fitted(linear=linear, tongue=tongue, reader=reader)


def _english(tongue: LogisticRegression, inputs: Inputs, rows: Picked) -> Chances:
    return np.asarray(tongue.predict_proba(inputs.raw[-1][rows])[:, 1])


def crossed(inputs: Inputs, labels: Labels, groups: Sequence[int]) -> Chances:
    """Return out-of-fold probabilities of all rows, rows of one group in one fold."""
    chances = np.zeros((len(labels), len(np.unique(labels))))
    for train, held in GroupKFold(FOLDS).split(labels, labels, groups):
        chances[held] = fit(inputs, labels, train).predict(inputs, held)
    return chances


def limits(refused: Chances, harmless: Mask, spent: Mask) -> dict[str, float]:
    """Return the lowest probabilities of a refusal that keep false ones within their shares."""
    shares = {"free": FALSELY, "adrift": FALSELY_ADRIFT, "answering": FALSELY_ANSWERING}
    held = {name: harmless if name == "answering" else harmless & spent for name in shares}
    return {name: round(float(np.quantile(refused[held[name]], 1 - share)), 3) for name, share in shares.items()}


def figures(refused: Chances, harmless: Mask, spent: Mask, least: float) -> dict[str, float]:
    """Return what the classifier alone does out of fold, where the limit is `least`."""
    return {
        "cross_validated_caught": _share(refused[~harmless] >= least),
        "cross_validated_falsely_refused": _share(refused[harmless] >= least),
        "caught_of_spent_sets": _share(refused[~harmless & spent] >= least),
    }


def main() -> None:
    """Train, measure by cross-validation, write."""
    given = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    given.add_argument(
        "--remember", type=Path, default=None, help="a folder for vectors, so that a second run is quick"
    )
    remember = given.parse_args().remember
    rows = read_rows()
    labels = np.array([row.label for row in rows])
    remembering = [Remembering(encoder, remember) for encoder in load_encoders()]
    encoders = [cast(Encoder, encoder) for encoder in remembering]
    with threadpool_limits(limits=1):  # sums in another order give other bytes
        inputs = read_inputs(rows, encoders, LowerMiniLM())
        for one in remembering:
            one.save()
        chances = crossed(inputs, labels, [row.group for row in rows])
        fitted = fit(inputs, labels, np.arange(len(rows)))
    refused = 1 - chances[:, list(fitted.linear.classes_).index(HARMLESS)]
    harmless, spent = labels == HARMLESS, np.array([row.spent for row in rows])
    english = _english(fitted.tongue, inputs, np.arange(len(rows))) > SURE
    least, found = {}, {}
    for tongue, those in zip(TONGUES, (english, ~english), strict=True):
        least[tongue] = limits(refused[those], harmless[those], spent[those])
        found[tongue] = figures(refused[those], harmless[those], spent[those], least[tongue]["free"])
    write(fitted, inputs, [encoder.name for encoder in encoders], least, {"rows": len(rows), **found})
    print(json.dumps({"limits": least, **found}))


def _share(hits: Mask) -> float:
    return round(float(hits.mean()), 4)


def write(
    fitted: Fitted,
    inputs: Inputs,
    encoders: Sequence[str],
    limits: Mapping[str, Mapping[str, float]],
    figures: Mapping[str, object],
    *,
    folder: Path = FOLDER,
) -> None:
    """Write the weights and their record."""
    linear, tongue = fitted.linear, fitted.tongue
    width = inputs.centres.size
    weights = np.asarray(linear.coef_.T, np.float32)
    lexical = weights[width:]
    scale = np.abs(lexical).max(axis=0) / 127
    content = io.BytesIO()
    np.savez_compressed(
        content, dense=weights[:width].astype(np.float16), sparse=np.round(lexical / scale).astype(np.int8),
        sparse_scale=scale.astype(np.float32), bias=linear.intercept_.astype(np.float32), centres=inputs.centres,
        tongue=tongue.coef_[0].astype(np.float32), tongue_bias=tongue.intercept_[0].astype(np.float32),
        **{f"reader/{name}": array for name, array in fitted.reader.arrays.items()},  # type: ignore[arg-type]
    )  # fmt: skip
    record = {
        "weights": "refusals.npz", "sha256": hashlib.sha256(content.getvalue()).hexdigest(),
        "encoders": list(encoders), "labels": [str(name) for name in linear.classes_],
        "lexical_scale": LEXICAL, "limits": limits, "figures": figures,
        "phrases": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files()},
    }  # fmt: skip
    folder.mkdir(exist_ok=True)
    (folder / "refusals.npz").write_bytes(content.getvalue())
    (folder / "refusals.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
