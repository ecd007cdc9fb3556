"""How well each topic fits a question: vectors, words and the topic map brought together as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from agent.dialogue.retrieval.asking import TIMES, Aspect, aspect, stated
from agent.dialogue.retrieval.coverage import Covering, WordVectors
from agent.dialogue.retrieval.index import Near, Vectors
from agent.dialogue.retrieval.lexical import Background, Lexical, Overlap
from agent.dialogue.retrieval.topics import TopicMap
from agent.dialogue.retrieval.words import Word, words_of
from agent.practice_folder import FaqEntry

Numbers = npt.NDArray[np.float64]
PER_ENCODER = ("question", "both", "sentence")
OF_WORDS = ("phrasing", "symmetric", "anywhere", "rarest_missing", "covered", "least_covered")
OF_MAP = ("same_topic",)
OF_ASPECT = ("unsaid_price", "unsaid_time", "unsaid_other", "said")


def feature_names(encoders: int) -> tuple[str, ...]:
    """Return the names of the features of a match, in order."""
    return (*(f"{name}{at}" for at in range(encoders) for name in PER_ENCODER), *OF_WORDS, *OF_MAP)


@dataclass(frozen=True, kw_only=True)
class Matches:
    """All topics against one question.

    `features` has the shape (topics, features); `aspects` (topics, OF_ASPECT) says of the sorts of answer wanted which
    a topic does not state, and which share it does; `unknown` is the share of the question's words that no topic holds,
    `mixture` the question on the topic map.
    """

    entries: tuple[FaqEntry, ...]
    features: Numbers
    aspects: Numbers
    mixture: npt.NDArray[np.float32]
    unknown: float
    words: int
    asked: Aspect


class Matcher:
    """The topics of one language, ready to be compared with questions."""

    def __init__(
        self,
        entries: Sequence[FaqEntry],
        indexes: Sequence[Vectors],
        lang: str,
        background: Background,
        topics: TopicMap,
        words: WordVectors,
    ) -> None:
        """Prepare the topics.

        Args:
            entries: The topics.
            indexes: Their vectors, in the order that retrieval was trained with.
            lang: The language in which questions are asked; the topics tell their own.
            background: How common words are at front desks.
            topics: The map of what front desks are asked.
            words: Vectors of single words.

        """
        self._entries = tuple(entries)
        self._indexes = indexes
        self._lang = lang
        self._stated = [stated(entry.answer, entry.lang) for entry in entries]
        self._lexical = Lexical(entries, background)
        self._covering = Covering([_words_of(entry) for entry in entries], words)
        self._topics = topics
        self._mixtures = self._topic_mixtures()

    def match(self, question: str, *, on: date | None = None, without: frozenset[str] = frozenset()) -> Matches:
        """Compare a question with every topic that is valid on a day, but those left out."""
        kept = [
            at
            for at, entry in enumerate(self._entries)
            if entry.id not in without and (on is None or entry.valid_on(on))
        ]
        entries = tuple(self._entries[at] for at in kept)
        vectors = [index.embed(question) for index in self._indexes]
        near = [
            {one.entry: one for one in index.near(vector)} for index, vector in zip(self._indexes, vectors, strict=True)
        ]
        farthest = [_farthest(list(by_entry.values())) for by_entry in near]
        words = words_of(question, self._lang)
        asked = frozenset(word.counts_as for word in words)
        covered = self._covering.by_topic(words, self._lexical.weight)
        mixture = self._topics.mixture(np.concatenate(vectors)[None, :])[0]
        rows = [
            [
                *(
                    value
                    for by_entry, far in zip(near, farthest, strict=True)
                    for value in _near(by_entry.get(self._entries[at].id, far))
                ),
                *_overlap(self._lexical.overlap(asked, self._entries[at].id)),
                *covered[at].tolist(),
                float((self._mixtures[self._entries[at].id] @ mixture).max()),
            ]
            for at in kept
        ]
        wanted = aspect(question, self._lang)
        return Matches(
            entries=entries,
            features=np.asarray(rows, np.float64).reshape(len(entries), len(feature_names(len(self._indexes)))),
            aspects=np.asarray([_aspects(wanted.sorts, self._stated[at]) for at in kept]).reshape(
                len(entries), len(OF_ASPECT)
            ),
            mixture=mixture,
            unknown=self._lexical.unknown(asked),
            words=len(asked),
            asked=wanted,
        )

    def _topic_mixtures(self) -> dict[str, npt.NDArray[np.float32]]:
        by_encoder = [index.vectors("question") for index in self._indexes]
        return {
            entry.id: self._topics.mixture(np.concatenate([vectors[entry.id] for vectors in by_encoder], axis=1))
            for entry in self._entries
        }


def entry_words(entries: Sequence[FaqEntry]) -> list[str]:
    """Return every word that carries meaning in some topics, as it is written, in order."""
    return sorted({word.written for entry in entries for word in _words_of(entry)})


def _words_of(entry: FaqEntry) -> list[Word]:
    return [word for text in (entry.title, *entry.questions, entry.answer) for word in words_of(text, entry.lang)]


def _aspects(wanted: frozenset[str], told: frozenset[str]) -> tuple[float, ...]:
    unsaid = wanted - told
    return (
        float("price" in unsaid),
        float(bool(unsaid & TIMES)),
        float(bool(unsaid - TIMES - {"price"})),
        len(wanted & told) / len(wanted) if wanted else 0.0,
    )


def _farthest(found: Sequence[Near]) -> Near:
    """Stand in for a topic that is too far to be fetched: as near as the farthest that was."""
    return Near(
        entry="",
        question=min((near.question for near in found), default=0.0),
        both=min((near.both for near in found), default=0.0),
        sentence=min((near.sentence for near in found), default=0.0),
    )


def _near(near: Near) -> tuple[float, ...]:
    return near.question, near.both, near.sentence


def _overlap(overlap: Overlap) -> tuple[float, ...]:
    return overlap.phrasing, overlap.symmetric, overlap.anywhere, overlap.rarest_missing
