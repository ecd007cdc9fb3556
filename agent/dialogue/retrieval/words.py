"""Words of a text as they count for matching: folded, stemmed, synonyms made one, filler left out.

Spanish is read through its English gloss, so that one list of synonyms serves both.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import cast

import yaml

from agent.dialogue.retrieval.gloss import in_english
from agent.dialogue.retrieval.stems import stem
from agent.language.fold import fold

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word that carries meaning: as it was written, folded, and as it counts; synonyms count as one."""

    written: str
    counts_as: str


@cache
def _lists() -> tuple[frozenset[str], dict[str, str], dict[str, str], re.Pattern[str]]:
    """Return filler words, synonyms by stem, phrases that stand for one word, and what finds these."""
    text = files("agent.dialogue.retrieval").joinpath("words", "en.yaml").read_text("utf-8")
    data = cast(dict[str, object], yaml.safe_load(text))
    filler = frozenset(fold(word) for word in str(data["filler"]).split())
    synonyms: dict[str, str] = {}
    phrases: dict[str, str] = {}
    for number, line in enumerate(str(data["same"]).strip().splitlines()):
        for variant in line.split(","):
            words = fold(variant.strip())
            if " " in words:
                phrases[words] = f"same{number}"
            else:
                synonyms[stem(words, "en")] = f"same{number}"
    longest_first = sorted(phrases, key=len, reverse=True)
    return filler, synonyms, phrases, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


@lru_cache(maxsize=2048)
def words_of(text: str, lang: str) -> tuple[Word, ...]:
    """Return the words that carry meaning, in order."""
    filler, synonyms, phrases, finder = _lists()
    folded = fold(in_english(text, lang))
    written: dict[str, str] = {}

    def as_one(found: re.Match[str]) -> str:
        token = phrases[found.group()]
        written.setdefault(token, found.group())
        return token

    found = (word.removesuffix("'s") for word in _WORD.findall(finder.sub(as_one, folded)))
    return tuple(
        Word(written=written.get(word, word), counts_as=_counts_as(word, synonyms))
        for word in found
        if word not in filler
    )


def content_words(text: str, lang: str) -> list[str]:
    """Return what the words that carry meaning count as, in order."""
    return [word.counts_as for word in words_of(text, lang)]


def _counts_as(word: str, synonyms: dict[str, str]) -> str:
    cut = word if word.startswith("same") else stem(word, "en")
    return synonyms.get(cut, cut)
