"""How far letters that were heard one by one are from letters that are written down: B and D sound alike, F and X do not."""

from functools import cache, lru_cache

_ALIKE = ("bcdegptvz3", "mn", "fsx", "ahjk8", "iy59", "qu2w", "o0", "l", "r", "1", "4", "6", "7")
_NEAR = ("kqa", "sc", "ln", "bv", "szc", "ir", "59", "67", "ae", "ei", "ou", "vf", "19", "hg", "jg", "uy", "t2", "il")


@cache
def swap_cost(heard: str, written: str) -> float:
    """Return the cost of one letter for another, 0 to 1."""
    if heard == written:
        return 0.0
    if any(heard in group and written in group for group in _ALIKE):
        return 0.45
    return 0.55 if any(heard in group and written in group for group in _NEAR) else 1.0


def _extra(letter: str, before: str) -> float:
    """The cost of a heard letter that is not written: names of letters bring their vowels along."""
    if letter in "aeiou":
        return 0.4
    return 0.4 if letter == before else 0.8


def _lost(at: int) -> float:
    """The cost of a written letter that was not heard; the first is clipped most."""
    return 0.55 if at == 0 else 0.7


@lru_cache(maxsize=50_000)
def letter_distance(heard: str, written: str) -> float:
    """Return the least cost to explain what was heard by what is written."""
    return 0.0 if heard == written else prefix_distances(heard, written)[-1]


@lru_cache(maxsize=50_000)
def prefix_distances(heard: str, written: str) -> tuple[float, ...]:
    """Return the cost of each beginning of what was heard, from nothing to all of it, against all that is written."""
    row = [0.0]
    for at in range(len(written)):
        row.append(row[-1] + _lost(at))
    ends, before = [row[-1]], ""
    for letter in heard:
        extra = _extra(letter, before)
        left = row[0] + extra
        above, row = row, [left]
        for at, sign in enumerate(written):
            left = min(above[at] + swap_cost(letter, sign), above[at + 1] + extra, left + _lost(at))
            row.append(left)
        ends.append(left)
        before = letter
    return tuple(ends)


@cache
def _group(letter: str) -> str:
    return next((group[0] for group in _ALIKE if letter in group), letter)


@lru_cache(maxsize=100_000)
def sound_groups(code: str) -> str:
    """Return the code with every letter replaced by the one that stands for all it is taken for."""
    return "".join(_group(letter) for letter in code)


def neighbours(code: str) -> set[str]:
    """Return keys two codes share when one letter was lost, added or changed, beyond those that sound alike."""
    groups = sound_groups(code)
    return {groups} | {groups[:at] + groups[at + 1 :] for at in range(len(groups))}
