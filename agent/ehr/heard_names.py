"""The ways to read what a caller said of their name: split, spelled, corrected, run together."""

from collections.abc import Iterator
from dataclasses import dataclass

from agent.domain.patients import Given
from agent.language.names import bare, split_name
from agent.language.said_names import LABEL, said_name
from agent.language.spelled_corrections import corrected
from agent.language.spelled_groups import heard_otherwise, spelled_groups
from agent.language.spelled_runs import spelled_run
from agent.language.spelling import is_spelled, spellings

_RANK = 0.05
"""What each place further down a recogniser's list costs; no more after the tenth."""


@dataclass(frozen=True, slots=True)
class HeardName:
    """One reading; an empty part was not said. `joined` is letters whose parts cannot be told."""

    first: str = ""
    last: str = ""
    joined: str = ""
    spelled: bool = False
    turned: bool = False  # the parts may stand in the wrong order


def heard_names(given: Given) -> dict[HeardName, float]:
    """Return every reading with what it costs, 0 for the plainest."""
    found: dict[HeardName, float] = {}
    for heard, cost in _all(given):
        found[heard] = min(cost, found.get(heard, 9.0))
    return found


def _all(given: Given) -> Iterator[tuple[HeardName, float]]:
    for rank, text in enumerate(given.name):
        for heard, cost in _whole(text):
            yield heard, cost + _RANK * min(rank, 10)
    firsts = [*_single(given.first)]
    lasts = [*_single(given.last)]
    for first, spelled_first, cost_first in firsts or [("", False, 0.0)]:
        for last, spelled_last, cost_last in lasts or [("", False, 0.0)]:
            if first or last:
                yield HeardName(first, last, "", spelled_first or spelled_last), cost_first + cost_last


def _whole(text: str) -> Iterator[tuple[HeardName, float]]:
    """Readings of a full name."""
    text = (LABEL.search(text) and said_name(text)) or text
    run = spelled_run(text)
    if run:
        for first, last in run.names:
            yield HeardName(first, last, "", True), 0.1
    yield from _said_and_spelled(text)
    for fixed in corrected(bare(text))[:2]:
        yield HeardName(joined=fixed.text, spelled=True), 0.2 + fixed.cost
    spelled = is_spelled(text)
    if spelled:
        for spelling in spellings(bare(text), most=4):
            yield HeardName(joined=spelling.text, spelled=True), spelling.cost
    else:
        yield HeardName(joined=bare(text).replace(" ", "")), 0.5
        for index, (first, last) in enumerate(split_name(text)):
            yield HeardName(first, last, turned=bool(index)), 0.2 * index


def _said_and_spelled(text: str) -> Iterator[tuple[HeardName, float]]:
    """Readings of a name that was said, then spelled: the letters in their groups, all in a row, and the words."""
    both = spelled_groups(text)
    if both is None:
        return
    if len(both.groups) == 2:
        yield HeardName(*both.groups, spelled=True), 0.05
    for cost, letters in ((0.1, both.letters), (0.3, heard_otherwise(both.letters))):
        if letters and len(letters) > 5:
            yield HeardName(joined=letters, spelled=True), cost
    for index, (first, last) in enumerate(split_name(both.words)):
        if first and last:
            yield HeardName(first, last, turned=bool(index)), 0.25 + 0.2 * index


def _single(texts: tuple[str, ...]) -> Iterator[tuple[str, bool, float]]:
    """Readings of a first or last name alone: the name, whether it was spelled, cost."""
    for rank, text in enumerate(texts[:12]):
        base = _RANK * rank
        run = spelled_run(text)
        if run:
            yield run.letters, True, base
        for fixed in corrected(bare(text))[:2]:
            yield fixed.text, True, base + 0.1
        if is_spelled(text):
            for spelling in spellings(bare(text), most=3):
                yield spelling.text, True, base + spelling.cost
        else:
            yield bare(text), False, base
