"""Strings of digits as people dictate them: phone numbers, member ids, postcodes, birth dates digit by digit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agent.language.fold import base_language, fold
from agent.language.number_words import NumberWords, number_words
from agent.language.numbers import DigitRun

_PIECE = re.compile(r"[a-z]+|\d+")
_GLUE = re.compile(r"[\s\-.,()/+#:]*")


@dataclass
class _Run:
    """Digits collected so far, one item a word, so that a correction can take the last one back."""

    start: int
    end: int
    items: list[str]


@lru_cache(maxsize=2)
def _corrections(base: str) -> re.Pattern[str]:
    phrases = sorted(number_words(base).corrections, key=len, reverse=True)
    choice = "|".join(phrase.replace(" ", r"[\s,]+") for phrase in phrases)
    return re.compile(rf"(?:{choice})\b")


def spoken_digits(text: str, lang: str = "en", *, least: int = 4) -> list[DigitRun]:
    """Return the strings of at least `least` digits that `text` dictates, in words or numerals, with their places.

    Says "double five" and "triple zero", "oh" for zero between digits, tens as two digits, hundreds and thousands, and
    takes back what is corrected at once ("four no five").

    >>> spoken_digits("it's five five five, oh one double seven ok?")[0].digits
    '5550177'
    >>> spoken_digits("call 212 five five five 0 1 four no five")[0].digits
    '212555015'
    """
    base = base_language(lang)
    return [
        DigitRun(digits="".join(run.items), start=run.start, end=run.end)
        for run in _runs(fold(text), base)
        if len("".join(run.items)) >= least
    ]


def digits_of(text: str, lang: str = "en") -> str:
    """Return all digits that `text` holds or says, in order, corrections applied; nothing when there are none."""
    return "".join(run.digits for run in spoken_digits(text, lang, least=1))


def _runs(folded: str, base: str) -> Iterator[_Run]:
    words = number_words(base)
    pieces = list(_PIECE.finditer(folded))
    run: _Run | None = None
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if (
            run
            and _GLUE.fullmatch(folded, run.end, piece.start()) is None
            and not _only_fillers(folded, run.end, piece.start(), words)
        ):
            yield run
            run = None
        taken, items = _item([p[0] for p in pieces[at : at + 5]], words, inside=run is not None)
        if taken:
            run = run or _Run(start=piece.start(), end=piece.end(), items=[])
            run.items += items
            run.end = pieces[at + taken - 1].end()
            at += taken
            continue
        corrected = _corrections(base).match(folded, piece.start()) if run else None
        if run and corrected:
            at = next((n for n in range(at, len(pieces)) if pieces[n].start() >= corrected.end()), len(pieces))
            if at < len(pieces) and _item([p[0] for p in pieces[at : at + 5]], words, inside=True)[0]:
                run.items.pop()
                run.end = corrected.end()
                continue
            yield run
            run = None
            continue
        at += 1
    if run:
        yield run


def _only_fillers(folded: str, start: int, end: int, words: NumberWords) -> bool:
    return all(piece in words.fillers for piece in _PIECE.findall(folded[start:end]))


def _item(run: list[str], words: NumberWords, *, inside: bool) -> tuple[int, list[str]]:
    """Return how many words the next item takes and its digits as separate items; (0, []) when there is none."""
    word = run[0]
    if word.isdigit():
        return 1, list(word)
    if word in words.repeats and len(run) > 1:
        taken, items = _item(run[1:], words, inside=True)
        return (taken + 1, items[:1] * words.repeats[word] + items[1:]) if taken and len(items[0]) == 1 else (0, [])
    if word in words.zeros:
        follows = len(run) > 1 and bool(
            run[1].isdigit()
            or run[1] in words.small
            or run[1] in words.tens
            or run[1] in words.zeros
            or run[1] in words.repeats
        )
        return (1, ["0"]) if inside or (follows and word != "null") else (0, [])
    return _number_item(run, words)


def _number_item(run: list[str], words: NumberWords) -> tuple[int, list[str]]:
    word, after = run[0], run[1:]
    value, taken = words.small.get(word), 1
    if word in words.tens:
        link = 1 if words.hundreds and len(after) > 1 and after[0] in words.link else 0
        unit = words.small.get(after[link], 0) if len(after) > link and (link or not words.hundreds) else 0
        value, taken = (words.tens[word] + unit, 2 + link) if 1 <= unit <= 9 else (words.tens[word], 1)
    elif word in words.hundreds:
        value = words.hundreds[word]
    if value is None or (word in ("un", "una") and not (after and after[0] in words.small)):
        return 0, []
    if len(run) > taken and run[taken] in words.hundred:
        value, taken = value * 100, taken + 1
    elif len(run) > taken and run[taken] in words.thousand:
        value, taken = value * 1000, taken + 1
        if len(run) > taken + 1 and run[taken] in words.link:
            taken += 1
        low = words.small.get(run[taken]) if len(run) > taken else None
        value, taken = (value + low, taken + 1) if low else (value, taken)
    return taken, [str(value)]
