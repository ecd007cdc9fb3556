"""Trains the classifier of what must be declined: `python -m evals.training.refusals`.

Reads refusals.{en,es}.txt with their blanks, the blind sets whose errors were read (they measure nothing any more), and
the phrases of intents as what a front desk answers. Writes
agent/dialogue/refusals/model/. Deterministic: the same phrases and encoders give the same file. The threshold comes
from cross-validation by phrase, all fillings of one phrase together.
"""

import argparse
import hashlib
import io
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import yaml
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from agent.dialogue.refusals.model import FOLDER, HARMLESS
from agent.dialogue.understanding.intents import centred
from agent.dialogue.understanding.plain import plain
from agent.domain.ports import Encoder
from agent.encoder import load_encoders
from evals.refusals.rows import SPENT, read
from evals.refusals.rows import Row as Blind
from evals.training.intent_features import counted
from evals.training.phrases import CARRIERS, read_phrases
from evals.training.remembered import Remembering

HERE = Path(__file__).parent
BLIND = HERE.parent / "refusals"
SEED, FOLDS, STRENGTH, LEXICAL = 7, 4, 1.0, 1.2
FILLED = 3
"""How often a phrase with blanks is filled."""
PER_INTENT = 220
"""Phrases of an intent taken as harmless, at most."""
FALSELY, FALSELY_ADRIFT, FALSELY_ANSWERING = 0.03, 0.06, 0.005
"""Share of harmless rows that may be declined in cross-validation: at the beginning of a talk, where no wish was
understood (which is seldom with harmless rows), as an answer to a question. The first two are taken from the spent sets,
which are like what callers say; the phrases are written to be as near to a refusal as can be."""
NOT_HARMLESS = re.compile(
    r"cover|deductible|copay|out of pocket|normal|mean|explain|read me|positive|negative|sue|legal|lawyer|malpractice|"
    r"cubr|significa|side effect|dose|dosage|is .* a patient"
)
ELSEWHERE = ("clinical_question", "third_party", "insurance")
"""Intents whose phrases are partly what is declined: left out."""
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One utterance; `group` is the phrase it was made from."""

    text: str
    label: str
    group: int
    spent: bool = False


def read_rows() -> list[Row]:
    """Return all rows: filled phrases, some with words before or after them, and harmless phrases of intents."""
    chance = random.Random(SEED)
    blanks = yaml.safe_load((HERE / "refusals.blanks.yaml").read_text(encoding="utf-8"))
    around = yaml.safe_load((Path.cwd() / CARRIERS).read_text(encoding="utf-8"))
    rows: list[Row] = []
    group = 0
    for lang in ("en", "es"):
        for label, phrase in headed(HERE / f"refusals.{lang}.txt"):
            group += 1
            for text in _filled(phrase, blanks[lang], chance):
                rows.append(Row(text=text, label=label, group=group))
                if lang == "en" and chance.random() < 0.5:
                    rows.append(Row(text=f"{chance.choice(around['before'])} {text}", label=label, group=group))
    taken: dict[str, int] = {}
    for one in read_phrases():
        if one.label in ELSEWHERE or NOT_HARMLESS.search(plain(one.text)) or taken.get(one.label, 0) >= PER_INTENT:
            continue
        if chance.random() < 0.8:
            taken[one.label] = taken.get(one.label, 0) + 1
            group += 1
            rows.append(Row(text=one.text, label=HARMLESS, group=group))
    for spent in spent_rows():
        group += 1
        rows.append(Row(text=spent.text, label=spent.kind, group=group, spent=True))
    return list({plain(row.text): row for row in rows}.values())


def spent_rows() -> list[Blind]:
    """Return the rows of the spent sets that begin a talk: what answers a question is judged by other limits."""
    rows = [row for name in SPENT for row in read(BLIND / name)]
    return [row for row in rows if row.asked is None and row.kind != "card"]


def headed(file: Path) -> Iterator[tuple[str, str]]:
    """Yield (label, phrase) of a file of phrases under `[label]` heads."""
    label = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            label = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            yield label, line.strip()


def _filled(phrase: str, blanks: dict[str, list[str]], chance: random.Random) -> list[str]:
    if "{" not in phrase:
        return [phrase]
    return [
        re.sub(r"\{(\w+)\}", lambda found: chance.choice(blanks[found[1]]), phrase) for _ in range(FILLED)
    ]  # fmt: skip


def embedded(texts: Sequence[str], encoder: Encoder) -> Floats:
    """Return unit vectors, one text at a time: batches differ in their last digits from what runs later."""
    return np.asarray([encoder.embed([text])[0] for text in texts], np.float32)


def fit(matrix: csr_matrix, labels: npt.NDArray[np.str_]) -> LogisticRegression:
    """Fit one linear layer; no randomness is involved."""
    return LogisticRegression(C=STRENGTH, max_iter=400, tol=1e-3).fit(matrix, labels)


def threshold(harmless: npt.NDArray[np.float64], falsely: float) -> float:
    """Return the lowest probability of a refusal that keeps false ones within a share of harmless rows."""
    return round(float(np.quantile(harmless, 1 - falsely)), 3)


def main() -> None:
    """Train, measure by cross-validation, write."""
    given = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    given.add_argument(
        "--remember", type=Path, default=None, help="a folder for vectors, so that a second run is quick"
    )
    remember = given.parse_args().remember
    rows = read_rows()
    texts = [plain(row.text) for row in rows]
    labels = np.array([row.label for row in rows])
    remembering = [Remembering(encoder, remember) for encoder in load_encoders()]
    encoders = [cast(Encoder, encoder) for encoder in remembering]
    raw = [embedded(texts, encoder) for encoder in encoders]
    for one in remembering:
        one.save()
    centres = np.stack([np.zeros(raw[0].shape[1], np.float32), *(block.mean(axis=0) for block in raw[1:])])
    dense = np.concatenate([centred(block, centre) for block, centre in zip(raw, centres, strict=True)], axis=1)
    sparse = counted(texts)
    matrix = hstack([csr_matrix(dense), LEXICAL * sparse]).tocsr()
    chances, names = _crossed(matrix, labels, np.array([row.group for row in rows]))
    refused = 1 - chances[:, list(names).index(HARMLESS)]
    shares = {"threshold": FALSELY, "threshold_adrift": FALSELY_ADRIFT, "threshold_answering": FALSELY_ANSWERING}
    harmless, spent = labels == HARMLESS, np.array([row.spent for row in rows])
    held = {name: harmless if name == "threshold_answering" else harmless & spent for name in shares}
    thresholds = {name: threshold(refused[held[name]], share) for name, share in shares.items()}
    free = thresholds["threshold"]
    figures = {
        "rows": len(rows), "cross_validated_caught": _share(refused[~harmless] >= free),
        "cross_validated_falsely_refused": _share(refused[harmless] >= free),
        "caught_of_spent_sets": _share(refused[~harmless & spent] >= free),
    }  # fmt: skip
    _write(fit(matrix, labels), dense.shape[1], centres, encoders, thresholds, figures)


def _share(hits: npt.NDArray[np.bool_]) -> float:
    return round(float(hits.mean()), 4)


def _crossed(
    matrix: csr_matrix, labels: npt.NDArray[np.str_], groups: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.str_]]:
    names = np.unique(labels)
    chances = np.zeros((len(labels), len(names)))
    for train, held in GroupKFold(FOLDS).split(matrix, labels, groups):
        chances[held] = fit(matrix[train], labels[train]).predict_proba(matrix[held])
    return chances, names


def _write(
    model: LogisticRegression,
    width: int,
    centres: Floats,
    encoders: Sequence[Encoder],
    thresholds: dict[str, float],
    figures: dict[str, float],
) -> None:
    weights = np.asarray(model.coef_.T, np.float32)
    lexical = weights[width:]
    scale = np.abs(lexical).max(axis=0) / 127
    content = io.BytesIO()
    np.savez_compressed(
        content, dense=weights[:width].astype(np.float16), sparse=np.round(lexical / scale).astype(np.int8),
        sparse_scale=scale.astype(np.float32), bias=model.intercept_.astype(np.float32), centres=centres,
    )  # fmt: skip
    files = [HERE / name for name in ("refusals.en.txt", "refusals.es.txt", "refusals.blanks.yaml")]
    files += [BLIND / name for name in SPENT]
    record = {
        "weights": "refusals.npz", "sha256": hashlib.sha256(content.getvalue()).hexdigest(),
        "encoders": [encoder.name for encoder in encoders], "labels": [str(name) for name in model.classes_],
        "lexical_scale": LEXICAL, **thresholds, "figures": figures,
        "phrases": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
    }  # fmt: skip
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "refusals.npz").write_bytes(content.getvalue())
    (FOLDER / "refusals.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({**figures, **thresholds}))


if __name__ == "__main__":
    main()
