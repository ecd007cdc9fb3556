"""Letters and digits said one by one: names spelled out, postcodes, member ids.

Recognisers write a spelled word in many ways ("r u i z", "R-U-I-Z", "ar you eye zed", "r as in Robert", "CH r i is"),
so the answer is never one string but several, each with a cost: 0 is as written, 1 is far-fetched.
"""

import heapq
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from agent.language.names import plain, words_of

Slot = tuple[tuple[str, float], ...]
"""What one stretch of speech may be: letters and the cost of reading it so."""


@dataclass(frozen=True, slots=True, order=True)
class Spelling:
    """One way to read letters said aloud."""

    cost: float
    text: str


@cache
def _lexicon() -> dict[str, tuple[tuple[str, float], ...]]:
    """Each word that may stand for a letter or digit, with what the reading costs."""
    costs = (0.0, 0.15, 0.1)
    words: dict[str, dict[str, float]] = {}
    text = (files("agent.language") / "words" / "letters.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        sign, colon, kinds = line.partition(":")
        if line.startswith("#") or not colon:
            continue
        for cost, kind in zip(costs, kinds.split("|"), strict=True):
            for word in kind.split():
                options = words.setdefault(word, {})
                options[sign] = min(cost, options.get(sign, 1.0))
    return {word: tuple(options.items()) for word, options in words.items()}


@cache
def _set(kind: str) -> frozenset[str]:
    return frozenset(words_of(kind).split())


@cache
def _as_in() -> re.Pattern[str]:
    """A sign, a joining phrase and a word that begins with it: "b as in boy", "b de burro"."""
    joints = "|".join(sorted(words_of("as in").split("|"), key=len, reverse=True))
    return re.compile(rf"(\S+) (?:{joints}) ([a-z]{{3,}})(?: |$)")


def letters_of(word: str) -> tuple[tuple[str, float], ...]:
    """Return the single letters and digits a word may stand for, with costs."""
    own = ((word, 0.0),) if len(word) == 1 else ()
    return own + tuple(option for option in _lexicon().get(word, ()) if option[0] != word)


def spellings(text: str, *, digits: bool = False, most: int = 8) -> list[Spelling]:
    """Return the letter strings a text may spell, cheapest first.

    With `digits`, number words count as digits (postcodes, ids); otherwise as letters only where they sound like one.

    >>> spellings("R as in Robert, U, I, Z")[0].text
    'ruiz'
    """
    return list(_spellings(plain(text), digits, most))


@lru_cache(maxsize=4096)
def _spellings(text: str, digits: bool, most: int) -> tuple[Spelling, ...]:
    beams = [Spelling(0.0, "")]
    for slot in _slots(_without_asides(text), digits=digits):
        grown: dict[str, float] = {}
        for beam in beams:
            for letters, cost in slot:
                key, total = beam.text + letters, beam.cost + cost
                grown[key] = min(total, grown.get(key, 9.0))
        beams = heapq.nsmallest(most, (Spelling(cost, key) for key, cost in grown.items()))
    return tuple(beam for beam in beams if beam.text)


def _without_asides(text: str) -> list[str]:
    return [word for word in text.split()[:60] if word not in _set("unspoken")]


def _slots(words: Sequence[str], *, digits: bool) -> Iterator[Slot]:
    at = 0
    while at < len(words):
        slot, used = _slot(words[at:], digits=digits)
        yield slot
        at += used


def _slot(words: Sequence[str], *, digits: bool) -> tuple[Slot, int]:
    head, rest = words[0], words[1:]
    if joined := _as_in().match(" ".join(words[:5])):
        initial = joined[2][0]
        if said := _sign_like(head, initial):
            return said, len(joined[0].split())
    if rest and head in _set("double") | _set("triple"):
        times = 2 if head in _set("double") else 3
        inner, used = _slot(rest, digits=digits)
        repeated = tuple((letters * times, cost) for letters, cost in inner if len(letters) == 1)
        if rest[0] in ("u", "you", "uve", "ve", "v"):
            return (("w", 0.0), *repeated), 2
        if repeated:
            return repeated, used + 1
    if rest and head in ("uve", "ve") and rest[0] in _set("double"):
        return (("w", 0.0),), 2
    if rest and head == "i" and rest[0] == "griega":
        return (("y", 0.0),), 2
    return _chunk(head, digits=digits), 1


def _sign_like(head: str, initial: str) -> Slot:
    """The letter before "as in": the word's initial wins over what was heard, when one may be taken for the other."""
    options = letters_of(head)
    if any(letter == initial for letter, _ in options):
        return ((initial, 0.0),)
    if len(head) == 1 and head.isalpha():
        return ((initial, 0.1), (head, 0.4))
    return ()


def _chunk(word: str, *, digits: bool) -> Slot:
    """A word between letters: what it names, or the letters it is written with."""
    options: dict[str, float] = {}
    for sign, cost in letters_of(word):
        if digits or sign.isalpha():
            options[sign] = cost
    if digits and word.isalpha() and any(sign.isdigit() and not cost for sign, cost in letters_of(word)):
        options = {sign: cost for sign, cost in options.items() if sign.isdigit()}
    elif len(word) > 1 and (digits or not word.isdigit()):
        options[word] = min(0.1 + (0.1 if options else 0.0), options.get(word, 1.0))
    if not digits and word == "0":
        options["o"] = 0.1
    return tuple(options.items()) or (("", 0.5),)


def code_readings(text: str) -> list[tuple[str, float]]:
    """Return what a code of letters and digits may be, best first, with costs ("s w one a one a a")."""
    return [(spelling.text, spelling.cost) for spelling in spellings(text, digits=True)]


def is_spelled(text: str) -> bool:
    """Say whether most of a text is letters said one by one."""
    words = _without_asides(plain(text))
    single = sum(len(word) == 1 for word in words)
    named = sum(len(word) > 1 and bool(letters_of(word)) for word in words)
    return len(words) >= 2 and (single >= 2 or named >= 3) and (single + named) * 2 >= len(words)
