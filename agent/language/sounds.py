"""What sounds alike: a rough key for a name, and an edit distance that charges little for what an ear confuses."""

import re
from functools import cache, lru_cache

_RULES = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"^(wr)", "r"), (r"^(kn|gn|pn)", "n"), (r"^ps", "s"), (r"^x", "s"), (r"^mc", "mac"), (r"mb$", "m"),
        (r"sch", "sk"), (r"tch", "ch"), (r"ph", "f"), (r"ght", "t"), (r"gh(?=[^aeiou]|$)", ""), (r"gh", "g"),
        (r"ck", "k"), (r"q(u)?", "k"), (r"x", "ks"), (r"c(?=[eiy])", "s"), (r"(?<=[^c])c(?!h)|^c(?!h)|cc", "k"),
        (r"z", "s"), (r"dge|dj|j|g(?=[eiy])", "j"), (r"(?<=[aeiou])h(?=[^aeiou]|$)", ""), (r"wh", "w"), (r"th", "t"),
        (r"y(?![aeiou])", "i"), (r"ee|ea|ie|ei|ey", "i"), (r"oo|ou|ue|ew", "u"), (r"ai|ay", "e"), (r"au|aw", "o"),
        (r"(\w)\1+", r"\1"), (r"(?<=.)e$", ""),
    )
)  # fmt: skip
_ALIKE = ("bpdt", "mn", "kgq", "szxc", "fvt", "lr", "jgzy", "wvu", "sf", "td", "bv", "kc", "kx", "dv", "hf")
_VOWELS = frozenset("aeiouy")


@cache
def sound_key(name: str) -> str:
    """Return a key that common spellings of one sound share.

    >>> sound_key("stephen") == sound_key("stefan"[:4] + "en")
    True
    """
    for pattern, by in _RULES:
        name = pattern.sub(by, name)
    return name


@cache
def _swap(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in _VOWELS and other in _VOWELS:
        return 0.3
    return 0.5 if any(one in group and other in group for group in _ALIKE) else 1.0


def _gap(letter: str) -> float:
    return 0.4 if letter in _VOWELS else 0.5 if letter in "hrdt" else 0.9


@lru_cache(maxsize=200_000)
def sound_distance(one: str, other: str) -> float:
    """Return how many sounds must change to make one name of the other; alike sounds count less than one."""
    a, b = sound_key(one), sound_key(other)
    if a == b:
        return 0.0
    row = [0.0]
    for letter in b:
        row.append(row[-1] + _gap(letter))
    for left in a:
        before, row = row, [row[0] + _gap(left)]
        for index, right in enumerate(b):
            change = before[index] + _swap(left, right)
            row.append(min(change, before[index + 1] + _gap(left), row[-1] + _gap(right)))
    return row[-1]
