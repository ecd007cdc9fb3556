"""Numbers of payment cards that are given in several turns: "my card number is 4111 1111", then "1111 1111"."""

import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cache

from agent.domain.conversation import Heard
from agent.domain.text import ClearText, Lang
from agent.language.digits import spoken_digits
from agent.language.fold import fold
from agent.phi.cards import USUAL, apart, is_card, removed
from agent.phi.words_files import phrases

LANGUAGES: tuple[Lang, ...] = ("en", "es")
LEAST = 3
"""Digits of the shortest part: who dictates says three or four at a time."""
MOST_KEPT = 500
"""Conversations whose last turn ended in digits; the oldest are forgotten."""
BARE = 3
"""Words beside the digits in a turn that only goes on with a number: "and then 1111"."""


@dataclass(frozen=True, kw_only=True)
class _Part:
    """What was given of a number so far; `told`: words said that it is a card's."""

    digits: str
    told: bool


class SplitCards:
    """Takes the parts of a card number out of what is heard. Holds them in memory only, until a turn has no digits.

    A part goes at once when words say that it is a card's; without such words only the part that makes a whole card of
    what went before it goes. A worker knows the turns it took itself.
    """

    def __init__(self) -> None:
        self._parts: OrderedDict[str, _Part] = OrderedDict()

    def removed(self, conversation: str, heard: Heard) -> Heard:
        """Return what was heard without a part of a card number; the same object where there is none."""
        before = self._parts.pop(conversation, None)
        words = heard.best.reveal()
        run = _last_run(words) or heard.digits
        if len(run) < LEAST:
            return heard
        announced = _announcing().search(fold(words)) is not None
        whole = run if announced or before is None else before.digits + run
        told = announced or (before is not None and before.told and _is_bare(words))
        if len(whole) < max(USUAL):
            self._keep(conversation, _Part(digits=whole, told=told))
        ends = before is not None and len(whole) in USUAL and is_card(whole)
        return _without(heard) if ends or (told and len(whole) < min(USUAL)) else heard

    def _keep(self, conversation: str, part: _Part) -> None:
        self._parts[conversation] = part
        while len(self._parts) > MOST_KEPT:
            self._parts.popitem(last=False)


def _last_run(words: str) -> str:
    runs = [runs[-1].digits for lang in LANGUAGES if (runs := spoken_digits(words, lang, least=LEAST))]
    return max(runs, key=len, default="")


def _is_bare(words: str) -> bool:
    """Say whether a turn is digits and next to nothing else."""
    for start, end in _places(words):
        words = words[:start] + " " * (end - start) + words[end:]
    return len(re.findall(r"[^\W\d_]+", words)) <= BARE


def _without(heard: Heard) -> Heard:
    best = _cut(heard.best.reveal())
    return replace(
        heard,
        best=ClearText(f"{best} {removed('en')}".strip() if heard.digits else best),
        alternatives=tuple(ClearText(_cut(other.reveal())) for other in heard.alternatives),
        digits="",
    )


def _cut(text: str) -> str:
    for start, end in sorted(_places(text), reverse=True):
        text = f"{text[:start]}{removed('en')}{text[end:]}"
    return text


def _places(text: str) -> list[tuple[int, int]]:
    """Return where digits stand, written or said in either language; of places that overlap, the longest."""
    runs = [run for lang in LANGUAGES for run in spoken_digits(text, lang, least=LEAST)]
    return apart((run.start, run.end) for run in runs)


@cache
def _announcing() -> re.Pattern[str]:
    """Return the pattern of words that announce a card, with a digit, or a word for one, soon after them."""
    return re.compile(rf"\b(?:{'|'.join(phrases('cards')['announces'])})\b(?:\W+\w+){{0,3}}?\W+(?:\d|{_DIGIT})")


_DIGIT = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)\b"
)
