"""Slips of the finger: what a word may have been meant to be."""

from collections.abc import Collection, Iterator


def slips(word: str) -> Iterator[str]:
    """Yield a word with two neighbouring letters swapped back, or with a double letter that was left out.

    >>> "correct" in slips("corerct"), "appointment" in slips("apointment")
    (True, True)
    """
    for at in range(len(word)):
        if at + 1 < len(word) and word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        yield word[: at + 1] + word[at:]


def righted(word: str, known: Collection[str], *, least: int = 4) -> str:
    """Return the one known word that an unknown one of at least `least` letters is but for a slip; else the word."""
    if len(word) < least or word in known:
        return word
    found = {slip for slip in slips(word) if slip in known}
    return found.pop() if len(found) == 1 else word
