"""Spanish laid out in English, word by word: no translation, but near enough to be compared with English texts.

The English encoder and the English word lists then see what a Spanish question is about; unknown words stay as they are.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from agent.dialogue.retrieval.stems import stem
from agent.domain.ports import Encoder
from agent.language.fold import base_language, fold

_WORD = re.compile(r"\w+(?:[-'.:@]\w+)*")
_FILE = "gloss.es.txt"
_WHAT = re.compile(r"\bqué\b", re.IGNORECASE)
_BEGINS = re.compile(r"^\W*que\b", re.IGNORECASE)
_ASKED = "queasks"
LONGEST = 6
"""Words of the longest Spanish phrase looked up."""


def gloss(text: str) -> str:
    """Return English words for Spanish ones, in the Spanish order.

    >>> gloss("¿Cuánto cuesta la limpieza?")
    'how much does it cost cleaning'
    """
    phrases, stems = _table()
    words = _words(_BEGINS.sub(_ASKED, text))  # accents are often left out in typing
    said: list[str] = []
    at = 0
    while at < len(words):
        size = next((n for n in range(LONGEST, 0, -1) if words[at : at + n] in phrases), 1)
        exact = phrases.get(words[at : at + size])
        said.append(stems.get(stem(words[at], "es"), words[at]) if exact is None else exact)
        at += size
    return " ".join(word for word in said if word)


def in_english(text: str, lang: str) -> str:
    """Return a text as English lists read it: English as it is, Spanish as its gloss."""
    return gloss(text) if base_language(lang) == "es" else text


class Glossing:
    """The English encoder for Spanish texts: embeds their glosses."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = f"{encoder.name}-gloss-{_digest()}"

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Return unit vectors of the glosses, shape (texts, dimensions)."""
        return self._encoder.embed([gloss(text) for text in texts])


@cache
def _table() -> tuple[dict[tuple[str, ...], str], dict[str, str]]:
    """Return the English of phrases by their folded words, and of single words by their stem."""
    phrases: dict[tuple[str, ...], str] = {}
    stems: dict[str, str] = {}
    for line in _text().splitlines():
        if not line or line.startswith("#"):
            continue
        english, _, spanish = line.partition(":")
        english = "" if english == "-" else english.strip()
        for phrase in spanish.split(","):
            words = _words(phrase)
            phrases.setdefault(words, english)
            if len(words) == 1:
                stems.setdefault(stem(words[0], "es"), english)
            else:
                phrases.setdefault(tuple("que" if word == _ASKED else word for word in words), english)
    return phrases, stems


def _words(text: str) -> tuple[str, ...]:
    """Return folded words; "qué", which asks, is kept apart from "que", which joins."""
    return tuple(_WORD.findall(fold(_WHAT.sub(_ASKED, text))))


def _text() -> str:
    return files("agent.dialogue.retrieval").joinpath("words", _FILE).read_text("utf-8")


@cache
def _digest() -> str:
    """Return a short hash of the word list: vectors of other glosses are other vectors."""
    return hashlib.sha256(_text().encode()).hexdigest()[:8]
