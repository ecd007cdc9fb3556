"""How well each topic fits a question: vectors, words and the topic map brought together as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
import numpy.typing as npt

from agent.dialogue.retrieval.asking import asks_whether, told, wanted
from agent.dialogue.retrieval.documents import Part
from agent.dialogue.retrieval.index import Near
from agent.dialogue.retrieval.lexical import Background, Lexical, Overlap
from agent.dialogue.retrieval.topics import TopicMap
from agent.practice_folder import FaqEntry

PER_ENCODER = ("question", "both", "sentence")
OF_WORDS = ("phrasing", "symmetric", "anywhere", "rarest_missing")
OF_MAP = ("same_topic",)
_FAR = Near(entry="", question=0.0, both=0.0, sentence=0.0)


def feature_names(encoders: int) -> tuple[str, ...]:
    """Return the names of the features of a match, in order."""
    return (*(f"{name}{at}" for at in range(encoders) for name in PER_ENCODER), *OF_WORDS, *OF_MAP)


class Vectors(Protocol):
    """The documents of one language in the space of one encoder; `Index`, or a plain array in training."""

    def embed(self, question: str) -> npt.NDArray[np.float32]:
        """Return a question's vector."""
        ...

    def near(self, vector: npt.NDArray[np.float32]) -> list[Near]:
        """Return the topics near a question's vector, in no order."""
        ...

    def vectors(self, part: Part) -> dict[str, npt.NDArray[np.float32]]:
        """Return the vectors of one part of every topic, by topic."""
        ...


@dataclass(frozen=True, kw_only=True)
class Matches:
    """All topics against one question.

    `features` has the shape (topics, features), `unsaid` (topics) is 1 where a topic lacks the sort of answer wanted,
    `unknown` is the share of the question's words that no topic holds, `mixture` the question on the topic map.
    """

    entries: tuple[FaqEntry, ...]
    features: npt.NDArray[np.float64]
    unsaid: npt.NDArray[np.float64]
    mixture: npt.NDArray[np.float32]
    unknown: float
    words: int
    whether: bool


class Matcher:
    """The topics of one language, ready to be compared with questions."""

    def __init__(
        self,
        entries: Sequence[FaqEntry],
        indexes: Sequence[Vectors],
        lang: str,
        background: Background,
        topics: TopicMap,
    ) -> None:
        self._entries = tuple(entries)
        self._indexes = indexes
        self._lang = lang
        self._told = {entry.id: told(entry.answer, lang) for entry in entries}
        self._lexical = Lexical(entries, lang, background)
        self._topics = topics
        self._mixtures = self._topic_mixtures()

    def match(self, question: str, *, on: date | None = None, without: frozenset[str] = frozenset()) -> Matches:
        """Compare a question with every topic that is valid on a day, but those left out."""
        entries = tuple(
            entry for entry in self._entries if entry.id not in without and (on is None or entry.valid_on(on))
        )
        vectors = [index.embed(question) for index in self._indexes]
        near = [
            {one.entry: one for one in index.near(vector)} for index, vector in zip(self._indexes, vectors, strict=True)
        ]
        asked = self._lexical.words(question)
        mixture = self._topics.mixture(np.concatenate(vectors)[None, :])[0]
        rows = [
            [
                *(value for by_entry in near for value in _near(by_entry.get(entry.id, _FAR))),
                *_overlap(self._lexical.overlap(asked, entry.id)),
                float((self._mixtures[entry.id] @ mixture).max()),
            ]
            for entry in entries
        ]
        sorts = wanted(question, self._lang)
        return Matches(
            entries=entries,
            features=np.asarray(rows, np.float64).reshape(len(entries), len(feature_names(len(self._indexes)))),
            unsaid=np.asarray([bool(sorts - self._told[entry.id]) for entry in entries], np.float64),
            mixture=mixture,
            unknown=self._lexical.unknown(asked),
            words=len(asked),
            whether=asks_whether(question, self._lang),
        )

    def _topic_mixtures(self) -> dict[str, npt.NDArray[np.float32]]:
        by_encoder = [index.vectors("question") for index in self._indexes]
        return {
            entry.id: self._topics.mixture(np.concatenate([vectors[entry.id] for vectors in by_encoder], axis=1))
            for entry in self._entries
        }


def _near(near: Near) -> tuple[float, ...]:
    return near.question, near.both, near.sentence


def _overlap(overlap: Overlap) -> tuple[float, ...]:
    return overlap.phrasing, overlap.symmetric, overlap.anywhere, overlap.rarest_missing
