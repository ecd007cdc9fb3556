"""The times said in an utterance, each with its place in the words; what only looks like a time is left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.language.date_tokens import Node
from agent.language.date_values import Span, When
from agent.language.dates import as_meaning
from agent.language.wish_bare import NUMBERS, Bare

_MEANINGS = ("date", "when", "span", "clock", "hoursrange")
_SMALL = frozenset({"at", "in", "on", "of", "the", "comma", "dot", "mark", "from", "al", "art", "dash", "or", "and"})
_PLACE = re.compile(
    r"(?:the|el) (?:first|second|third|fourth|last|next|1st|2nd|3rd|4th|primer[oa]?|segund[oa]|tercer[oa]?)\b"
)
_ASKED_FREE = re.compile(r"\s+(?:\w+\s+)?(?:free|open|available|possible|libre|disponible|posible)\b")
_NOT_TIME = re.compile(
    r"\s*(?:\w+\s+)?(?:street|st|avenue|ave|road|rd|drive|lane|floor|suite|people|persons?|kids|children|degrees|years|percent|dollars|mg|pounds|main)\b"
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A time and where it was said: characters of the folded words."""

    meaning: When | Span
    start: int
    end: int
    text: str


def times_in(nodes: list[Node], folded: str, bare: Bare) -> Iterator[Found]:
    """Yield the times among the tokens of the folded words, first to last."""
    said = [n for n in nodes if n.name not in _SMALL]
    for place, item in enumerate(nodes):
        meaning: When | Span | None = None
        if item.name in _MEANINGS and (not item.weak or _stands(nodes, place, said) or _free(item, folded)):
            meaning = as_meaning(item) if not _NOT_TIME.match(folded, item.end) else None
        elif item.name in NUMBERS:
            clock = bare.clock(place)
            meaning = When(clock=clock) if clock else None
        if meaning is not None:
            yield Found(meaning=meaning, start=item.start, end=item.end, text=folded[item.start : item.end])


def _free(item: Node, folded: str) -> bool:
    """Say whether "the 13th" is a day and not a place in a list: nobody counts offers that far, or it is asked for."""
    said = folded[item.start : item.end]
    if item.name != "date" or not said.startswith(("the ", "el ")):
        return False
    return not _PLACE.match(said) or bool(_ASKED_FREE.match(folded, item.end))


def _stands(nodes: list[Node], place: int, said: list[Node]) -> bool:
    """Say whether a word that may mean something else ("sat", "may") is about time here."""
    if len(said) == 1:
        return nodes[place].name != "date" or not nodes[place].text.startswith(("the ", "el "))
    before = nodes[place - 1] if place else None
    after = nodes[place + 1] if place + 1 < len(nodes) else None
    beyond = nodes[place + 2] if place + 2 < len(nodes) else None
    joined = (
        after is not None and after.name in ("or", "and", "comma") and beyond is not None and beyond.name in _MEANINGS
    )
    if nodes[place].text.startswith("the "):
        return joined
    led = (
        before is not None
        and before.name in ("in", "on", "since", "before", "after", "by", "until", "every")
        and before.text not in ("for", "para")
    )
    follows = (
        before is not None
        and before.name in ("or", "and", "comma")
        and place > 1
        and nodes[place - 2].name in _MEANINGS
    )
    return led or joined or follows
