"""Corrections of spelled names: "r u i s, no, with a z", "s not z", "con zeta"."""

import re
from collections.abc import Iterator
from functools import cache

from agent.language.letter_sounds import swap_cost
from agent.language.names import plain, words_of
from agent.language.spelling import Spelling, letters_of, spellings

_TWINS = tuple(set(pair) for pair in ("ck", "sz", "iy", "bv", "mn", "gj", "ij", "cs", "cz"))
"""Letters that spell one sound: "with a K" means the C."""


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    with_, not_ = (f"(?:{words_of(kind)})" for kind in ("with", "not"))
    return (
        re.compile(
            rf"^(?P<base>.+?) (?:{not_} )?(?:it is |its )?{with_} (?P<right>\w+)(?: {not_} (?:{with_} |an? )?(?P<wrong>\w+))?$"
        ),
        re.compile(
            rf"^(?P<base>.+?) {not_} (?:{with_} |an? )?(?P<wrong>\w+) (?:but|sino|its|it is) (?:{with_} )?(?P<right>\w+)$"
        ),
        re.compile(rf"^(?P<base>.+?) (?P<right>\w+) {not_} (?P<wrong>\w+)$"),
    )


def corrected(text: str) -> list[Spelling]:
    """Return the spellings after a spoken correction; none when the text holds no correction."""
    for pattern in _patterns():
        found = pattern.match(plain(text))
        if not found:
            continue
        right, wrong = _letter(found["right"]), _letter(found["wrong"] or "")
        if right and (wrong or not found["wrong"]):
            return sorted(_mended(found["base"], right, wrong))
    return []


def with_letter(word: str, letter: str) -> str | None:
    """Return a name with the letter it is said to have for one that sounds the same; None when it has no such one.

    >>> with_letter("erica", "k"), with_letter("olsen", "k")
    ('erika', None)
    """
    place = next((at for at, one in enumerate(word) if {one, letter} in _TWINS), None)
    return None if place is None else word[:place] + letter + word[place + 1 :]


def _letter(word: str) -> str:
    return next((letter for letter, _ in letters_of(word) if letter.isalpha()), "")


def _mended(base: str, right: str, wrong: str) -> Iterator[Spelling]:
    for spelling in spellings(base, most=3):
        places = [
            at for at, letter in enumerate(spelling.text) if letter == wrong or (not wrong and _alike(letter, right))
        ]
        twins = [at for at in places if not wrong and {spelling.text[at], right} in _TWINS]
        for rank, at in enumerate(twins or places[::-1] or [len(spelling.text) - 1]):
            yield Spelling(spelling.cost + 0.1 * rank, spelling.text[:at] + right + spelling.text[at + 1 :])


def _alike(letter: str, right: str) -> bool:
    return letter != right and swap_cost(letter, right) < 1.0
