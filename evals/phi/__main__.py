"""``python -m evals.phi [FILE ...] [--show] [--table] [--floors] [--ablation]``: recall, precision and damage on marked text."""

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from agent.phi.redactor import Redactor
from agent.practice_folder import demo_folder, read_practice
from evals.phi.counting import Count
from evals.phi.floors import table
from evals.phi.marked import FOLDER, Marked, read

LAYERS = (
    "Addresses",
    "Ages",
    "Asked",
    "Dates",
    "Emails",
    "Facilities",
    "GivenWords",
    "InContext",
    "LetteredIds",
    "Names",
    "Numbers",
    "Spelled",
    "Trained",
)


def files(given: Sequence[Path]) -> list[Path]:
    """Return the files to measure: those given, those of folders given, or all."""
    found = [file for one in given for file in (sorted(one.glob("*.txt")) if one.is_dir() else [one])]
    return found or sorted(FOLDER.rglob("*.txt"))


def measure(rows: Sequence[Marked], *, without: Sequence[str] = (), show: bool = False) -> tuple[Count, float]:
    """Return the figures and the 95th percentile of milliseconds CPU an utterance."""
    redactor = Redactor(read_practice(demo_folder()), without=tuple(without))
    redactor.load()
    count, times = Count(), []
    for row in rows:
        said = replace(row.said)  # without what an earlier measurement worked out for it
        began = time.process_time()
        found = redactor.find(said)
        times.append(time.process_time() - began)
        if not count.add(row, found) and show:
            should = [row.said.text[one.start : one.end] for one in row.identities]
            print("   ", _shown(row.said.text, found), "   should be", should)
    return count, sorted(times)[int(len(times) * 0.95)] * 1000


def _shown(text: str, found: Sequence[object]) -> str:
    for one in reversed(found):
        start, end = getattr(one, "start", 0), getattr(one, "end", 0)
        kind, by = getattr(one, "kind", ""), getattr(one, "by", "")
        text = f"{text[:start]}<{kind} {by}:{text[start:end]}>{text[end:]}"
    return text


def ablation(rows: Sequence[Marked]) -> list[str]:
    """Return what each layer brings: the figures of all, and of all but one."""
    whole, slowest = measure(rows)
    lines = ["| without | recall | precision | damaged | harmless touched | p95 ms |", "|---|---|---|---|---|---|"]
    for name in ("", *LAYERS):
        count, p95 = measure(rows, without=(name,)) if name else (whole, slowest)
        lines.append(
            f"| {name or 'nothing'} | {count.recall:.3f} | {count.precision:.3f} | {count.damaged}/{count.kept} "
            f"| {count.touched}/{count.harmless} | {p95:.1f} |"
        )
    return lines


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m evals.phi", description=__doc__)
    asked.add_argument("files", nargs="*", type=Path, help="files or folders of marked text; all of evals/phi without")
    asked.add_argument("--show", action="store_true", help="print the utterances that went wrong")
    asked.add_argument(
        "--table", action="store_true", help="recall by style, kind and region of origin, over all files"
    )
    asked.add_argument("--floors", action="store_true", help="every figure with its floor and its goal, over all files")
    asked.add_argument("--ablation", action="store_true", help="what each layer brings, over all files")
    asked.add_argument("--without", action="append", default=[], help="leave a recognizer out, e.g. Trained")
    args = asked.parse_args()
    chosen = files(args.files)
    every = [row for file in chosen for row in read(file)]
    if args.ablation:
        print("\n".join(ablation(every)))
        return
    for file in chosen:
        count, p95 = measure(list(read(file)), without=args.without, show=args.show)
        print(f"{file.name}: {count}, p95 {p95:.1f} ms CPU")
    whole, p95 = measure(every, without=args.without)
    print(f"all: {whole}, p95 {p95:.1f} ms CPU")
    if args.table:
        print("\n".join(whole.table()))
        name, below = whole.furthest_region()
        print(f"the worst region of 20 names or more lies {below:.3f} below all names: {name or 'none'}")
    if args.floors:
        print("\n".join(table(whole, p95)))


if __name__ == "__main__":
    main()
