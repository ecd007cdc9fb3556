"""Deals made-up practices as cases for the decision: whole, with topics left out, and with another practice's beside."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from agent.dialogue.retrieval.bands import Bands
from agent.dialogue.retrieval.coverage import WordVectors
from agent.dialogue.retrieval.documents import documents
from agent.dialogue.retrieval.index import AskedBy
from agent.dialogue.retrieval.matching import Matcher, Matches
from agent.domain.ports import Encoder
from agent.practice_folder import FaqEntry
from evals.training.plain import Plain
from evals.training.practices import Practice, Question, Sort

LEFT_OUT, TWICE, BESIDE = 0.4, 2, 3


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question to a practice: how all topics match it, the id of the right one if any, what sort it is."""

    practice: str
    words: str
    matches: Matches
    right: str | None
    sort: Sort
    beside: bool = False
    """Whether topics of another practice were beside, so that a wrong topic may be right all the same."""
    plain: bool = False
    """Whether the practice was asked as it stands, with all of its topics and no others."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What compares questions with topics: the encoders of both languages, vectors of words, the map."""

    lang: str
    asked_by: Sequence[Encoder]
    written_by: Sequence[Encoder]
    words: WordVectors
    bands: Bands

    def matcher(self, entries: Sequence[FaqEntry]) -> Matcher:
        """Return some topics ready to be compared."""
        found = documents(entries)
        indexes = [
            AskedBy(Plain(written, found), asked) for written, asked in zip(self.written_by, self.asked_by, strict=True)
        ]
        return Matcher(entries, indexes, self.lang, self.bands.background, self.bands.topics, self.words)


def cases(practice: Practice, others: Sequence[Practice], desk: Desk) -> list[Asked]:
    """Return all cases of a practice."""
    dice = random.Random(practice.kind)
    found = _whole(practice, desk.matcher(practice.entries))
    for _ in range(TWICE):
        found += _without_some(practice, (), dice, desk)
    beside = dice.sample([one for one in others if one.kind != practice.kind], min(BESIDE, len(others) - 1))
    more = tuple(_renamed(entry, one.kind) for one in beside for entry in one.entries)
    found += _whole(practice, desk.matcher((*practice.entries, *more)), beside=True)
    found += _without_some(practice, more, dice, desk)
    return found


def _without_some(practice: Practice, more: Sequence[FaqEntry], dice: random.Random, desk: Desk) -> list[Asked]:
    """Return what is asked of a practice where topics are left out: those become near misses."""
    out = frozenset(entry.id for entry in practice.entries if dice.random() < LEFT_OUT)
    kept = tuple(entry for entry in practice.entries if entry.id not in out)
    matcher = desk.matcher((*kept, *more))
    return [
        Asked(
            practice=practice.kind,
            words=question.words,
            matches=matcher.match(question.words),
            right=None if question.right in out else question.right,
            sort="near" if question.right in out else "asked",
            beside=bool(more),
        )
        for question in practice.asked("asked")
    ]


def _whole(practice: Practice, matcher: Matcher, *, beside: bool = False) -> list[Asked]:
    return [_case(practice, question, matcher, beside=beside) for question in practice.questions]


def _case(practice: Practice, question: Question, matcher: Matcher, *, beside: bool) -> Asked:
    return Asked(
        practice=practice.kind,
        words=question.words,
        matches=matcher.match(question.words),
        right=question.right,
        sort=question.sort,
        beside=beside,
        plain=not beside,
    )


def _renamed(entry: FaqEntry, kind: str) -> FaqEntry:
    return entry.model_copy(update={"id": f"{kind}.{entry.id}"})
