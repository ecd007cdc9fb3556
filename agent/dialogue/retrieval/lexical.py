"""How far the words of a question are covered by a topic; rare words weigh more."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.dialogue.retrieval.words import content_words
from agent.practice_folder import FaqEntry


@dataclass(frozen=True, kw_only=True)
class Background:
    """How many of so many everyday front-desk sentences hold a word; keeps common words from looking rare."""

    sentences: int
    holding: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """Shares of a question's weight (0 to 1). `rarest_missing` is the weight of the rarest word that is not covered."""

    phrasing: float
    symmetric: float
    anywhere: float
    rarest_missing: float


class Lexical:
    """The words of one language's topics."""

    def __init__(self, entries: Sequence[FaqEntry], background: Background) -> None:
        self._phrasings = {
            entry.id: [frozenset(content_words(text, entry.lang)) for text in (entry.title, *entry.questions)]
            for entry in entries
        }
        answers = {entry.id: frozenset(content_words(entry.answer, entry.lang)) for entry in entries}
        self._all = {id: answers[id].union(*self._phrasings[id]) for id in answers}
        self._known: frozenset[str] = frozenset().union(*self._all.values())
        holding = Counter(word for words in self._all.values() for word in words)
        holding.update(background.holding)
        self._units = len(entries) + background.sentences
        self._holding = holding
        self._weights: dict[str, float] = {word: self._rarity(word) for word in self._known}

    def weight(self, word: str) -> float:
        """Return how rare a word is, 0 to 1."""
        return self._weights.get(word) or self._rarity(word)

    def _rarity(self, word: str) -> float:
        return math.log((self._units + 1) / (self._holding[word] + 0.5)) / math.log(2 * self._units + 2)

    def overlap(self, asked: frozenset[str], entry: str) -> Overlap:
        """Compare a question's words with a topic's."""
        total = self._sum(asked)
        if not total:
            return Overlap(phrasing=0.0, symmetric=0.0, anywhere=0.0, rarest_missing=0.0)
        pairs = [(self._sum(asked & said), self._sum(said)) for said in self._phrasings[entry]]
        return Overlap(
            phrasing=max(shared for shared, _ in pairs) / total,
            symmetric=max(2 * shared / (total + said) for shared, said in pairs),
            anywhere=self._sum(asked & self._all[entry]) / total,
            rarest_missing=max((self.weight(word) for word in asked - self._all[entry]), default=0.0),
        )

    def unknown(self, asked: frozenset[str]) -> float:
        """Return the share of a question's weight that no topic holds."""
        total = self._sum(asked)
        return self._sum(asked - self._known) / total if total else 1.0

    def _sum(self, words: frozenset[str]) -> float:
        return sum(self.weight(word) for word in words)
