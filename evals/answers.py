"""Measures answers from a practice's texts: ``python -m evals.answers [--training] [LANG ...]``.

Made-up practices that were never trained with are asked through the real index and the real decision.
With --training also those trained with, which flatters. Shares of an ideal clerk: everything answerable answered.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from agent.dialogue.retrieval.answers import FaqKnowledge
from agent.dialogue.retrieval.trained import trained_encoders
from agent.domain.clock import SystemClock
from agent.domain.ports import Encoder, Found
from agent.domain.text import SafeText
from agent.encoder import load_encoders
from evals.training.practices import Practice, practices


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Shares, 0 to 1: of the answerable questions (first, right, wrong, offered) and of the others (near, far)."""

    first: float
    right: float
    wrong: float
    offered: float
    near: float
    far: float

    def __str__(self) -> str:
        """Return one line."""
        return (
            f"R@1 {self.first:.3f}  answered right {self.right:.3f} wrong {self.wrong:.3f}  "
            f"offered {self.offered:.3f}  false answers {(self.near + self.far) / 2:.3f} "
            f"(near {self.near:.3f}, far {self.far:.3f})"
        )


async def measure(practice: Practice, encoders: Sequence[Encoder], lang: str) -> Figures:
    """Ask a practice everything that its file holds."""
    knowledge = FaqKnowledge(
        {lang: practice.entries},
        {lang: trained_encoders(lang, encoders)},
        clock=SystemClock(),
        zone=ZoneInfo("America/New_York"),
    )

    async def find(words: str) -> Found:
        return await knowledge.find(SafeText(words), lang=lang)

    asked = [(await find(words), id) for words, id in practice.asked]
    firsts = [bool(found.passages) and found.passages[0].id == id for found, id in asked]
    answers = [found.band == "answer" for found, _ in asked]
    return Figures(
        first=_share(firsts),
        right=_share([first and said for first, said in zip(firsts, answers, strict=True)]),
        wrong=_share([said and not first for first, said in zip(firsts, answers, strict=True)]),
        offered=_share([found.band == "offer" for found, _ in asked]),
        near=_share([(await find(words)).band == "answer" for words in practice.near]),
        far=_share([(await find(words)).band == "answer" for words in practice.far]),
    )


def _share(some: Sequence[bool]) -> float:
    return sum(some) / len(some) if some else 0.0


async def _run(langs: Sequence[str], *, training: bool) -> None:
    encoders = load_encoders()
    for lang in langs:
        for frozen in (False, True) if training else (True,):
            for practice in practices(lang, frozen=frozen):
                figures = await measure(practice, encoders, lang)
                print(f"{lang} {practice.kind:<11}{'frozen' if frozen else 'trained'}  {figures}", flush=True)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m evals.answers", description=__doc__)
    parser.add_argument("langs", nargs="*", default=["en", "es"])
    parser.add_argument("--training", action="store_true")
    given = parser.parse_args()
    asyncio.run(_run(given.langs, training=given.training))


if __name__ == "__main__":
    main()
