"""What a recogniser makes of names, letters, postcodes and dates said over a telephone: several readings, best first.

The confusions are drawn from how things sound (phonetic keys over a word list, vowels and places of articulation of
letter names), not from the tables the matcher uses, so that measuring one with the other says something.
"""

import random
from collections import defaultdict
from collections.abc import Callable
from functools import cache, lru_cache

import jellyfish

from evals.identity.people import words

_LETTER_HEARD = {
    "a": "8hjk", "b": "dpevg", "c": "szt", "d": "btge", "e": "abid", "f": "s", "g": "djb", "h": "a8", "i": "ya5", "j": "gk", "k": "aj",
    "l": "n", "m": "n", "n": "m", "o": "0", "p": "bt", "q": "uk", "r": "i", "s": "fx", "t": "pd", "u": "q2", "v": "bze", "w": "u",
    "x": "s", "y": "i", "z": "vs", "0": "o", "1": "9", "2": "u", "3": "e", "4": "", "5": "9i", "6": "x", "7": "", "8": "ah", "9": "5",
}  # fmt: skip
_LETTER_WORDS = {
    "a": ["a"], "b": ["be", "bee"], "c": ["see", "sea"], "i": ["eye", "I"], "l": ["el"], "m": ["em"], "n": ["an", "and", "end"],
    "o": ["oh"], "p": ["pee"], "q": ["queue"], "r": ["are", "ar", "our"], "s": ["es", "is", "ass"], "t": ["tea"], "u": ["you"],
    "y": ["why"], "e": ["he"], "z": ["zed", "said"], "h": ["age"], "2": ["to", "two"], "4": ["for", "four"], "8": ["ate", "eight"],
    "0": ["oh", "zero", "O"], "1": ["one"], "5": ["five"],
}  # fmt: skip
_NATO = [
    "alpha",
    "bravo",
    "charlie",
    "delta",
    "echo",
    "foxtrot",
    "golf",
    "hotel",
    "india",
    "juliet",
    "kilo",
    "lima",
    "mike",
    "november",
    "oscar",
    "papa",
    "quebec",
    "romeo",
    "sierra",
    "tango",
    "uniform",
    "victor",
    "whiskey",
    "xray",
    "yankee",
    "zulu",
]
Level = float
"""How bad the line is: 0 is none, 1 is the usual telephone, 2 is bad."""


@cache
def _by_sound() -> dict[str, list[str]]:
    buckets: defaultdict[str, list[str]] = defaultdict(list)
    for word in (*words("first"), *words("last"), *words("common")):
        buckets[jellyfish.metaphone(word)[:2]].append(word)
    return dict(buckets)


@lru_cache(maxsize=8192)
def _alike(word: str) -> tuple[str, ...]:
    """Words of the recogniser's vocabulary that sound like this one, nearest first."""
    key = jellyfish.metaphone(word)
    near = {
        other
        for bucket, others in _by_sound().items()
        if bucket[:1] == key[:1] or bucket[1:2] == key[1:2]
        for other in others
    }
    ranked = sorted(
        (
            jellyfish.levenshtein_distance(jellyfish.metaphone(other), key) * 2
            + jellyfish.levenshtein_distance(other, word),
            other,
        )
        for other in near
        if other != word
    )
    return tuple(other for _, other in ranked[:12])


def heard_word(word: str, rng: random.Random, level: Level) -> str:
    """Return a name as heard, now and then another word."""
    if rng.random() > 0.28 * level:
        return word
    options = _alike(word)
    return options[min(int(rng.expovariate(0.5)), len(options) - 1)] if options else word


def heard_letters(letters: str, rng: random.Random, level: Level) -> str:
    """Return letters said one by one as a recogniser writes them: in chunks, capitals here and there, some wrong."""
    out: list[str] = []
    for at, letter in enumerate(letters.lower()):
        chance = rng.random()
        if chance < 0.05 * level * (2 if at == 0 else 1):
            continue
        if chance < 0.13 * level and _LETTER_HEARD.get(letter):
            letter = rng.choice(_LETTER_HEARD[letter])  # noqa: PLW2901
        if letter in _LETTER_WORDS and rng.random() < 0.1 * level:
            out.append(f" {rng.choice(_LETTER_WORDS[letter])} ")
        else:
            joined = out and rng.random() < 0.3
            out.append(("" if joined else " ") + (letter.upper() if rng.random() < 0.2 else letter))
    return " ".join("".join(out).split())


def several(said: Callable[[random.Random], str], rng: random.Random) -> list[str]:
    """Return a recogniser's list: a common error runs through most readings, the rest vary."""
    if rng.random() < 0.03:
        return []
    first = said(rng)
    readings = [first]
    for _ in range(rng.choice((0, 0, 1, 2, 3, 5, 8, 11))):
        if (other := said(rng)) not in readings and rng.random() < 0.7:
            readings.append(other)
    return readings


def name_readings(
    first: str, last: str, rng: random.Random, level: Level, *, spell: bool, lone: bool = True
) -> list[str]:
    """Return readings of a full name, said in one of the usual ways or spelled."""
    low = [part.replace("-", " ").lower().split() for part in (first, last)]
    letters = "".join(low[0]) + "".join(low[1])
    style = rng.random()

    def said(rng: random.Random) -> str:
        if spell and style < 0.5:
            return heard_letters(letters, rng, level)
        names = [" ".join(heard_word(word, rng, level) for word in part) for part in low]
        if spell:
            return f"{names[0]} {names[1]} {heard_letters(''.join(low[1]), rng, level)}"
        lead = ("", "", "my name is ", "it's ", "this is ", "uh ")[int(style * 6)]
        return lead + (names[1] if style > 0.97 and lone else f"{names[0].title()} {names[1].title()}")

    return several(said, rng)


def code_readings_of(code: str, rng: random.Random, level: Level) -> list[str]:
    """Return readings of a postcode, by letters or with alphabet words."""
    bare = code.replace(" ", "").lower()
    if rng.random() < 0.12:
        spelled = [f"{c} for {_NATO[ord(c) - 97]}" if c.isalpha() and rng.random() < 0.6 else c for c in bare]
        return [" ".join(spelled)]
    return several(lambda rng: heard_letters(bare, rng, level), rng)
