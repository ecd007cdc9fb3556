"""Recognizers of the Whisper family sometimes say a phrase over and over; this leaves it once."""

import re

MOST_SAID = 3
"""A caller may say something three times ("no, no, no"); more is the engine's loop."""
LONGEST_PHRASE = 12
"""Words of the longest phrase looked at."""


def without_loops(text: str) -> str:
    """Return the text with each phrase that follows itself more than three times said once.

    Digits are left alone: "four four four four" is a telephone number.

    >>> without_loops("I need a visit. I need a visit. I need a visit. I need a visit.")
    'I need a visit.'
    >>> without_loops("no no no, five five five five")
    'no no no, five five five five'
    """
    words = text.split()
    plain = [re.sub(r"\W+", "", word).casefold() for word in words]
    for size in range(LONGEST_PHRASE, 0, -1):
        at = 0
        while at + size <= len(words):
            said = _times(plain, at, size)
            if said > MOST_SAID and not _numbers(plain[at : at + size]):
                del words[at + size : at + said * size], plain[at + size : at + said * size]
            at += 1
    return " ".join(words)


def _times(plain: list[str], at: int, size: int) -> int:
    phrase, said = plain[at : at + size], 1
    while plain[at + said * size : at + (said + 1) * size] == phrase:
        said += 1
    return said


_NUMBER = re.compile(
    r"\d+|zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|double|triple"
    r"|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve"
)


def _numbers(words: list[str]) -> bool:
    return all(_NUMBER.fullmatch(word) for word in words)
