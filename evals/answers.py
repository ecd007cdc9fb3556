"""Measures answers at practices that were never trained with: ``python -m evals.answers [FILE ...] [--misses]``.

A file holds one practice, asked in the language of its texts or (texts in English) in both; the real index and the real
decision answer. A false answer is any text told to a question that no text answers, a near miss or a far one.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.dialogue.retrieval.answers import FaqKnowledge
from agent.domain.clock import SystemClock
from agent.domain.ports import Encoder, Found
from agent.domain.text import SafeText
from agent.encoder import load_encoders
from evals.training.practices import LANGS, Question, read

DATA = Path("evals/data")
FILES = tuple(DATA / f"answers_fresh{more}.txt" for more in (".both", "_second.both", "_third.both", "_third.es"))
"""Written before anything was run on them; the first figure of each stands in docs/understanding.md."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A question with what was found."""

    question: Question
    found: Found

    @property
    def first(self) -> str | None:
        """The id of the nearest text."""
        return self.found.passages[0].id if self.found.passages else None

    @property
    def told(self) -> bool:
        """Whether a text was told as the answer."""
        return self.found.band == "answer"


async def replies(file: Path, encoders: Sequence[Encoder], lang: str) -> list[Reply]:
    """Ask a practice everything that its file holds in a language."""
    practice = read(file, lang)
    faq = {practice.entries[0].lang: practice.entries}
    knowledge = FaqKnowledge(faq, encoders, clock=SystemClock(), zone=ZoneInfo("America/New_York"))
    return [
        Reply(question=one, found=await knowledge.find(SafeText(one.words), lang=lang)) for one in practice.questions
    ]


def figures(some: Sequence[Reply]) -> str:
    """Return one line of shares: of what can be answered first, right and wrong, of the rest what was told all the same."""
    asked = [reply for reply in some if reply.question.sort == "asked"]
    near = [reply for reply in some if reply.question.sort == "near"]
    missed = [reply for reply in some if reply.question.right is None]
    right = [reply.first == reply.question.right for reply in asked]
    told = [reply.told for reply in asked]
    return (
        f"n {len(asked)}+{len(missed)}  R@1 {_share(right):.3f}  "
        f"right {_share([a and b for a, b in zip(right, told, strict=True)]):.3f}  "
        f"wrong {_share([b and not a for a, b in zip(right, told, strict=True)]):.3f}  "
        f"false {_share([reply.told for reply in missed]):.3f} (near {_share([reply.told for reply in near]):.3f})"
    )


def mistakes(some: Sequence[Reply]) -> list[str]:
    """Return a line for each question decided wrongly: its band, words, the text that is right and the nearest one."""
    return [
        f"  {one.question.sort:5} {one.question.lang} {one.found.band:7} "
        f"{one.found.passages[0].score if one.found.passages else 0:.2f} {one.question.words}"
        f" | {one.question.right} <- {one.first}"
        for one in some
        if one.told != (one.question.right is not None) or (one.told and one.first != one.question.right)
    ]


def _share(some: Sequence[bool]) -> float:
    return sum(some) / len(some) if some else 0.0


async def _run(files: Sequence[Path], *, misses: bool) -> None:
    encoders = load_encoders()
    for file in files:
        for lang in LANGS:
            some = await replies(file, encoders, lang)
            if not some:
                continue
            print(f"{file.stem} {lang}  {figures(some)}", flush=True)
            if misses:
                print("\n".join(mistakes(some)))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m evals.answers", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=FILES)
    parser.add_argument("--misses", action="store_true", help="name every question decided wrongly")
    given = parser.parse_args()
    asyncio.run(_run(given.files, misses=given.misses))


if __name__ == "__main__":
    main()
