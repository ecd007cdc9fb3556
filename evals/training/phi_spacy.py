"""The baseline: ``python -m evals.training.phi_spacy [--rows N] [--rounds N] [FILE ...]``.

Trains spaCy's own recogniser of entities, small and from nothing, on the text that trains ours (phi_text), and measures
it on marked text as ours are measured. Nothing of it is kept: it tells what a recognizer bought ready-made brings.
"""

import argparse
import random
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from agent.phi.utterance import Found
from evals.phi.counting import Count
from evals.phi.marked import FOLDER, Marked, read
from evals.training.phi_text import Made, make

_BATCH, _DROPPED = 64, 0.2


def entities(made: Made) -> list[tuple[int, int, str]]:
    """Return the spans that do not overlap, as spaCy wants them."""
    kept: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(made.spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, kind))
    return kept


def trained(rows: Sequence[Made], *, rounds: int, seed: int) -> Any:
    """Return a pipeline that finds entities."""
    import spacy
    from spacy.training import Example
    from thinc.util import fix_random_seed

    fix_random_seed(seed)
    nlp, rng = spacy.blank("xx"), random.Random(seed)
    nlp.add_pipe("ner")
    examples = [_example(nlp, Example, made) for made in rows]
    optimizer = nlp.initialize(lambda: examples[:500])
    for number in range(rounds):
        began, losses = time.monotonic(), dict[str, float]()
        rng.shuffle(examples)
        for start in range(0, len(examples), _BATCH):
            nlp.update(examples[start : start + _BATCH], sgd=optimizer, drop=_DROPPED, losses=losses)
        print(f"round {number + 1}: loss {losses['ner']:.0f}, {time.monotonic() - began:.0f} s", flush=True)
    return nlp


def _example(nlp: Any, example: Any, made: Made) -> Any:
    """Return an utterance with its spans where words begin and end."""
    doc = nlp.make_doc(made.said.text)
    spans = [doc.char_span(start, end, label=kind, alignment_mode="expand") for start, end, kind in entities(made)]
    told = nlp.make_doc(made.said.text)
    told.ents = [type(span)(told, span.start, span.end, label=span.label_) for span in _apart(spans)]
    return example(doc, told)


def _apart(spans: Iterable[Any]) -> list[Any]:
    kept: list[Any] = []
    for span in spans:
        if span is not None and (not kept or span.start >= kept[-1].end):
            kept.append(span)
    return kept


def measured(nlp: Any, rows: Iterable[Marked]) -> tuple[Count, float]:
    """Return the figures, and the 95th percentile of milliseconds CPU an utterance."""
    count, times = Count(), []
    for row in rows:
        began = time.process_time()
        told = nlp(row.said.text)
        times.append(time.process_time() - began)
        found = [Found(start=one.start_char, end=one.end_char, kind=one.label_, by="spacy") for one in told.ents]
        count.add(row, found)
    return count, sorted(times)[int(len(times) * 0.95)] * 1000


def main() -> None:
    read_arguments = argparse.ArgumentParser(prog="python -m evals.training.phi_spacy", description=__doc__)
    read_arguments.add_argument("files", nargs="*", type=Path)
    read_arguments.add_argument("--rows", type=int, default=6_000)
    read_arguments.add_argument("--rounds", type=int, default=3)
    read_arguments.add_argument("--seed", type=int, default=5)
    asked = read_arguments.parse_args()
    files = asked.files or sorted(set(FOLDER.rglob("*.txt")) - set(FOLDER.rglob("*-clinical.txt")))
    nlp = trained(list(make(asked.rows, seed=asked.seed)), rounds=asked.rounds, seed=asked.seed)
    count, p95 = measured(nlp, [row for file in files for row in read(file)])
    print(f"spaCy, trained on our text: {count}, p95 {p95:.1f} ms CPU")
    print("\n".join(count.table()))


if __name__ == "__main__":
    main()
