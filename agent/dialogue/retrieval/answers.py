"""The practice's own texts as the dialogue's Knowledge: find what answers a question, or say that nothing does."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.dialogue.retrieval.bands import Bands
from agent.dialogue.retrieval.coverage import WordVectors
from agent.dialogue.retrieval.documents import Document, documents, fingerprint, vocabulary_documents
from agent.dialogue.retrieval.index import AskedBy, Index, open_client
from agent.dialogue.retrieval.matching import Matcher, entry_words
from agent.dialogue.retrieval.trained import PAIRS, load_bands, pair, trained_encoders, word_encoder
from agent.dialogue.retrieval.verbatim import Verbatim
from agent.domain.clock import Clock
from agent.domain.ports import Encoder, Found, Passage
from agent.domain.text import SafeText
from agent.language.fold import base_language
from agent.practice_folder import FaqEntry

LANGS = ("en", "es")
MOST_PASSAGES = 8
LONGEST_QUESTION = 500
"""Characters of a question that are read; what comes after is rarely the question."""


class _Shelf:
    """Topics that questions of one language are compared with."""

    def __init__(self, matcher: Matcher, verbatim: Verbatim, bands: Bands, asked_in: str) -> None:
        self.matcher, self.verbatim, self.bands, self.asked_in = matcher, verbatim, bands, asked_in


class FaqKnowledge:
    """Finds answers in faq/<lang>/*.md. Costs one embedding an encoder, one a rare word, and a few milliseconds.

    What a caller's language lacks is looked up in the texts of the others.
    """

    def __init__(
        self,
        faq: Mapping[str, Sequence[FaqEntry]],
        encoders: Sequence[Encoder],
        *,
        clock: Clock,
        zone: ZoneInfo,
        folder: Path | None = None,
    ) -> None:
        """Open the index, and bring it in step with the texts where it is not.

        Args:
            faq: The topics by language, as `read_faq` gives them.
            encoders: The encoders at hand, among them those that retrieval was trained with.
            clock: Tells which topics are still valid.
            zone: The practice's time zone.
            folder: Where the index is kept; in memory without.

        Raises:
            ServiceDown: The index cannot be opened or written.
            ConfigError: The encoders are not those that retrieval was trained with.

        """
        self._clock, self._zone = clock, zone
        self._store = _Store(faq, encoders, folder)
        self._shelves = {lang: self._shelves_of(lang, faq) for lang in LANGS}
        self.rebuilt = self._store.rebuilt

    def _shelves_of(self, lang: str, faq: Mapping[str, Sequence[FaqEntry]]) -> list[_Shelf]:
        """Return the shelves for questions in a language: its own texts, then those of others that it lacks."""
        own = faq.get(lang, ())
        held = {entry.written_id for entry in own}
        shelves = [self._store.shelf(lang, lang, own)] if own else []
        for other, entries in faq.items():
            more = [entry for entry in entries if entry.written_id not in held]
            if more and pair(lang, other) in PAIRS and other != lang:
                shelves.append(self._store.shelf(lang, other, more))
        return shelves

    async def find(self, question: SafeText, *, lang: str) -> Found:
        """READ the passages nearest to a question, best first, and how far they may be trusted."""
        shelves = self._shelves[base_language(lang)]
        if not shelves or not question.strip():
            return Found(band="decline")
        return await asyncio.to_thread(self._find_on, shelves, question)

    def _find_on(self, shelves: Sequence[_Shelf], question: str) -> Found:
        """Look on one shelf after the other until one answers; without an answer, what the first found."""
        found = [self._find(shelves[0], question)]
        for shelf in shelves[1:]:
            if found[-1].band == "answer":
                break
            found.append(self._find(shelf, question))
        return found[-1] if found[-1].band == "answer" else found[0]

    def _find(self, shelf: _Shelf, question: str) -> Found:
        day = self._clock.now().astimezone(self._zone).date()
        matches = shelf.matcher.match(question[:LONGEST_QUESTION], on=day)
        ranked = shelf.bands.rank(matches)
        if (listed := shelf.verbatim.topic(question, matches.entries)) is not None:
            ranked = ranked.sure_of(listed)
        best = list(zip(ranked.order, ranked.scores, strict=True))[:MOST_PASSAGES]
        return Found(
            band=ranked.band,
            passages=tuple(_passage(matches.entries[at], score, shelf.asked_in) for at, score in best),
        )


class _Store:
    """The practice's texts as vectors, each language once, and the shelves made of them."""

    def __init__(self, faq: Mapping[str, Sequence[FaqEntry]], encoders: Sequence[Encoder], folder: Path | None) -> None:
        self._encoders = {lang: trained_encoders(lang, encoders) for lang in LANGS}
        self._word_encoder = word_encoder(encoders)
        self._client = open_client(folder)
        self._kept = folder is not None
        self.rebuilt = 0
        self._indexes = {lang: self._indexes_of(lang, documents(entries)) for lang, entries in faq.items() if entries}
        words = vocabulary_documents(entry_words([entry for entries in faq.values() for entry in entries]))
        vocabulary = self._index("en", self._word_encoder, words, name="words")
        self._words = {word: rows[0] for word, rows in vocabulary.vectors("question").items()}

    def shelf(self, asked_in: str, written_in: str, entries: Sequence[FaqEntry]) -> _Shelf:
        """Return some topics of one language, ready for questions in another or the same."""
        asked_by = self._encoders[asked_in]
        bands = load_bands(pair(asked_in, written_in), tuple(encoder.name for encoder in asked_by))
        vectors = [AskedBy(index, by) for index, by in zip(self._indexes[written_in], asked_by, strict=True)]
        words = WordVectors(self._word_encoder, self._words)
        matcher = Matcher(entries, vectors, asked_in, bands.background, bands.topics, words)
        return _Shelf(matcher, Verbatim(entries), bands, asked_in)

    def _indexes_of(self, lang: str, found: Sequence[Document]) -> list[Index]:
        return [self._index(lang, encoder, found) for encoder in self._encoders[lang]]

    def _index(self, lang: str, encoder: Encoder, found: Sequence[Document], *, name: str = "faq") -> Index:
        index = Index(self._client, encoder, lang, name=name if self._kept else f"{name}-{fingerprint(found)[:12]}")
        self.rebuilt += index.ingest(found)
        return index


def _passage(entry: FaqEntry, score: float, asked_in: str) -> Passage:
    return Passage(
        id=entry.id,
        title=entry.title,
        answer=SafeText(entry.answer),
        score=round(score, 4),
        foreign=entry.lang != asked_in,
    )
