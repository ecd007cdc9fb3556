"""Words of a text as they count for matching: folded, stemmed, synonyms made one, filler left out."""

import re
from functools import cache
from importlib.resources import files
from typing import cast

import yaml

from agent.language.fold import base_language, fold

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_ENDINGS = {
    "en": ("ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "ment", "ments", "ation", "ations", "ion", "al", "e", "y"),
    "es": ("aciones", "acion", "ciones", "cion", "mente", "ando", "iendo", "arlo", "arla", "arme", "ar", "er", "ir",
           "ados", "adas", "ado", "ada", "os", "as", "es", "o", "a", "e", "s"),
}  # fmt: skip
SHORTEST_STEM = 3


@cache
def _lists(lang: str) -> tuple[frozenset[str], dict[str, str], tuple[tuple[str, str], ...]]:
    """Return filler words, synonyms by stem, and phrases that stand for one word."""
    text = files("agent.dialogue.retrieval").joinpath("words", f"{lang}.yaml").read_text("utf-8")
    data = cast(dict[str, object], yaml.safe_load(text))
    filler = frozenset(fold(word) for word in str(data["filler"]).split())
    synonyms: dict[str, str] = {}
    phrases: list[tuple[str, str]] = []
    for number, line in enumerate(str(data["same"]).strip().splitlines()):
        for variant in line.split(","):
            words = fold(variant.strip())
            if " " in words:
                phrases.append((words, f"same{number}"))
            else:
                synonyms[stem(words, lang)] = f"same{number}"
    phrases.sort(key=lambda pair: -len(pair[0]))
    return filler, synonyms, tuple(phrases)


def stem(word: str, lang: str) -> str:
    """Cut the ending off a folded word; crude, the same for a question and for what it is compared with."""
    for ending in sorted(_ENDINGS[lang], key=len, reverse=True):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


@cache
def _stem(word: str, lang: str) -> str:
    return stem(word, lang)


def content_words(text: str, lang: str) -> list[str]:
    """Return the stems that carry meaning, in order; synonyms share one stem."""
    base = base_language(lang)
    filler, synonyms, phrases = _lists(base)
    folded = f" {fold(text)} "
    for phrase, token in phrases:
        folded = re.sub(rf"(?<=\W){re.escape(phrase)}(?=\W)", token, folded)
    words = (word.removesuffix("'s") for word in _WORD.findall(folded))
    stems = (word if word.startswith("same") else _stem(word, base) for word in words if word not in filler)
    return [synonyms.get(one, one) for one in stems]
