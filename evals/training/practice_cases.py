"""Deals made-up practices as cases for the decision: whole, with topics left out, and with another practice's beside."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agent.dialogue.retrieval.bands import Bands
from agent.dialogue.retrieval.documents import documents
from agent.dialogue.retrieval.matching import Matcher, Matches
from agent.domain.ports import Encoder
from agent.practice_folder import FaqEntry
from evals.training.plain import Plain
from evals.training.practices import Practice

Sort = Literal["asked", "near", "far"]
LEFT_OUT, TWICE = 0.4, 2


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


def cases(practice: Practice, others: Sequence[Practice], encoders: Sequence[Encoder], bands: Bands) -> list[Asked]:
    """Return all cases of a practice."""
    lang = practice.entries[0].lang
    dice = random.Random(practice.kind)
    found = _whole(practice, _matcher(practice.entries, encoders, lang, bands))
    for _ in range(TWICE):
        found += _without_some(practice, (), dice, encoders, bands)
    for number in (1, 3):
        beside = dice.sample([one for one in others if one.kind != practice.kind], min(number, len(others) - 1))
        more = tuple(_renamed(entry, one.kind) for one in beside for entry in one.entries)
        found += _whole(practice, _matcher((*practice.entries, *more), encoders, lang, bands), beside=True)
        found += _without_some(practice, more, dice, encoders, bands)
    return found


def _without_some(
    practice: Practice, more: Sequence[FaqEntry], dice: random.Random, encoders: Sequence[Encoder], bands: Bands
) -> list[Asked]:
    """Return what is asked of a practice where topics are left out: those become near misses."""
    out = frozenset(entry.id for entry in practice.entries if dice.random() < LEFT_OUT)
    kept = tuple(entry for entry in practice.entries if entry.id not in out)
    matcher = _matcher((*kept, *more), encoders, practice.entries[0].lang, bands)
    return [
        Asked(
            practice=practice.kind,
            words=words,
            matches=matcher.match(words),
            right=None if id in out else id,
            sort="near" if id in out else "asked",
            beside=bool(more),
        )
        for words, id in practice.asked
    ]


def _whole(practice: Practice, matcher: Matcher, *, beside: bool = False) -> list[Asked]:
    rows: list[tuple[str, str | None, Sort]] = [(words, id, "asked") for words, id in practice.asked]
    rows += [(words, None, "near") for words in practice.near]
    rows += [(words, None, "far") for words in practice.far]
    return [
        Asked(
            practice=practice.kind,
            words=words,
            matches=matcher.match(words),
            right=right,
            sort=sort,
            beside=beside,
            plain=not beside,
        )
        for words, right, sort in rows
    ]


def _matcher(entries: Sequence[FaqEntry], encoders: Sequence[Encoder], lang: str, bands: Bands) -> Matcher:
    found = documents(entries)
    return Matcher(entries, [Plain(encoder, found) for encoder in encoders], lang, bands.background, bands.topics)


def _renamed(entry: FaqEntry, kind: str) -> FaqEntry:
    return entry.model_copy(update={"id": f"{kind}.{entry.id}"})
