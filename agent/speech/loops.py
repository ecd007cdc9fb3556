"""Recognizers of the Whisper family sometimes say a phrase over and over; this leaves it once."""

import re

MOST_SAID = 3
"""A caller may say a short phrase three times ("no, no, no"); more is the engine's loop."""
SENTENCE = 4
"""Words from which a phrase is said once only: nobody repeats himself word for word at once."""
LONGEST = 20
"""Words of the longest phrase looked at."""


def without_loops(text: str) -> str:
    """Return the text with phrases that the engine repeated said once, a last repetition broken off included.

    Digits are left alone: "four four four four" is a telephone number.

    >>> without_loops("I need a visit. I need a visit. I need")
    'I need a visit.'
    >>> without_loops("no no no, five five five five")
    'no no no, five five five five'
    """
    words = text.split()
    plain = [re.sub(r"\W+", "", word).casefold() for word in words]
    for size in range(min(LONGEST, len(words) // 2), 0, -1):
        at = 0
        while at + 2 * size <= len(words):
            again = _again(plain, at, size)
            if again:
                del words[at + size : at + size + again], plain[at + size : at + size + again]
            at += 1
    return " ".join(words)


def _again(plain: list[str], at: int, size: int) -> int:
    """Return how many words after the phrase at `at` are the engine's repetition of it."""
    phrase, end = plain[at : at + size], at + size
    said = 1
    while plain[end : end + size] == phrase:
        said, end = said + 1, end + size
    if said <= (1 if size >= SENTENCE else MOST_SAID) or all(_NUMBER.fullmatch(word) for word in phrase):
        return 0
    rest = plain[end:]
    return end - at - size + (len(rest) if rest == phrase[: len(rest)] else 0)


_NUMBER = re.compile(
    r"\d+|zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|double|triple"
    r"|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve"
)
