"""Which language a few words are in, when their small words leave no doubt; names and numbers tell nothing."""

import re
from functools import cache
from importlib.resources import files

from agent.language.fold import fold

_LEAST = 3
"""Different small words from which a language is sure."""
_SHARE = 0.35
"""How much of all words they must be."""
_MARKS = re.compile(r"[¿¡]")
"""What only Spanish writes."""
_WORD = re.compile(r"[^\W\d_]+")


def spoken_in(text: str) -> str | None:
    """Return the language that words are plainly in; None when they are few, mixed or mostly names.

    >>> spoken_in("Hola, necesito una cita con el doctor Kim el jueves")
    'es'
    >>> spoken_in("María de la Cruz") is None
    True
    """
    words = _WORD.findall(fold(text))
    small = {lang: own.intersection(words) for lang, own in _small_words().items()}
    if _MARKS.search(text) and not small["en"]:
        return "es"
    lang, said = max(small.items(), key=lambda item: len(item[1]))
    mixed = sum(len(found) for found in small.values()) > len(said)
    telling = sum(word in said for word in words)
    return lang if len(said) >= _LEAST and not mixed and telling >= _SHARE * len(words) else None


@cache
def _small_words() -> dict[str, frozenset[str]]:
    """Return the words that one language has and the other hardly ever, by language."""
    lines = files("agent.language").joinpath("words", "small_words.txt").read_text("utf-8").splitlines()
    split = (line.split(": ", 1) for line in lines if not line.startswith("#"))
    return {lang: frozenset(words.split()) for lang, words in split}
