"""How much of what was said was heard otherwise: word errors, with case, punctuation and the writing of numbers aside."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from agent.language.fold import fold
from agent.language.numbers import read_numbers

_WORD = re.compile(r"[a-z]+|\d")
_ZERO = {"en": "oh", "es": "o"}
_APOSTROPHES = str.maketrans("", "", "'’`")


@dataclass(frozen=True, kw_only=True)
class WordErrors:
    """Substitutions, insertions and deletions, and how many words were said."""

    errors: int = 0
    words: int = 0

    def __add__(self, other: "WordErrors") -> "WordErrors":
        """Return both counted together."""
        return WordErrors(errors=self.errors + other.errors, words=self.words + other.words)

    @property
    def rate(self) -> float | None:
        """Errors a word; None when nothing was said."""
        return self.errors / self.words if self.words else None


def word_errors(said: str, heard: str, *, lang: str = "en") -> WordErrors:
    """Compare two texts of the same utterance.

    >>> word_errors("May seventeenth, nineteen eighty-four", "May 17th 1984.").errors
    0
    """
    wanted, got = words_of(said, lang=lang), words_of(heard, lang=lang)
    return WordErrors(errors=Levenshtein.distance(wanted, got), words=len(wanted))


def words_of(text: str, *, lang: str = "en") -> list[str]:
    """Return lower-case words without accents and punctuation; numbers, in words or numerals, digit by digit.

    >>> words_of("It's 212 555 oh one, the 3rd at nine thirty")
    ['its', '2', '1', '2', '5', '5', '5', '0', '1', 'the', '3', 'at', '9', '3', '0']
    """
    folded = fold(text.translate(_APOSTROPHES))
    pieces, at = [], 0
    for number in read_numbers(folded, lang):
        written = re.sub(r"\D", "", folded[number.start : number.end])
        pieces += [folded[at : number.start], f" {written or number.value} "]
        at = number.end
    words = _WORD.findall("".join([*pieces, folded[at:]]))
    return [_zero(words, place, lang) for place in range(len(words))]


def _zero(words: list[str], place: int, lang: str) -> str:
    """Read "oh" beside a digit as zero."""
    beside = [words[near] for near in (place - 1, place + 1) if 0 <= near < len(words)]
    return "0" if words[place] == _ZERO.get(lang) and any(word.isdigit() for word in beside) else words[place]
