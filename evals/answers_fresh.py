"""Measures answers at practices nobody trained with: ``python -m evals.answers_fresh [FILE ...] [--misses]``.

A file holds one practice whose texts are English, asked in English and in Spanish; the real index and the real decision
answer. A false answer is any text told to a question that no text answers, a near miss or a far one.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.dialogue.retrieval.answers import FaqKnowledge
from agent.dialogue.retrieval.trained import trained_encoders
from agent.domain.clock import SystemClock
from agent.domain.ports import Encoder, Found
from agent.domain.text import SafeText
from agent.encoder import load_encoders
from agent.practice_folder import FaqEntry
from evals.training.practices import several

DATA = Path("evals/data")
FILES = (DATA / "answers_fresh.txt",)
LANGS = ("en", "es")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, in which language, and the id of the text that answers it; `sort` is asked, near or far."""

    words: str
    lang: str
    right: str | None
    sort: str


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


def read(file: Path) -> tuple[tuple[FaqEntry, ...], tuple[Question, ...]]:
    """Read the texts and the questions of one practice; ValueError for a line that is neither."""
    entries: list[FaqEntry] = []
    questions: list[Question] = []
    for line in file.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        head, _, rest = line.partition(":")
        if head.partition("-")[0] in ("near", "far") and head.endswith(LANGS):
            sort, _, lang = head.partition("-")
            questions += [Question(words=one, lang=lang, right=None, sort=sort) for one in several(rest)]
            continue
        id, title, answer, *asked = (part.strip() for part in line.split(" | "))
        entries.append(FaqEntry(id=id, written_id=id, lang="en", title=title, questions=(title,), answer=answer))
        for lang, words in zip(LANGS, asked, strict=True):
            questions += [Question(words=one, lang=lang, right=id, sort="asked") for one in several(words)]
    return tuple(entries), tuple(questions)


async def replies(file: Path, encoders: Sequence[Encoder]) -> list[Reply]:
    """Ask a practice everything that its file holds."""
    entries, questions = read(file)
    by_lang = {lang: trained_encoders(lang, encoders) for lang in LANGS}
    knowledge = FaqKnowledge({"en": entries}, by_lang, clock=SystemClock(), zone=ZoneInfo("America/New_York"))
    return [Reply(question=one, found=await knowledge.find(SafeText(one.words), lang=one.lang)) for one in questions]


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
        all_of = await replies(file, encoders)
        for lang in LANGS:
            some = [reply for reply in all_of if reply.question.lang == lang]
            print(f"{file.stem} {lang}  {figures(some)}", flush=True)
            if misses:
                print("\n".join(mistakes(some)))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m evals.answers_fresh", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=FILES)
    parser.add_argument("--misses", action="store_true", help="name every question decided wrongly")
    given = parser.parse_args()
    asyncio.run(_run(given.files, misses=given.misses))


if __name__ == "__main__":
    main()
