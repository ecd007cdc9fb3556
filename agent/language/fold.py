"""Lower case without accents, character by character, so that offsets into the original text stay valid."""

import unicodedata
from functools import lru_cache

_SAME = {
    "’": "'",
    "‘": "'",
    "`": "'",
    "´": "'",
    "–": "-",
    "—": "-",
    "−": "-",
    "‑": "-",
    "\u00a0": " ",
    "º": "o",
    "ª": "a",
}


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in _SAME:
        return _SAME[character]
    base = unicodedata.normalize("NFD", character.lower())[:1]
    return base or character


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, with plain quotes and dashes; same length as before.

    >>> fold("Miércoles, 3 p. m. — ¿Sí?")
    'miercoles, 3 p. m. - ¿si?'
    """
    return "".join(map(_fold_character, text))


def base_language(lang: str) -> str:
    """Return ``es`` for any Spanish tag, ``en`` for everything else."""
    return "es" if lang.lower().split("-")[0] == "es" else "en"


def listed(words: str) -> list[str]:
    """Return the words of a table written in one string."""
    return words.split()
