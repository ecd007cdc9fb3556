"""Crude stems: the ending of a folded word cut off, the same way for a question and for what it is compared with."""

from functools import cache

_ENDINGS = {
    "en": ("ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "ment", "ments", "ation", "ations", "ion", "al", "e", "y"),
    "es": ("aciones", "acion", "ciones", "cion", "mente", "ando", "iendo", "arlo", "arla", "arme", "ar", "er", "ir",
           "ados", "adas", "ado", "ada", "os", "as", "es", "o", "a", "e", "s"),
}  # fmt: skip
SHORTEST_STEM = 3


@cache
def stem(word: str, lang: str) -> str:
    """Cut the ending off a folded word of English or Spanish."""
    for ending in sorted(_ENDINGS[lang], key=len, reverse=True):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word
