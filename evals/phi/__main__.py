"""``python -m evals.phi [FILE ...] [--show]``: recall, precision and damage on marked text, with and without layers."""

import argparse
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agent.phi.redactor import Redactor
from agent.phi.sought import sought
from agent.phi.utterance import Found, Utterance
from agent.practice_folder import demo_folder, read_practice

FOLDER = Path(__file__).parent
_MARK = re.compile(r"[\[{]([^\]}]*)[\]}]")


@dataclass(frozen=True)
class Marked:
    """An utterance, what identifies in it, and what must stay readable: (start, end)."""

    said: Utterance
    identities: tuple[tuple[int, int], ...]
    kept: tuple[tuple[int, int], ...]


def read(file: Path) -> Iterator[Marked]:
    for line in file.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield marked(line)


def marked(line: str) -> Marked:
    lang = "es" if line.startswith("es: ") else "en"
    prev, _, told = line.removeprefix("es: ").rpartition(" | ")
    text, at = "", 0
    spans: dict[str, list[tuple[int, int]]] = {"[": [], "{": []}
    for mark in _MARK.finditer(told):
        text += told[at : mark.start()]
        spans[mark.group()[0]].append((len(text), len(text) + len(mark[1])))
        text, at = text + mark[1], mark.end()
    wanted = sought(None, prev or None)
    said = Utterance(
        text + told[at:], lang=lang, sought=wanted.kinds, part=wanted.part, provider_asked=wanted.provider,
        today=date(2026, 3, 2),
    )  # fmt: skip
    return Marked(said, tuple(spans["["]), tuple(spans["{"]))


@dataclass
class Count:
    spans: int = 0
    covered: int = 0
    found: int = 0
    right: int = 0
    kept: int = 0
    damaged: int = 0
    harmless: int = 0
    touched: int = 0

    def add(self, row: Marked, found: list[Found]) -> bool:
        """Count one utterance; say whether it was all right."""
        text = row.said.text
        missed = [one for one in row.identities if not _covered(text, one, found)]
        wrong = [one for one in found if not any(_touch(one, span) for span in row.identities)]
        hurt = [span for span in row.kept if any(_touch(one, span) for one in found)]
        self.spans += len(row.identities)
        self.covered += len(row.identities) - len(missed)
        self.found += len(found)
        self.right += len(found) - len(wrong)
        self.kept += len(row.kept)
        self.damaged += len(hurt)
        self.harmless += not row.identities
        self.touched += not row.identities and bool(found)
        return not (missed or wrong or hurt)

    def __str__(self) -> str:
        return (
            f"recall {self.covered}/{self.spans} = {self.covered / max(1, self.spans):.3f}, precision {self.right}/{self.found} = "
            f"{self.right / max(1, self.found):.3f}, damaged {self.damaged}/{self.kept}, harmless touched {self.touched}/{self.harmless}"
        )


def _touch(one: Found, span: tuple[int, int]) -> bool:
    return one.start < span[1] and span[0] < one.end


def _covered(text: str, span: tuple[int, int], found: list[Found]) -> bool:
    return all(any(one.start <= at < one.end for one in found) for at in range(*span) if text[at].isalnum())


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m evals.phi", description=__doc__)
    asked.add_argument("files", nargs="*", type=Path)
    asked.add_argument("--show", action="store_true", help="print the utterances that went wrong")
    asked.add_argument("--without", action="append", default=[], help="leave a recognizer out, e.g. Trained")
    args = asked.parse_args()
    redactor = Redactor(read_practice(demo_folder()), without=tuple(args.without))
    redactor.load()
    for file in args.files or sorted(FOLDER.glob("*.txt")):
        count, times = Count(), []
        for row in read(file):
            began = time.process_time()
            found = redactor.find(row.said)
            times.append(time.process_time() - began)
            if not count.add(row, found) and args.show:
                print(
                    "   ", _shown(row.said.text, found), "   should be", [row.said.text[a:b] for a, b in row.identities]
                )
        print(f"{file.name}: {count}, p95 {sorted(times)[int(len(times) * 0.95)] * 1000:.1f} ms CPU")


def _shown(text: str, found: list[Found]) -> str:
    for one in reversed(found):
        text = f"{text[: one.start]}<{one.kind} {one.by}:{text[one.start : one.end]}>{text[one.end :]}"
    return text


if __name__ == "__main__":
    main()
