"""Numbers and months in what a recogniser wrote of a birth date, sound-alikes included."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product

from rapidfuzz.distance import JaroWinkler

from agent.language.names import plain, words_of


@dataclass(frozen=True, slots=True)
class Atom:
    """A number or a month within what was said."""

    digits: str = ""  # as said, leading zero kept
    month: int | None = None
    cost: float = 0.0
    skip: float = 1.0  # what it costs to leave it over
    ordinal: bool = False  # "17th" is never a year


def _rows(name: str) -> Iterator[tuple[int, list[str]]]:
    text = (files("agent.language") / "words" / name).read_text(encoding="utf-8")
    for line in text.splitlines():
        value, colon, words = line.partition(":")
        if colon and not line.startswith("#"):
            yield int(value), [*words.split("|"), "", ""]


@cache
def _filler() -> frozenset[str]:
    return frozenset(words_of("dates").split())


@cache
def _lexicon() -> dict[str, Atom]:
    words: dict[str, Atom] = {}
    for value, (plainly, ordinal, alike, *_) in _rows("heard_numbers.txt"):
        words |= {word: Atom(digits=str(value)) for word in plainly.split()}
        words |= {word: Atom(digits=str(value), ordinal=True) for word in ordinal.split()}
        words |= {word: Atom(digits=str(value), cost=0.2, skip=0.0) for word in alike.split()}
    for value, (plainly, alike, *_) in _rows("heard_months.txt"):
        words |= {word: Atom(month=value) for word in plainly.split()}
        words |= {word: Atom(month=value, cost=0.8, skip=0.0) for word in alike.split()}
    return words


@cache
def _month_names() -> tuple[tuple[str, int], ...]:
    return tuple(
        (word, atom.month) for word, atom in _lexicon().items() if atom.month and len(word) > 3 and not atom.cost
    )


@lru_cache(maxsize=4096)
def _month_like(word: str) -> Atom | None:
    score, month = max((JaroWinkler.similarity(word, name), month) for name, month in _month_names())
    return Atom(month=month, cost=(1 - score) * 4, skip=0.0) if score > 0.8 and len(word) > 3 else None


def _digit_forms(digits: str) -> list[list[Atom]]:
    """A written number: itself, and the ways it may be several numbers run together."""
    one_by_one = [Atom(digits=digit) for digit in digits]
    if len(digits) <= 2:
        return [[Atom(digits=digits)]]
    if len(digits) == 4:
        forms = [[Atom(digits=digits)]] if digits[:2] in ("19", "20", "18") else [one_by_one]
        if digits.endswith("00"):
            forms.append([Atom(digits=digits[:2], cost=0.3)])
        if digits[:2] in ("19", "20") and digits[2:] <= "12":
            forms.append([Atom(digits=digits[:2], cost=0.5), Atom(digits=digits[2:])])
        return forms
    return [one_by_one] if len(digits) <= 8 else []


def _forms(word: str) -> list[list[Atom]]:
    """The atoms a word may stand for; an empty list of atoms is a word without meaning."""
    if word in _filler():
        return [[]]
    known = _lexicon().get(word)
    if known:
        return [[known]]
    number = re.fullmatch(r"(\d+)(st|nd|rd|th|s|o|a)?", word)
    if number and number[2] in ("st", "nd", "rd", "th") and len(number[1]) <= 2:
        return [[Atom(digits=number[1], ordinal=True)]]
    if number:
        return _digit_forms(number[1]) or [[]]
    like = _month_like(word)
    return [[like]] if like else [[]]


def sequences(text: str) -> Iterator[list[Atom]]:
    """Yield the numbers and months of a text, in order, for each way to read its words; twelve ways at most."""
    spaced = re.sub(r"(\d{1,2}):00\b", r"\1", text)
    spaced = re.sub(r"(?<=\d)(?=[A-Za-z]{3,})|(?<=[A-Za-z]{3})(?=\d)", " ", spaced)
    words = plain(spaced).split()[:16]
    choices = [_forms(word) for word in words]
    for index, picked in enumerate(product(*choices)):
        if index >= 12:
            return
        atoms = [atom for group in picked for atom in group]
        yield atoms[:12]
