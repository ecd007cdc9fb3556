"""Whether what follows a yes says the read-back again ("yes, Thursday at ten") or something else."""

import re

from agent.dialogue.understanding.people import NUMBERS
from agent.dialogue.understanding.plain import plain

_EMPTY = frozenset(
    [
        "the",
        "a",
        "an",
        "at",
        "on",
        "for",
        "with",
        "in",
        "of",
        "to",
        "and",
        "is",
        "that",
        "that's",
        "it",
        "it's",
        "works",
        "work",
        "me",
        "my",
        "will",
        "do",
        "be",
        "fine",
        "good",
        "great",
        "ok",
        "okay",
        "sounds",
        "perfect",
        "please",
        "thanks",
        "thank",
        "you",
        "would",
        "right",
        "correct",
        "o'clock",
        "oclock",
        "yes",
        "yeah",
        "so",
        "then",
        "el",
        "la",
        "los",
        "a",
        "las",
        "en",
        "con",
        "de",
        "para",
        "que",
        "esta",
        "bien",
        "por",
        "favor",
        "si",
        "y",
        "book",
        "go",
        "ahead",
        "one",
        "i",
        "i'll",
        "take",
        "would",
        "like",
        "us",
    ]
)
_AGAINST = re.compile(
    r"\b(?:no|not|but|instead|except|rather|only|if|unless|don't|can't|pero|mejor|change|other|another|different|actually|wait)\b"
)


def restates(words: str, said: str | None) -> bool:
    """Say whether every telling word of an answer stood in the question it answers."""
    answer = plain(words)
    if said is None or _AGAINST.search(answer):
        return False
    known = _telling(said)
    return _telling(answer) <= known | _EMPTY


def _telling(text: str) -> set[str]:
    return {_same(word) for word in plain(text).split()}


def _same(word: str) -> str:
    """Return one form for "ten", "10", "10th", "10am" and "10:00"."""
    number = re.sub(r"^(\d+)(?:st|nd|rd|th)$|^(\d+(?::\d\d)?)(?:am|pm)$", r"\1\2", word)
    return str(NUMBERS.get(number, re.sub(r":00$", "", number)))
