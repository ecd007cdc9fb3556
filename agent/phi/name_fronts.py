"""The front of a family name written or heard by itself: "O Leary", "mc bride", "Mac Leod", "O' Shea"."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from agent.phi.lexicon import common, is_name, never_names
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import words

FRONTS = frozenset(["o", "mc", "mac", "fitz"])
_SHORTEST = 3


def with_fronts(said: Utterance, found: Sequence[Found]) -> Iterator[Found]:
    """Yield findings, names with the front that stands before them, and names that only their front tells."""
    for one in found:
        at = said.index_at(one.start)
        front = front_before(said, at) if one.kind == "PERSON" and at < len(said.tokens) else None
        yield one if front is None else replace(one, start=said.tokens[front].start, parsed=None)
    for at in range(len(said.tokens)):
        front = front_before(said, at)
        if front is not None and _is_told(said, at):
            yield Found(start=said.tokens[front].start, end=said.tokens[at].end, kind="PERSON", score=0.7, by="fronts")


def front_before(said: Utterance, at: int) -> int | None:
    """Return which token is the front of the name that goes on at `at`, with nothing but a blank or "O' " between."""
    front = at - 1
    if front > 0 and said.tokens[front].text in "'’" and said.tokens[front - 1].end == said.tokens[front].start:
        front -= 1
    if front < 0 or said.lows[front] not in FRONTS or not said.tokens[at].is_word or len(said.lows[at]) < _SHORTEST:
        return None
    if said.lows[at] in never_names() or not _is_front(said, front, at):
        return None
    return front


def _is_front(said: Utterance, front: int, at: int) -> bool:
    """Whether it is no letter of a row of letters, no "or" in Spanish, and the capitals of both go together."""
    if front and len(said.lows[front - 1]) == 1 and said.tokens[front - 1].is_word:
        return False
    capital, following = said.tokens[front].text[0].isupper(), said.tokens[at].text[0].isupper()
    if said.lows[front] == "o" and said.lang.startswith("es") and not (capital and following):
        return False
    return capital or not following or front > 0


def _is_told(said: Utterance, at: int) -> bool:
    """Whether the word after a front is no word of its own: "mac book", "o well"."""
    low, front = said.lows[at], said.lows[at - 1]
    if (front in ("mc", "fitz") and low not in words("common")) or is_name(f"o'{low}"):
        return True
    return low not in common() or (said.tokens[at].text[0].isupper() and is_name(low))
