"""Numbers in words and digits, read from text with their places. English and Spanish.

`read_numbers` gives the numbers a text names, compound words joined ("twenty five" is 25, "nineteen eighty two" is
19 and 82: what two neighbours mean is for the reader of dates to say). `spoken_digits` gives strings of digits as
they are dictated ("five five five, oh one double seven").
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.language.fold import base_language, fold
from agent.language.number_words import NumberWords, number_words

_WORD = re.compile(r"[a-z]+|\d+")
_SUFFIX = re.compile(r"(?:st|nd|rd|th)\b")
_SUFFIX_ES = re.compile(r"\.?(?:o|a|er|ro|ra|do|da|to|ta|mo|ma|vo|va|no|na)\b")


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number in a text: `start` and `end` are offsets, end exclusive. `words` tells words from numerals."""

    value: int
    start: int
    end: int
    ordinal: bool = False
    words: bool = True
    places: int = 0
    """How many digits a numeral was written with."""


@dataclass(frozen=True, kw_only=True)
class DigitRun:
    """A dictated string of digits and the text it covers."""

    digits: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class _Piece:
    text: str
    start: int
    end: int


def _pieces(folded: str) -> list[_Piece]:
    return [_Piece(text=found[0], start=found.start(), end=found.end()) for found in _WORD.finditer(folded)]


def _touching(folded: str, left: _Piece, right: _Piece) -> bool:
    """Whether only blanks or one hyphen lie between two pieces."""
    return folded[left.end : right.start].strip() in ("", "-")


def read_numbers(text: str, lang: str = "en") -> list[Number]:
    """Return every cardinal and ordinal of `text`, in order; numerals and words alike.

    >>> [(n.value, n.ordinal) for n in read_numbers("the twenty-first at two, or 3rd")]
    [(21, True), (2, False), (3, True)]
    """
    base, folded = base_language(lang), fold(text)
    words, pieces = number_words(base), _pieces(folded)
    found: list[Number] = []
    at = 0
    while at < len(pieces):
        number, taken = (
            _numeral(folded, pieces[at], base) if pieces[at].text.isdigit() else _compound(folded, pieces, at, words)
        )
        if number is not None:
            found.append(number)
        at += max(taken, 1)
    return found


def _numeral(folded: str, piece: _Piece, base: str) -> tuple[Number | None, int]:
    suffix = _SUFFIX.match(folded, piece.end) or (_SUFFIX_ES.match(folded, piece.end) if base == "es" else None)
    if len(piece.text) > 12:
        return None, 1
    end = suffix.end() if suffix else piece.end
    return Number(
        value=int(piece.text), start=piece.start, end=end, ordinal=bool(suffix), words=False, places=len(piece.text)
    ), 1


def _compound(folded: str, pieces: Sequence[_Piece], at: int, words: NumberWords) -> tuple[Number | None, int]:
    """Read one number in words that begins at piece `at`; returns it and how many pieces it took."""
    run = [pieces[at]]
    for left, right in zip(pieces[at : at + 11], pieces[at + 1 : at + 12], strict=False):
        if not _touching(folded, left, right):
            break
        run.append(right)
    value, taken, ordinal = _value([piece.text for piece in run], words)
    if not taken:
        return None, 0
    return Number(value=value, start=run[0].start, end=run[taken - 1].end, ordinal=ordinal), taken


def _value(run: Sequence[str], words: NumberWords) -> tuple[int, int, bool]:
    """Return value, words taken (0: no number here) and whether it is an ordinal."""
    value, taken, ordinal = _below_thousand(run, words)
    if ordinal:
        return value, taken, True
    if not taken and run[0] in words.thousand and words.hundreds:
        value, thousands = 1, 0
    elif taken and taken < len(run) and run[taken] in words.thousand:
        thousands = taken
    else:
        return value, taken, False
    value, taken = value * 1000, thousands + 1
    skip = 1 if taken + 1 < len(run) and run[taken] in words.link and not words.hundreds else 0
    rest, more, ordinal = _below_thousand(run[taken + skip :], words)
    return (value + rest, taken + skip + more, ordinal) if more else (value, taken, False)


def _below_thousand(run: Sequence[str], words: NumberWords) -> tuple[int, int, bool]:
    if not run:
        return 0, 0, False
    value, taken, ordinal = _below_hundred(run, words)
    if ordinal:
        return value, taken, True
    if run[0] in words.hundreds:
        value, taken = words.hundreds[run[0]], 1
    elif taken and taken < len(run) and run[taken] in words.hundred:
        value, taken = value * 100, taken + 1
    else:
        return value, taken, False
    skip = 1 if taken + 1 < len(run) and run[taken] in words.link and not words.hundreds else 0
    rest, more, ordinal = _below_hundred(run[taken + skip :], words)
    return (value + rest, taken + skip + more, ordinal) if more and rest else (value, taken, False)


def _below_hundred(run: Sequence[str], words: NumberWords) -> tuple[int, int, bool]:
    word = run[0] if run else ""
    if word in words.tens:
        return _tens(run, words)
    if word in words.small:
        return words.small[word], 1, False
    ordinal = words.ordinals.get(word) or words.tens_ordinals.get(word)
    return (ordinal, 1, True) if ordinal else (0, 0, False)


def _tens(run: Sequence[str], words: NumberWords) -> tuple[int, int, bool]:
    """Read "thirty one", "thirty first", "treinta y uno"."""
    tens, after = words.tens[run[0]], run[1:]
    spanish = bool(words.hundreds)
    link = 1 if spanish and len(after) > 1 and after[0] in words.link else 0
    unit = after[link] if len(after) > link and (link or not spanish) else ""
    if 1 <= words.small.get(unit, 0) <= 9:
        return tens + words.small[unit], 2 + link, False
    if 1 <= words.ordinals.get(unit, 0) <= 9:
        return tens + words.ordinals[unit], 2 + link, True
    return tens, 1, False
